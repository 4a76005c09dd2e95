package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.Response;

/**
 * A change of messages. It uses UIDs, so it never affects a message other than those that were read. It can be
 * continued on another connection, and remembers what is already done. An OK from the server is not enough: the server
 * is also asked which messages are still there.
 */
public final class ImapChange {

    private static final int AT_ONCE = 300;

    private static final String SEEN = "\\Seen";

    /** RFC 4315 section 3: UIDs in the source folder and the destination folder, in the same order. */
    private static final Pattern COPYUID =
            Pattern.compile("\\[COPYUID \\d+ ([\\d:,]*) ([\\d:,]*)\\s*]", Pattern.CASE_INSENSITIVE);

    private static final Pattern PARTIAL = Pattern.compile("partially", Pattern.CASE_INSENSITIVE);

    private final MailChange change;
    private final Set<Long> all = new TreeSet<>();
    private final Set<Long> left = new TreeSet<>();
    /** Messages that were copied to the other folder, but not yet deleted here. */
    private final Set<Long> copied = new TreeSet<>();

    /** Messages that the server was told to move or delete, and may have moved or deleted without saying so. */
    private final Set<Long> told = new TreeSet<>();

    /** Messages that the server has marked as seen, or may have marked without saying so. */
    private final Set<Long> marked = new TreeSet<>();

    /** Whether it may have marked some without saying so. */
    private boolean markedUnsaid;

    private final Set<Long> gone = new LinkedHashSet<>();

    public ImapChange(long[] uids, MailChange change) {
        this.change = change;
        Arrays.stream(uids).forEach(all::add);
        left.addAll(all);
    }

    /** The messages that no longer existed. */
    public Set<Long> gone() {
        return gone;
    }

    /**
     * The messages that were changed, or may have been, or no longer exist. With others, these are also those that were
     * only marked as seen: who reads what is unseen would never find them again.
     */
    public Set<Long> changed() {
        Set<Long> changed = new TreeSet<>(all);
        changed.removeIf(uid -> left.contains(uid) && !told.contains(uid) && !gone.contains(uid));
        if (markedUnsaid || !changed.isEmpty()) {
            changed.addAll(marked);
        }
        return changed;
    }

    /** Does what remains to be done. */
    public void carryOut(ImapConnection connection, ImapFolder folder) throws MailFailure {
        Session session = new Session(connection, folder);
        if (change.moveTo() != null || change.delete()) {
            // After the login, Exchange does not send its capabilities unless asked.
            connection.capability();
        }
        if (change.seen() && change.moveTo() != null) {
            // What is marked, but cannot be moved, would not be found by those who read what is unseen.
            session.checkDestination();
        }
        while (!left.isEmpty()) {
            List<Long> some = left.stream().limit(AT_ONCE).toList();
            Set<Long> there = session.present(some);
            told.removeAll(there);
            for (Long uid : some) {
                if (!there.contains(uid) && !copied.contains(uid) && !told.contains(uid)) {
                    gone.add(uid);
                }
            }
            if (!there.isEmpty()) {
                session.carryOut(there);
            }
            left.removeAll(some);
        }
    }

    /** The commands on one connection. */
    private final class Session {
        private final ImapConnection connection;
        private final ImapFolder folder;

        Session(ImapConnection connection, ImapFolder folder) {
            this.connection = connection;
            this.folder = folder;
        }

        Set<Long> present(Collection<Long> uids) throws MailFailure {
            return folder.present(uids);
        }

        void carryOut(Set<Long> uids) throws MailFailure {
            if (change.seen()) {
                store(uids, SEEN);
            }
            if (change.moveTo() != null && connection.can("MOVE") && copied.isEmpty()) {
                move(uids);
            } else if (change.moveTo() != null) {
                copy(uids);
                remove(uids.stream().filter(copied::contains).toList());
            }
            if (change.delete()) {
                remove(uids);
            }
        }

        /**
         * MOVE (RFC 6851). A MOVE that fails may have moved some of the messages, so the server is asked which ones
         * remain.
         */
        private void move(Set<Long> uids) throws MailFailure {
            Set<Long> rest = uids;
            while (true) {
                ServerAnswer answer = ask("UID MOVE", rest, destination());
                boolean some = answer.ok() || answer.saysGone() || isPartial(answer);
                if (some || answer.kind() == ServerAnswer.Kind.ENDED) {
                    told.addAll(rest);
                }
                if (!some) {
                    throw notMoved(answer);
                }
                Set<Long> still = present(rest);
                told.removeAll(still);
                if (still.isEmpty()) {
                    return;
                }
                if (answer.ok() || still.size() == rest.size()) {
                    throw answer.ok() ? notRemoved(still) : notMoved(answer);
                }
                rest = still;
            }
        }

