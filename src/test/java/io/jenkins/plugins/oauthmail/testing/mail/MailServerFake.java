package io.jenkins.plugins.oauthmail.testing.mail;

import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.imap.commands.IdRange;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * An SMTP and IMAP server on free loopback ports that accepts only XOAUTH2 logins with a currently valid
 * token. GreenMail keeps the mail; in front of it stands a gate of our own that speaks TLS, one-step and two-step
 * logins, refuses like Dovecot or like Exchange, misbehaves as told ({@link Script}, {@link ServerTraits}) and
 * remembers what it heard. Certificates are those of {@link io.jenkins.plugins.oauthmail.testing.TestCa}.
 *
 * <pre>{@code
 * try (MailServerFake server = new MailServerFake()) {
 *     server.accept("build@example.com", token);
 *     new Mailbox("build@example.com", server.smtp(Security.STARTTLS), server.imap(Security.TLS), tokens, 0);
 * }
 * }</pre>
 */
public final class MailServerFake implements AutoCloseable {

    /** What the gate tells GreenMail, which nobody else can reach through the gate. */
    static final String PASSWORD = "between gate and GreenMail";

    private final ServerKind kind;
    private final GreenMail greenMail;
    private final Exchange exchange = new Exchange(this::folder);
    private final Gate smtp;
    private final Gate imap;
    private GraphFake graph;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private volatile BiPredicate<String, String> check = (user, token) -> token.equals(tokens.get(user));
    private volatile Runnable changed = () -> {};
    private volatile BiPredicate<String, String> graphCheck = (user, token) -> check.test(user, token);

    /** Starts one of the kind that {@link OnBothServers} is about to test, else a plain one; nobody may log in yet. */
    public MailServerFake() {
        this(ServerKind.current());
    }

