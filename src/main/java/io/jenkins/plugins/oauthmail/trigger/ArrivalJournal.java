package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.json.JsonOutput;
import hudson.XmlFile;
import hudson.model.Job;
import hudson.util.XStream2;
import io.jenkins.plugins.oauthmail.account.KilledWrites;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/**
 * A job's position in a mail folder, and the messages whose builds have not started yet; a file in the job's directory
 * that is replaced atomically. A message is recorded before its build is scheduled, together with the new position in
 * the folder. So no message starts two builds, and a message whose build was lost in a crash is still known.
 */
final class ArrivalJournal {
    private static final Map<Job<?, ?>, ArrivalJournal> OPEN = new WeakHashMap<>();

    /**
     * Directories that were already cleaned up since the controller started. Before that, nothing is written to them.
     */
    private static final Map<Jenkins, Set<Path>> CLEAN = new WeakHashMap<>();

    /** Names of the files with the content of messages, also those of earlier versions. */
    private static final Pattern CONTENT = Pattern.compile("([0-9a-f-]{36}|\\d+-\\d+-[0-9a-f]{1,8})\\.json");

    /** The only form of message IDs that earlier versions knew. */
    private static final Pattern EARLIER_ID = Pattern.compile("\\d+:\\d+");

    private static final XStream2 XML = StoredXml.of(
            new StoredXml.Name("arrivals", State.class, "trigger.ArrivalJournal$State"),
            new StoredXml.Name("arrival", Entry.class, "trigger.ArrivalJournal$Entry"),
            new StoredXml.Name("lastMail", LastMail.class));

    private final Path folder;
    private final XmlFile file;
    private State state;

    private ArrivalJournal(File jobFolder) {
        folder = jobFolder.toPath().resolve("oauth-mail");
        file = new XmlFile(XML, folder.resolve("trigger.xml").toFile());
    }

    /** How many messages are remembered after their builds have started. */
    private static final int MAX_KNOWN = 1000;

    /** The same while more are being read, which may be listed again from the first one on. */
    private static final int MAX_KNOWN_OF_MANY = 50_000;

    /** The journal of a job. */
    @NonNull
    static ArrivalJournal of(@NonNull Job<?, ?> job) {
        synchronized (OPEN) {
            ArrivalJournal journal = OPEN.get(job);
            if (journal == null || !journal.isIn(job.getRootDir())) {
                // Also after the job and its directory were renamed or moved.
                journal = new ArrivalJournal(job.getRootDir());
                OPEN.put(job, journal);
            }
            return journal;
        }
    }

    private boolean isIn(File jobFolder) {
        return folder.startsWith(jobFolder.toPath());
    }

    /** The position to resume from in a folder of an account; null if the job has not read the folder yet. */
    @CheckForNull
    synchronized FolderPosition position(@NonNull String account, @NonNull String mailFolder) throws IOException {
        State known = state();
        return known.isOf(account, mailFolder) ? known.position() : null;
    }

    /**
     * Since when a mailbox has to be read again if its position is of no use any more; null if that is unknown, or the
     * position is of another mailbox.
     */
    @CheckForNull
    synchronized Instant read(@NonNull String account, @NonNull String mailbox, @NonNull String mailFolder)
            throws IOException {
        State known = state();
        return known.isOf(account, mailFolder) && mailbox.equalsIgnoreCase(known.mailbox) && known.read > 0
                ? Instant.ofEpochMilli(known.read)
                : null;
    }

