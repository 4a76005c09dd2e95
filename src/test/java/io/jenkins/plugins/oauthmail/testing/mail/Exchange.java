package io.jenkins.plugins.oauthmail.testing.mail;

import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** What a fake server has of Exchange Online, for both protocols; may be changed while it runs. */
public final class Exchange {

    /** Folders of what was never sent to this mailbox, of which no header of the Internet is stored. */
    private static final Set<String> WITHOUT_HEADER = Set.of("Sent Items", "Drafts", "Gesendete Elemente", "Entwürfe");

    private final Set<ExchangeTrait> traits = Collections.synchronizedSet(EnumSet.noneOf(ExchangeTrait.class));
    private final BiFunction<String, String, MailFolder> folders;
    /** Mails by mailbox, folder and UID. */
    private final Set<List<Object>> unconvertible = ConcurrentHashMap.newKeySet();

    private final Set<List<Object>> hidden = ConcurrentHashMap.newKeySet();
    private final Set<List<Object>> vanished = ConcurrentHashMap.newKeySet();
    private final Set<List<Object>> withoutHeader = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> connected = new ConcurrentHashMap<>();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile Duration silenceOfStrangers = Duration.ofMinutes(1);
    private volatile Duration silence = Duration.ofMinutes(30);
    private volatile int connections = Integer.MAX_VALUE;
    private volatile String tooMany = "";
    private volatile int recipients = 500;
    private volatile String blocked;
    private volatile boolean cutAll;
    private volatile boolean idleTooLong;

    Exchange(BiFunction<String, String, MailFolder> folders) {
        this.folders = folders;
    }

    /** Has these traits from now on, and the others as before. */
    @NonNull
    public Exchange with(@NonNull ExchangeTrait... more) {
        traits.addAll(Arrays.asList(more));
        return this;
    }

    /** As {@link #with(ExchangeTrait...)}. */
    @NonNull
    public Exchange with(@NonNull Collection<ExchangeTrait> more) {
        traits.addAll(more);
        return this;
    }

    /** Has these traits no more. */
    @NonNull
    public Exchange without(@NonNull ExchangeTrait... fewer) {
        Arrays.asList(fewer).forEach(traits::remove);
        return this;
    }

    boolean has(ExchangeTrait trait) {
        return traits.contains(trait);
    }

    boolean hasAny(ExchangeTrait... some) {
        return Arrays.stream(some).anyMatch(traits::contains);
    }

    /**
     * The server cannot convert a mail: it gives neither its content nor its structure.
     *
     * @param index from 0, the oldest
     * @param hides whether it does not give its UID and flags either
     */
    public void unconvertible(@NonNull String user, @NonNull String folder, int index, boolean hides) {
        List<Object> mail = key(user, folder, index);
        unconvertible.add(mail);
        if (hides) {
            hidden.add(mail);
        }
    }

    /** Another client has taken a mail away, which is told to those only who fetch it. */
    public void vanished(@NonNull String user, @NonNull String folder, int index) {
        vanished.add(key(user, folder, index));
    }

    /** A mail has no stored header of the Internet, as if it had not come by SMTP. */
    public void withoutHeader(@NonNull String user, @NonNull String folder, int index) {
        withoutHeader.add(key(user, folder, index));
    }

    /**
     * How long clients may say nothing.
     *
     * @param strangers before the login
     * @param users after it
     */
    public void silence(@NonNull Duration strangers, @NonNull Duration users) {
        silenceOfStrangers = strangers;
        silence = users;
    }

    /** How long a client may say nothing; zero for ever. */
    @NonNull
    Duration silence(boolean loggedIn) {
        return !has(ExchangeTrait.CLOSES_SILENT_CONNECTIONS) ? Duration.ZERO : loggedIn ? silence : silenceOfStrangers;
    }

    /**
     * Has one more login refused by IMAP while a mailbox has so many connections. Nobody has published the words.
     *
     * @param most the number of connections
     * @param reply as in {@link Script#reply(String, String)}
     */
    public void connections(int most, @NonNull String reply) {
        tooMany = reply;
        connections = most;
    }

    /** A client has logged in; returns the words that refuse it, or null. */
    @CheckForNull
    String enter(@NonNull String user) {
        int number = connected.merge(user, 1, Integer::sum);
        return has(ExchangeTrait.LIMITS_CONNECTIONS) && number > connections ? tooMany : null;
    }

    void leave(@NonNull String user) {
        connected.merge(user, -1, Integer::sum);
    }

    void fault() {
        faults.incrementAndGet();
    }

    /** How many commands of IMAP were faulty so far. */
    public int faults() {
        return faults.get();
    }

    /** Puts off these next mails, in each of the ways that it has. */
    public void busy(int mails) {
        busy.set(mails);
    }

    /** The words with which it puts a mail off, or null. */
    @CheckForNull
    String later() {
        if (!has(ExchangeTrait.DEFERS_MESSAGES) || busy.get() <= 0) {
            return null;
        }
        return ExchangeSays.LATER.get(busy.decrementAndGet() % ExchangeSays.LATER.size());
    }

    /** Refuses each mail when its content is there, such as with one of {@link ExchangeSays#BLOCKED}; null for none. */
    public void blocked(@CheckForNull String reply) {
        blocked = reply;
    }

    @CheckForNull
    String blocked() {
        return has(ExchangeTrait.BLOCKS_SENDERS) ? blocked : null;
    }

    /** Whether searches in bodies are cut short even where SINCE or UID narrows them. */
    public void cutAll(boolean all) {
        cutAll = all;
    }

    boolean cutsAll() {
        return cutAll;
    }

    /** Takes no more than these for one mail. */
    public void recipients(int most) {
        recipients = most;
    }

    int recipients() {
        return has(ExchangeTrait.LIMITS_RECIPIENTS) ? recipients : Integer.MAX_VALUE;
    }

    /** Whether SMTP connections that wait for the next mail have waited for too long. */
    public void idleTooLong(boolean passed) {
        idleTooLong = passed;
    }

    boolean idleTooLong() {
        return idleTooLong && has(ExchangeTrait.CLOSES_IDLE_SMTP_CONNECTIONS);
    }

    private List<Object> key(String user, String folder, int index) {
        return key(user, folder, folders.apply(user, folder).getMessages().get(index));
    }

    private static List<Object> key(String user, String folder, StoredMessage mail) {
        return List.of(user, folder, mail.getUid());
    }

    boolean isUnconvertible(String user, String folder, StoredMessage mail) {
        return unconvertible.contains(key(user, folder, mail));
    }

    boolean isHidden(String user, String folder, StoredMessage mail) {
        return hidden.contains(key(user, folder, mail));
    }

    boolean isVanished(String user, String folder, StoredMessage mail) {
        return vanished.contains(key(user, folder, mail));
    }

    boolean hasHeader(String user, String folder, StoredMessage mail) {
        return !WITHOUT_HEADER.contains(folder) && !withoutHeader.contains(key(user, folder, mail));
    }

    /** The mails of a folder, oldest first; none if there is no such folder. */
    @NonNull
    List<StoredMessage> mails(@NonNull String user, @CheckForNull String folder) {
        return folder == null ? List.of() : folders.apply(user, folder).getMessages();
    }
}