        /**
         * For servers without MOVE: COPY, STORE and EXPUNGE, as described in RFC 6851. A message is only deleted once
         * it is known to be copied.
         */
        private void copy(Set<Long> uids) throws MailFailure {
            Set<Long> rest = new TreeSet<>(uids);
            rest.removeAll(copied);
            while (!rest.isEmpty()) {
                ServerAnswer answer = ask("UID COPY", rest, destination());
                if (answer.kind() == ServerAnswer.Kind.ENDED) {
                    throw new MailFailure(
                            Layer.FOLDER,
                            Messages.ImapChange_copyUnknown(
                                    connection.endpoint(),
                                    QuotedText.clean(change.moveTo()),
                                    QuotedText.quoted(answer.said())));
                }
                Set<Long> confirmed = copied(answer);
                if (answer.ok() && confirmed == null && !connection.can("UIDPLUS")) {
                    copied.addAll(rest);
                    return;
                }
                if (confirmed != null) {
                    confirmed.retainAll(rest);
                    copied.addAll(confirmed);
                    rest.removeAll(confirmed);
                }
                Set<Long> still = rest.isEmpty() ? Set.of() : present(rest);
                if (still.isEmpty()) {
                    return;
                }
                if (answer.ok()) {
                    throw MailFailures.silent(
                            Layer.FOLDER,
                            Messages.ImapChange_notCopied(
                                    connection.endpoint(), QuotedText.clean(change.moveTo()), ids(still)));
                }
                if (!answer.saysGone() || still.size() == rest.size()) {
                    throw notMoved(answer);
                }
                rest = new TreeSet<>(still);
            }
        }

        /** The messages that the server confirms it has copied; null if it does not say. */
        private Set<Long> copied(ServerAnswer answer) throws MailFailure {
            Matcher matcher = COPYUID.matcher(answer.said());
            boolean found = matcher.find();
            for (Response response : answer.data()) {
                if (!found && response.isUnTagged() && response.isOK()) {
                    matcher = COPYUID.matcher(response.toString());
                    found = matcher.find();
                }
            }
            if (!found) {
                return null;
            }
            return folder.numbers(matcher.group(1));
        }

        private void remove(Collection<Long> uids) throws MailFailure {
            if (uids.isEmpty()) {
                return;
            }
            store(uids, "\\Deleted");
            if (!connection.can("UIDPLUS")) {
                // EXPUNGE would also remove messages that others have marked, so the messages just stay marked as
                // deleted.
                return;
            }
            // RFC 4315.
            ServerAnswer answer = ask("UID EXPUNGE", uids, new Argument());
            if (!answer.refused() || answer.saysGone()) {
                told.addAll(uids);
            }
            if (!answer.ok() && !answer.saysGone()) {
                throw refused(answer);
            }
            Set<Long> still = present(uids);
            told.removeAll(still);
            if (!still.isEmpty()) {
                throw notRemoved(still);
            }
        }

        void checkDestination() throws MailFailure {
            Argument arguments = destination();
            arguments.writeArgument(new Argument().writeAtom("UIDNEXT"));
            ServerAnswer answer = connection.ask("STATUS", arguments);
            if (!answer.ok()) {
                throw notMoved(answer);
            }
        }

        private void store(Collection<Long> uids, String flag) throws MailFailure {
            Argument arguments =
                    new Argument().writeAtom("+FLAGS.SILENT").writeArgument(new Argument().writeAtom(flag));
            ServerAnswer answer = ask("UID STORE", uids, arguments);
            if (flag.equals(SEEN) && (!answer.refused() || answer.saysGone())) {
                marked.addAll(uids);
                markedUnsaid |= answer.kind() == ServerAnswer.Kind.ENDED;
            }
            if (!answer.ok() && !answer.saysGone()) {
                throw refused(answer);
            }
        }

        private ServerAnswer ask(String command, Collection<Long> uids, Argument more) {
            connection.commit();
            Argument arguments = new Argument().writeAtom(set(uids));
            arguments.append(more);
            return connection.ask(command, arguments);
        }

        private Argument destination() {
            return connection.mailbox(change.moveTo());
        }

        private MailFailure refused(ServerAnswer answer) {
            return connection.failure(Layer.FOLDER, Messages.ImapChange_refused(connection.endpoint()), answer);
        }

        private MailFailure notMoved(ServerAnswer answer) {
            String folderName = QuotedText.clean(change.moveTo());
            String what = Messages.ImapChange_notMoved(connection.endpoint(), folderName);
            return isPartial(answer) || answer.saysGone()
                    ? connection.failure(Layer.FOLDER, what, answer)
                    : connection.missing(change.moveTo(), what, answer);
        }

        private MailFailure notRemoved(Set<Long> uids) {
            return MailFailures.silent(Layer.FOLDER, Messages.ImapChange_stillThere(connection.endpoint(), ids(uids)));
        }

        private String ids(Set<Long> uids) {
            String first = folder.id(0).toString();
            return first.substring(0, first.length() - 1) + set(uids);
        }
    }

    private static boolean isPartial(ServerAnswer answer) {
        return answer.refused() && PARTIAL.matcher(answer.said()).find();
    }

    private static String set(Collection<Long> uids) {
        return SequenceSet.set(uids.stream().mapToLong(Long::longValue).toArray());
    }
}
