package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.json.JsonOutput;
import hudson.XmlFile;
import hudson.model.Job;
import hudson.util.XStream2;
import io.jenkins.plugins.oauthmail.account.KilledWrites;
import io.jenkins.plugins.oauthmail.account.StateXml;
import io.jenkins.plugins.oauthmail.mail.model.FolderPosition;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/**
 * What a job has seen of a folder, and the mails whose builds have not begun yet; a file in the job's folder that is
 * replaced atomically. A mail is in here before its build is scheduled, and the place in the folder moves on in the same
 * moment: so no mail starts two builds, and one whose build got lost in a crash is still known.
 */
final class ArrivalJournal {
    private static final Map<Job<?, ?>, ArrivalJournal> OPEN = new WeakHashMap<>();

    /** Folders that were read in this life of the controller. Before that, nobody writes there. */
    private static final Map<Jenkins, Set<Path>> CLEAN = new WeakHashMap<>();

    /** As {@link #content} names them. */
    private static final Pattern CONTENT = Pattern.compile("\\d+-\\d+-[0-9a-f]{1,8}\\.json");

    private static final XStream2 XML = StateXml.of(
            new StateXml.Name("arrivals", State.class, List.of("trigger.ArrivalJournal$State")),
            new StateXml.Name("arrival", Entry.class, List.of("trigger.ArrivalJournal$Entry")));

    private final Path folder;
    private final XmlFile file;
    private State state;

    private ArrivalJournal(File jobFolder) {
        folder = jobFolder.toPath().resolve("oauth-mail");
        file = new XmlFile(XML, folder.resolve("trigger.xml").toFile());
    }

    /** The one of a job. */
    @NonNull
    static ArrivalJournal of(@NonNull Job<?, ?> job) {
        synchronized (OPEN) {
            ArrivalJournal journal = OPEN.get(job);
            if (journal == null || !journal.isIn(job.getRootDir())) {
                // Also when the job was renamed or moved, and its folder with it.
                journal = new ArrivalJournal(job.getRootDir());
                OPEN.put(job, journal);
            }
            return journal;
        }
    }

    private boolean isIn(File jobFolder) {
        return folder.startsWith(jobFolder.toPath());
    }

    /** Where to look on in a folder of an account; null if this job has not looked there yet. */
    @CheckForNull
    synchronized FolderPosition position(@NonNull String account, @NonNull String mailFolder) throws IOException {
        State known = state();
        return known.isOf(account, mailFolder) ? known.position() : null;
    }

    /**
     * Moves on, and records mails that builds are to be scheduled for.
     *
     * @param from the place from which was looked, null for none
     * @param to the place to look on from
     * @param mails those to start builds, with all that is known of each
     * @return whether it was done; if not, somebody else has looked from there meanwhile, and the mails are theirs
     */
    synchronized boolean move(
            @NonNull String account,
            @NonNull String mailFolder,
            @CheckForNull FolderPosition from,
            @NonNull FolderPosition to,
            @NonNull Map<ArrivedMail, ReceivedMail> mails)
            throws IOException {
        FolderPosition here = position(account, mailFolder);
        if (here == null ? from != null : !here.equals(from)) {
            return false;
        }
        if (to.equals(here) && mails.isEmpty()) {
            return true;
        }
        State next = state().copy();
        next.account = account;
        next.folder = mailFolder;
        next.position = to.value();
        Files.createDirectories(folder);
        for (Map.Entry<ArrivedMail, ReceivedMail> mail : mails.entrySet()) {
            Files.writeString(
                    content(mail.getKey()), JsonOutput.toJson(mail.getValue().toMap()));
            next.entries.put(mail.getKey().key(), new Entry(mail.getKey()));
        }
        save(next);
        return true;
    }

    /** Mails whose builds have not begun, lost ones left out. */
    @NonNull
    synchronized List<ArrivedMail> pending() throws IOException {
        return mails(false);
    }

    /** Mails whose builds were lost. */
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

    /** Whether a build for the mail is due that has not begun. */
    synchronized boolean isPending(@NonNull ArrivedMail mail) throws IOException {
        Entry entry = state().entries.get(mail.key());
        return entry != null && !entry.lost;
    }

    /** Notes that no build will come for the mail by itself. */
    synchronized void setLost(@NonNull String key) throws IOException {
        setLost(key, true);
    }

    /**
     * Takes a lost mail for one whose build is due once more. Of two who ask for it at the same time one gets it.
     *
     * @return the mail, or nothing if it is not lost
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
     * Notes that the build for a mail has begun, and moves what is known of the mail to the build.
     *
     * @param target file of the build
     */
    synchronized void begun(@NonNull ArrivedMail mail, @NonNull Path target) throws IOException {
        if (Files.exists(content(mail))) {
            Files.move(content(mail), target, StandardCopyOption.REPLACE_EXISTING);
        }
        forget(mail.key());
    }

    /** Forgets a mail; no build will begin for it. Does nothing if it is not known. */
    synchronized void forget(@NonNull String key) throws IOException {
        State next = state().copy();
        Entry entry = next.entries.remove(key);
        if (entry != null) {
            save(next);
            Files.deleteIfExists(content(entry.mail));
        }
    }

    private Path content(ArrivedMail mail) {
        // The id is two numbers with a colon between them; names of folders would need more care.
        return folder.resolve(mail.getId().replace(':', '-') + '-'
                + Integer.toHexString(mail.key().hashCode()) + ".json");
    }

    private State state() throws IOException {
        if (state == null) {
            Object read = file.exists() ? file.read() : new State();
            if (!(read instanceof State known) || !known.isWhole()) {
                throw new IOException(file + " does not hold what a mail trigger has written");
            }
            state = known;
            clean();
        }
        return state;
    }

    /** Deletes what a controller has left that was killed before it could note the mail. */
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

    /** What is in memory is never ahead of the disk. */
    private void save(State next) throws IOException {
        file.write(next);
        state = next;
    }

    private static final class State {
        private String account;
        private String folder;
        private String position;
        private Map<String, Entry> entries = new LinkedHashMap<>();

        /** With {@link #uid} the position in files of earlier versions; null in others. */
        private Long uidValidity;

        private Long uid;

        private Object readResolve() {
            if (account != null && position == null && uidValidity != null && uid != null) {
                position = uidValidity + ":" + uid;
            }
            uidValidity = null;
            uid = null;
            return this;
        }

        boolean isOf(String otherAccount, String otherFolder) {
            return otherAccount.equals(account) && otherFolder.equals(folder);
        }

        /** Jenkins passes over what it cannot read in a file, and leaves it out. */
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
            copy.entries.putAll(entries);
            return copy;
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
