package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.connect.Unreadable;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Finds the messages of a {@link FolderWindow} that match one query. The server is only asked where it knows more: for
 * messages that it does not describe, and for words in the bodies of many messages.
 */
final class WindowSearch {
    /** Of more messages, the bodies are not fetched only to search them. */
    private static final int MAX_BODIES = 20;

    /** Attachments cannot be seen in the headers, so more messages are described than are wanted. */
    private static final int MIN_DESCRIBED = 20;

    private static final int MAX_DESCRIBED = 100;

    private final FolderWindow window;
    private final MailQuery query;
    private final QueryMatcher match;
    private final MailAssembler assembler;
    private final Unreadable unreadable;
    private final List<ReceivedMail> found = new ArrayList<>();
    /** The numbers of the messages that match according to the server; null if it has not been asked. */
    private Set<Integer> searched;

    private MailId checked;

    /** @param unreadable called for each message that may match but cannot be read */
    WindowSearch(FolderWindow window, MailQuery query, long maxBytes, Unreadable unreadable) {
        this.window = window;
        this.query = query;
        this.match = new QueryMatcher(query, window.rule());
        this.assembler = new MailAssembler(
                null,
                query,
                window.rule(),
                new ReadBudget(maxBytes),
                window.folder().time());
        this.unreadable = unreadable;
    }

    /** The messages found, also by a search that failed. */
    List<ReceivedMail> found() {
        return found;
    }

    /** The last message of which it is known whether it matches; null if there is none. */
    @CheckForNull
    MailId checked() {
        return checked;
    }

    /**
     * Searches in the order that the query asks for, until enough are found.
     *
     * @param mails in order of arrival
     */
    List<ReceivedMail> among(List<WindowMail> mails) throws MailFailure, InterruptedException {
        List<WindowMail> maybe = new ArrayList<>();
        for (WindowMail mail : mails) {
            window.folder().time().step();
            if (mayMatch(mail)) {
                maybe.add(mail);
            }
        }
        if (query.text() != null && maybe.size() > MAX_BODIES) {
            searchServer(mails);
            maybe.removeIf(mail -> !searched.contains(mail.number));
        }
        if (query.newestFirst()) {
            Collections.reverse(maybe);
        }
        for (int from = 0; from < maybe.size() && !isFull(); ) {
            int wanted = Math.max(query.limit() - found.size(), query.hasAttachment() ? MIN_DESCRIBED : 1);
            int to = Math.min(maybe.size(), from + Math.min(wanted, MAX_DESCRIBED));
            take(maybe.subList(from, to));
            from = to;
        }
        return found;
    }

    private boolean isFull() {
        return found.size() >= query.limit();
    }

    private boolean mayMatch(WindowMail mail) {
        return !mail.gone
                && match.time(mail.received)
                && match.flags(mail.isSeen())
                && (mail.headers == null || match.headers(mail.headers));
    }

    private void take(List<WindowMail> some) throws MailFailure, InterruptedException {
        if (!assembler.needsEnvelopesOnly()) {
            window.describe(some);
        }
        List<WindowMail> fitting = new ArrayList<>();
        for (WindowMail mail : some) {
            if (mail.parts == null || match.parts(mail.parts)) {
                fitting.add(mail);
            }
        }
        for (int from = 0; from < fitting.size() && !isFull(); ) {
            List<WindowMail> next =
                    fitting.subList(from, Math.min(fitting.size(), from + query.limit() - found.size()));
            if (query.needsBodies()) {
                next = next.subList(0, window.fetchTexts(next));
            }
            if (!query.headers().isEmpty()) {
                window.fetchHeaders(next, query.headers());
            }
            for (WindowMail mail : next) {
                ReceivedMail read = read(mail);
                checked = mail.id;
                if (read != null) {
                    found.add(read);
                }
            }
            from += next.size();
        }
    }

    /** Returns null for a message that does not match, no longer exists, or was reported as unreadable. */
    private ReceivedMail read(WindowMail mail) throws MailFailure, InterruptedException {
        if (assembler.needsEnvelopesOnly() && mail.headers != null) {
            ReceivedHeaders headers = mail.headersWith(query.headers());
            return assembler.envelope(mail.about(), headers == null ? mail.headers : headers);
        }
        if (mail.unreadable == null && !mail.onlyWhole) {
            try {
                return assembled(mail);
            } catch (IOException e) {
                if (e.getCause() instanceof MailFailure failure) {
                    throw failure;
                }
                // The server described parts that it does not return, so the message is fetched whole, as if it had not
                // described it.
                mail.onlyWhole = true;
            }
        }
        if (mail.unreadable == null && window.fetchWhole(mail)) {
            try {
                return match.headers(mail.headers) && match.parts(mail.parts) ? assembled(mail) : null;
            } catch (IOException e) {
                window.failed(mail, e);
            }
        }
        if (mail.unreadable != null && isFoundByServer(mail)) {
            unreadable.mail(mail.id, mail.unreadable);
        }
        return null;
    }

    private ReceivedMail assembled(WindowMail mail) throws IOException, MailFailure, InterruptedException {
        ReceivedHeaders more = mail.headersWith(query.headers());
        ReceivedHeaders headers = Objects.requireNonNull(more == null ? mail.headers : more);
        return assembler.mail(mail.about(), headers, Objects.requireNonNull(mail.parts));
    }

    private boolean isFoundByServer(WindowMail mail) throws MailFailure {
        if (searched == null) {
            searchServer(List.of(mail));
            boolean isFound = searched.contains(mail.number);
            searched = null;
            return isFound;
        }
        return searched.contains(mail.number);
    }

    private void searchServer(List<WindowMail> mails) throws MailFailure {
        long[] uids = mails.stream()
                .flatMap(mail -> ImapId.parse(mail.id.value()).stream())
                .mapToLong(ImapId::uid)
                .toArray();
        searched = new HashSet<>();
        MessageNumbers numbers = window.folder()
                .search(
                        uids.length == 0
                                ? ImapSearch.among(query)
                                : ImapSearch.between(query, uids[0], uids[uids.length - 1]));
        for (int number : numbers.some(0, numbers.size(), false)) {
            searched.add(number);
        }
    }
}