    /**
     * Stores a new position and records the messages to schedule builds for.
     *
     * @param mails the messages that are to start builds, with their content
     * @return whether it was stored; if not, the position has changed meanwhile, and whoever changed it handles the
     *     messages
     */
    synchronized boolean move(@NonNull Progress progress, @NonNull Map<ArrivedMail, ReceivedMail> mails)
            throws IOException {
        FolderPosition here = position(progress.account(), progress.folder());
        if (!Objects.equals(here, progress.from())) {
            return false;
        }
        boolean isTimed = progress.more() || state().read > 0;
        if (progress.to().equals(here) && mails.isEmpty() && isTimed) {
            return true;
        }
        State next = state().copy();
        if (!next.isOf(progress.account(), progress.folder())
                || !progress.mailbox().equalsIgnoreCase(next.mailbox)) {
            next.read = 0;
        }
        next.account = progress.account();
        next.mailbox = progress.mailbox();
        next.folder = progress.folder();
        next.position = progress.to().value();
        // Whatever is behind this position may be older than it.
        next.read = progress.more() ? next.read : progress.begun().toEpochMilli();
        next.last = progress.last() == null ? next.last : progress.last();
        Files.createDirectories(folder);
        for (Map.Entry<ArrivedMail, ReceivedMail> mail : mails.entrySet()) {
            Files.writeString(
                    content(mail.getKey()), JsonOutput.toJson(mail.getValue().toMap()));
            next.entries.put(mail.getKey().key(), new Entry(mail.getKey()));
            next.know(mail.getKey().fingerprint());
        }
        next.forgetSome(progress.more() ? MAX_KNOWN_OF_MANY : MAX_KNOWN);
        save(next);
        return true;
    }

    /** What arrives until a position is stored again is not new. */
    synchronized void forgetPosition() throws IOException {
        if (state().account != null) {
            State next = state().copy();
            next.account = null;
            next.folder = null;
            next.position = null;
            next.mailbox = null;
            next.read = 0;
            next.last = null;
            save(next);
        }
    }

    /** The last message that was looked at in this folder; null for none. */
    @CheckForNull
    synchronized LastMail last(@NonNull String account, @NonNull String mailFolder) throws IOException {
        State known = state();
        return known.isOf(account, mailFolder) && known.last != null && known.last.isWhole() ? known.last : null;
    }

    /** Whether the message was recorded before, under another ID. */
    synchronized boolean isKnown(@NonNull ArrivedMail mail) throws IOException {
        String fingerprint = mail.fingerprint();
        return fingerprint != null && state().known.contains(fingerprint);
    }

    /** Messages whose builds have not started, except lost ones. */
    @NonNull
    synchronized List<ArrivedMail> pending() throws IOException {
        return mails(false);
    }

    /** Messages whose builds were lost. */
    @NonNull
    synchronized List<ArrivedMail> lost() throws IOException {
        return mails(true);
    }

    private List<ArrivedMail> mails(boolean lost) throws IOException {
        List<ArrivedMail> mails = new ArrayList<>();
        for (Entry entry : state().entries.values()) {
            if (entry.lost == lost) {
                mails.add(entry.mail);
            }
        }
        return mails;
    }

    /** Whether a build for the message is due and has not started. */
    synchronized boolean isPending(@NonNull ArrivedMail mail) throws IOException {
        Entry entry = state().entries.get(mail.key());
        return entry != null && !entry.lost;
    }

    /** Marks a message as lost: no build will start for it automatically. */
    synchronized void setLost(@NonNull String key) throws IOException {
        setLost(key, true);
    }

    /**
     * Marks a lost message as due again. If requested twice at the same time, only one request succeeds.
     *
     * @return the message; empty if it is not lost
     */
    @NonNull
    synchronized Optional<ArrivedMail> takeBack(@CheckForNull String key) throws IOException {
        Entry entry = state().entries.get(key);
        if (entry == null || !entry.lost) {
            return Optional.empty();
        }
        setLost(key, false);
        return Optional.of(entry.mail);
    }

    private void setLost(String key, boolean lost) throws IOException {
        State next = state().copy();
        Entry entry = next.entries.get(key);
        if (entry != null && entry.lost != lost) {
            next.entries.put(key, new Entry(entry.mail, lost));
            save(next);
        }
    }

    /**
     * Records that the build for a message has started, and moves the message's content to the build.
     *
     * @param target file in the build's directory
     */
    synchronized void begun(@NonNull ArrivedMail mail, @NonNull Path target) throws IOException {
        if (Files.exists(content(mail))) {
            Files.move(content(mail), target, StandardCopyOption.REPLACE_EXISTING);
        }
        forget(mail.key());
    }