    /** Starts it; nobody may log in yet. */
    public MailServerFake(@NonNull ServerKind kind) {
        this.kind = kind;
        greenMail = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP)
        });
        greenMail.start();
        BiPredicate<String, String> now = (user, token) -> check.test(user, token);
        smtp = new Gate(
                "SMTP",
                greenMail.getSmtp().getPort(),
                (gate, client) -> new SmtpSession(gate, client).run(),
                now,
                exchange);
        imap = new Gate(
                "IMAP",
                greenMail.getImap().getPort(),
                (gate, client) -> new ImapSession(gate, client).run(),
                now,
                exchange);
        if (kind == ServerKind.EXCHANGE) {
            exchange.with(ExchangeTrait.usual());
            smtp.traits().size(157_286_400).chunking(true);
        }
    }

    /** What it was started as. */
    @NonNull
    public ServerKind kind() {
        return kind;
    }

    /** What this has of Exchange Online. */
    @NonNull
    public Exchange exchange() {
        return exchange;
    }

    /**
     * Makes the mailbox if there is none, and this token the only one that opens it.
     *
     * @param user address
     * @param token from now on; an older one is refused
     */
    public void accept(@NonNull String user, @NonNull String token) {
        mailbox(user);
        tokens.put(user, token);
    }

    /**
     * Decides by itself which tokens are good, such as by asking a token server; {@link #accept(String, String)} then
     * only makes mailboxes.
     *
     * @param good user and token
     */
    public void accept(@NonNull BiPredicate<String, String> good) {
        check = good;
    }

    /** As {@link #accept(BiPredicate)}, for Microsoft Graph only, whose tokens are good for nothing else. */
    public void acceptByGraph(@NonNull BiPredicate<String, String> good) {
        graphCheck = good;
    }

    /**
     * Makes a mailbox that nobody may open yet.
     *
     * @param user address
     */
    public void mailbox(@NonNull String user) {
        greenMail.setUser(user, user, PASSWORD);
    }

    /**
     * Where SMTP is spoken; the port opens with the first call.
     *
     * @param security how that port begins
     */
    @NonNull
    public Endpoint smtp(@NonNull Security security) {
        return smtp.endpoint(security);
    }

    /**
     * Where IMAP is spoken; the port opens with the first call.
     *
     * @param security how that port begins
     */
    @NonNull
    public Endpoint imap(@NonNull Security security) {
        return imap.endpoint(security);
    }

    /** What SMTP does out of the ordinary. */
    @NonNull
    public Script smtpScript() {
        return smtp.script();
    }

    /** What IMAP does out of the ordinary. */
    @NonNull
    public Script imapScript() {
        return imap.script();
    }

    /** What SMTP claims to be. */
    @NonNull
    public ServerTraits smtpTraits() {
        return smtp.traits();
    }

    /** Has this see to everything that new SMTP connections hear and say; null for nothing. */
    public void tamperWithSmtp(@CheckForNull Tampering tampering) {
        smtp.tamper(tampering);
    }

    /** As {@link #tamperWithSmtp}, for IMAP. */
    public void tamperWithImap(@CheckForNull Tampering tampering) {
        imap.tamper(tampering);
    }

    /**
     * Waits until no client is served any more, by SMTP or by IMAP.
     *
     * @param most how long at most, for each of the two
     * @return whether all have gone
     */
    public boolean quiet(@NonNull Duration most) throws InterruptedException {
        return smtp.quiet(most) && imap.quiet(most);
    }

    /** Calls this whenever mail was delivered, except by SMTP, or is no longer what it was. */
    public void onChange(@NonNull Runnable after) {
        changed = after;
    }

    void changed() {
        changed.run();
    }

    /** Closes all connections. */
    public void drop() {
        smtp.drop();
        imap.drop();
    }

    /** Throws all mails away. */
    public void empty() {
        try {
            greenMail.purgeEmailFromAllMailboxes();
        } catch (FolderException e) {
            throw new IllegalStateException(e);
        }
        synchronized (this) {
            if (graph != null) {
                graph.forgetUploads();
            }
        }
    }

    /** What IMAP claims to be. */
    @NonNull
    public ServerTraits imapTraits() {
        return imap.traits();
    }

    /** Every line that SMTP clients sent, the content of mails and what was inside TLS handshakes excepted. */
    @NonNull
    public List<String> smtpHeard() {
        return smtp.heard();
    }

    /** Every line that IMAP clients sent. */
    @NonNull
    public List<String> imapHeard() {
        return imap.heard();
    }

    /** How many octets of mails have come in by SMTP, those of unfinished mails included. */
    public long smtpContent() {
        return smtp.content().get();
    }

    /** How often somebody connected to SMTP. */
    public int smtpConnections() {
        return smtp.connections().get();
    }

    /** How often somebody connected to IMAP. */
    public int imapConnections() {
        return imap.connections().get();
    }

    /** How many SMTP clients are connected. */
    public int smtpClients() {
        return smtp.clients();
    }

    /** How many IMAP clients are connected. */
    public int imapClients() {
        return imap.clients();
    }

    /** How many IMAP clients idle. */
    public int idling() {
        return imap.idling().size();
    }

    /**
     * Sends BYE to all idling IMAP clients, which stop idling when they notice.
     *
     * @param bye what they are told, such as {@code * BYE Session invalidated - AccessTokenExpired}
     */
    public void endIdling(@NonNull String bye) {
        for (Wire client : imap.idling()) {
            try {
                client.say(bye);
            } catch (IOException e) {
                throw new IllegalStateException("the client has gone by itself", e);
            }
        }
    }

    /**
     * Whether a token reached the server, in clear or within an XOAUTH2 response, refused or not.
     *
     * @param token to look for
     */
    public boolean heardToken(@NonNull String token) {
        List<String> lines = new ArrayList<>(smtp.heard());
        lines.addAll(imap.heard());
        for (String line : lines) {
            for (String word : line.split(" ")) {
                if (word.contains(token) || TokenCheck.decoded(word).contains(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Puts a mail into a folder as if it had just come.
     *
     * @param user whose mailbox
     * @param folder made if it does not exist
     * @param raw the mail, lines ending with CR LF or LF
     * @param received INTERNALDATE
     * @param flags set on it
     */
    public void deliver(
            @NonNull String user,
            @NonNull String folder,
            @NonNull byte[] raw,
            @NonNull Instant received,
            @NonNull Flags flags) {
        try {
            byte[] kept = exchange.has(ExchangeTrait.REWRITES_MESSAGES) ? ExchangeMime.anew(raw) : raw;
            MimeMessage message =
                    new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(kept));
            synchronized (imap.changing()) {
                folder(user, folder).appendMessage(message, flags, Date.from(received));
            }
            changed.run();
        } catch (MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Puts a mail into the inbox as if it had just come.
     *
     * @param user whose mailbox
     * @param raw the mail in UTF-8
     */
    public void deliver(@NonNull String user, @NonNull String raw) {
        deliver(user, "INBOX", raw.getBytes(StandardCharsets.UTF_8), Instant.now(), new Flags());
    }

    /**
     * Has a mail be edited, or filed by a rule: the same mail has a new UID, and the old one is there no more.
     *
     * @param user whose mailbox
     * @param folder where
     * @param index from 0, the oldest
     */
    public void revise(@NonNull String user, @NonNull String folder, int index) {
        MailFolder where = folder(user, folder);
        StoredMessage old = where.getMessages().get(index);
        try {
            MimeMessage copy = new MimeMessage(old.getMimeMessage());
            Flags flags = new Flags(old.getFlags());
            synchronized (imap.changing()) {
                where.appendMessage(copy, flags, old.getReceivedDate());
                old.setFlag(Flags.Flag.DELETED, true);
                where.expunge(new IdRange[] {new IdRange(old.getUid())});
            }
            changed.run();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Marks a mail as not seen.
     *
     * @param user whose mailbox
     * @param folder where
     * @param index from 0, the oldest
     */
    public void unsee(@NonNull String user, @NonNull String folder, int index) {
        synchronized (imap.changing()) {
            folder(user, folder).getMessages().get(index).setFlag(Flags.Flag.SEEN, false);
        }
        changed.run();
    }

    /**
     * Makes a folder if there is none.
     *
     * @param user whose mailbox
     * @param folder name, {@code .} between levels
     */
    public void makeFolder(@NonNull String user, @NonNull String folder) {
        folder(user, folder);
    }

    /**
     * The mails in a folder, oldest first.
     *
     * @param user whose mailbox
     * @param folder name
     */
    @NonNull
    public List<MimeMessage> mails(@NonNull String user, @NonNull String folder) {
        List<MimeMessage> mails = new ArrayList<>();
        folder(user, folder).getMessages().forEach(stored -> mails.add(stored.getMimeMessage()));
        return mails;
    }

    /**
     * The flags of the mails in a folder, oldest first.
     *
     * @param user whose mailbox
     * @param folder name
     */
    @NonNull
    public List<Flags> flags(@NonNull String user, @NonNull String folder) {
        List<Flags> flags = new ArrayList<>();
        folder(user, folder).getMessages().forEach(stored -> flags.add(stored.getFlags()));
        return flags;
    }

    /** Microsoft Graph for these mailboxes; starts with the first call. */
    @NonNull
    public synchronized GraphFake graph() {
        if (graph == null) {
            graph = new GraphFake(this, (user, token) -> graphCheck.test(user, token));
            if (kind != ServerKind.PLAIN) {
                graph.with(GraphTrait.usual());
            }
        }
        return graph;
    }

    /** The full names of all folders of a mailbox. */
    List<String> folderNames(String user) {
        try {
            String inbox = folder(user, "INBOX").getFullName();
            String prefix = inbox.substring(0, inbox.length() - "INBOX".length());
            GreenMailUser owner = greenMail.getUserManager().getUserByEmail(user);
            return greenMail.getManagers().getImapHostManager().listMailboxes(owner, "*").stream()
                    .map(MailFolder::getFullName)
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .toList();
        } catch (FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    MailFolder folder(String user, String name) {
        try {
            GreenMailUser owner = greenMail.getUserManager().getUserByEmail(user);
            if (owner == null) {
                owner = greenMail.getUserManager().createUser(user, user, PASSWORD);
            }
            ImapHostManager host = greenMail.getManagers().getImapHostManager();
            if (name.equals("INBOX")) {
                return host.getInbox(owner);
            }
            MailFolder folder = host.getFolder(owner, name);
            return folder == null ? host.createMailbox(owner, name) : folder;
        } catch (FolderException | UserException | AuthorizationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public synchronized void close() {
        if (graph != null) {
            graph.close();
        }
        smtp.close();
        imap.close();
        greenMail.stop();
    }
}