    /** Removes a message; no build will start for it. Does nothing if it is unknown. */
    synchronized void forget(@NonNull String key) throws IOException {
        State next = state().copy();
        Entry entry = next.entries.remove(key);
        if (entry != null) {
            save(next);
            Files.deleteIfExists(content(entry.mail));
        }
    }

    /** The file with the content of a message. IDs and names of mail folders are not safe in file names. */
    private Path content(ArrivedMail mail) {
        if (EARLIER_ID.matcher(mail.getId()).matches()) {
            Path earlier = folder.resolve(mail.getId().replace(':', '-') + '-'
                    + Integer.toHexString(mail.key().hashCode()) + ".json");
            if (Files.exists(earlier)) {
                return earlier;
            }
        }
        return folder.resolve(UUID.nameUUIDFromBytes(mail.key().getBytes(StandardCharsets.UTF_8)) + ".json");
    }

    private State state() throws IOException {
        if (state == null) {
            Object read = file.exists() ? file.read() : new State();
            if (!(read instanceof State known) || !known.isWhole()) {
                throw new IOException(file + " is not a valid journal of a mail trigger");
            }
            state = known;
            clean();
        }
        return state;
    }

    /** Deletes files of a controller that was killed before it could record the message. */
    private void clean() {
        synchronized (CLEAN) {
            if (!CLEAN.computeIfAbsent(Jenkins.get(), life -> new HashSet<>()).add(folder)) {
                return;
            }
        }
        Set<String> known = new HashSet<>();
        state.entries
                .values()
                .forEach(entry -> known.add(String.valueOf(content(entry.mail).getFileName())));
        KilledWrites.delete(folder, name -> CONTENT.matcher(name).matches() && !known.contains(name));
    }

    /** Writes the file before changing the state in memory, which is never ahead of the disk. */
    private void save(State next) throws IOException {
        file.write(next);
        state = next;
    }

    private static final class State {
        private String account;
        private String folder;
        private String position;

        /** The address of the account, and since when not everything has been read; not in earlier files. */
        private String mailbox;

        private long read;
        private Map<String, Entry> entries = new LinkedHashMap<>();

        /** Fingerprints of messages that have started builds, oldest first; missing in files of earlier versions. */
        private List<String> known = new ArrayList<>();

        /** Null for none, also in files of earlier versions. */
        private LastMail last;

        /** With {@link #uid} the position in files of earlier versions; null in others. */
        private Long uidValidity;

        private Long uid;

        private Object readResolve() {
            if (account != null && position == null && uidValidity != null && uid != null) {
                position = uidValidity + ":" + uid;
            }
            uidValidity = null;
            uid = null;
            if (known == null) {
                known = new ArrayList<>();
            }
            return this;
        }

        boolean isOf(String otherAccount, String otherFolder) {
            return otherAccount.equals(account) && otherFolder.equals(folder);
        }

        /** Jenkins skips parts of a file that it cannot read, so fields may be missing. */
        boolean isWhole() {
            return entries != null
                    && (account == null || position != null)
                    && entries.values().stream()
                            .allMatch(entry -> entry != null && entry.mail != null && entry.mail.isWhole());
        }

        FolderPosition position() {
            return new FolderPosition(position);
        }

        State copy() {
            State copy = new State();
            copy.account = account;
            copy.folder = folder;
            copy.position = position;
            copy.mailbox = mailbox;
            copy.read = read;
            copy.last = last;
            copy.entries.putAll(entries);
            copy.known.addAll(known);
            return copy;
        }

        void know(@CheckForNull String fingerprint) {
            if (fingerprint != null && !known.contains(fingerprint)) {
                known.add(fingerprint);
            }
        }

        void forgetSome(int most) {
            if (known.size() > most) {
                known.subList(0, known.size() - most).clear();
            }
        }
    }

    private static final class Entry {
        private final ArrivedMail mail;
        private final boolean lost;

        Entry(ArrivedMail mail) {
            this(mail, false);
        }

        Entry(ArrivedMail mail, boolean lost) {
            this.mail = mail;
            this.lost = lost;
        }
    }
}
