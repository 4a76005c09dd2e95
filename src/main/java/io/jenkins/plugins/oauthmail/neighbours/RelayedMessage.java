package io.jenkins.plugins.oauthmail.neighbours;

import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.account.MailSenders;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.FinishedMail;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.SendingStopped;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.subethamail.smtp.AuthenticationHandler;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.internal.io.BdatInputStream;

/**
 * One message at the relay. The reply to its content is given when the mail server has replied: 250 means that the mail
 * server has it, 4xx that it may be sent again, also because there was no reply, 5xx that it would be refused again.
 * Nothing is queued.
 */
final class RelayedMessage implements MessageHandler {
    private static final Logger LOGGER = Logger.getLogger(RelayedMessage.class.getName());
    private static final MailOrigin ORIGIN = MailOrigin.plugin(ActivitySource.RELAY);
    private static final long MEGABYTE = 1024 * 1024;

    /** For the content; a program on the same computer needs seconds. */
    private static final Duration MAX_TIME = Duration.ofMinutes(5);

    /** RFC 5321 section 4.5.3.1.5 limits a reply line to 512 bytes. */
    private static final int MAX_REPLY = 480;

    private final MessageContext context;
    private final InFlight inFlight;
    private final BiPredicate<MessageContext, String> isStillPassword;
    private final List<String> recipients = new ArrayList<>();
    private boolean inHand;

    /** @param isStillPassword whether the program logged in with this password */
    RelayedMessage(MessageContext context, InFlight inFlight, BiPredicate<MessageContext, String> isStillPassword) {
        this.context = context;
        this.inFlight = inFlight;
        this.isStillPassword = isStillPassword;
    }

    /** The account is the sender in any case. */
    @Override
    public void from(String from) {
        recipients.clear();
    }

    @Override
    public void recipient(String recipient) throws RejectException {
        try {
            recipients.add(Addresses.bare(recipient));
        } catch (MailFailure e) {
            throw refusal(553, e.getMessage());
        }
    }

    @Override
    public String data(InputStream content) throws RejectException, IOException {
        if (content instanceof BdatInputStream) {
            // It does not tell a chunk that was cut off from one that is complete.
            throw new DropConnectionException(502, "5.5.1 BDAT is not supported; use DATA");
        }
        if (!inFlight.begin()) {
            throw new DropConnectionException(421, "4.3.2 " + Messages.RelayServer_ending());
        }
        inHand = true;
        boolean sent = false;
        Path file = null;
        try {
            file = Files.createTempFile("oauth-mail-", ".eml");
            receive(content, file, account().getMaximumMegabytes());
            MailAccount account = loggedIn();
            String reply = send(account, file);
            sent = true;
            return reply;
        } finally {
            if (!sent) {
                release();
            }
            delete(file);
        }
    }

    /** A file that stays must not make a message look unsent that was sent, or the program would send it again. */
    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot delete " + file);
        }
    }

    private void release() {
        if (inHand) {
            inHand = false;
            inFlight.done();
        }
    }

    /** The account of the login, which may have been removed since. */
    private MailAccount account() throws DropConnectionException {
        String id = context.getAuthenticationHandler()
                .map(AuthenticationHandler::getIdentity)
                .map(Object::toString)
                .orElse(null);
        return OAuthMailConfiguration.get().account(id).orElseThrow(() -> noAccount(id));
    }

    /**
     * The same, unless it was taken from the relay, or its password changed since. This is asked once the content has been
     * read, which would be taken for commands if the connection were kept without reading it.
     */
    private MailAccount loggedIn() throws RejectException {
        MailAccount account = account();
        boolean isLoggedIn;
        try {
            isLoggedIn = account.relayPassword()
                    .filter(password -> isStillPassword.test(context, password))
                    .isPresent();
        } catch (TokenFailure e) {
            throw refusal(454, e.getMessage());
        }
        if (!isLoggedIn) {
            throw noAccount(account.getId());
        }
        return account;
    }

    private static DropConnectionException noAccount(String id) {
        return new DropConnectionException(554, "5.7.8 " + ascii(Messages.RelayedMessage_noAccount(id)));
    }

    private static void receive(InputStream content, Path file, int megabytes) throws IOException, RejectException {
        long limit = megabytes * MEGABYTE;
        long end = System.nanoTime() + MAX_TIME.toNanos();
        long size = 0;
        byte[] buffer = new byte[8192];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                size += n;
                if (size <= limit) {
                    out.write(buffer, 0, n);
                }
                // Within reason, the rest is read so that the program sees the reply.
                if (size > 2 * limit) {
                    throw new DropConnectionException(552, "5.3.4 " + tooLarge(megabytes));
                }
                if (System.nanoTime() - end > 0) {
                    throw new DropConnectionException(
                            451, "4.4.2 " + Messages.RelayedMessage_tooSlow(MAX_TIME.toMinutes()));
                }
            }
        }
        if (size > limit) {
            throw refusal(552, tooLarge(megabytes));
        }
    }

    private static String tooLarge(int megabytes) {
        return Messages.RelayedMessage_tooLarge(Integer.toString(megabytes));
    }

    private String send(MailAccount account, Path file) throws RejectException {
        String id = account.getId();
        try {
            MailSender sender = MailSenders.get().of(account);
            FinishedMail mail = new FinishedMail(recipients, file, account.senders());
            SentMail sent = AccountActivity.get()
                    .watch(id, MailUse.SEND, () -> sender.relay(mail, notice -> LOGGER.log(Level.FINE, notice)));
            ORIGIN.sent(account, "", sent, Duration.ZERO);
            if (sent.refused().isEmpty() && sent.uncertain().isEmpty()) {
                return "2.0.0 Sent by the mail server of account " + id;
            }
            List<String> missed = new ArrayList<>(sent.refused());
            missed.addAll(sent.uncertain());
            String refused = Messages.RelayedMessage_refused(id, String.join(", ", missed));
            LOGGER.log(Level.WARNING, refused);
            return ascii("2.0.0 " + refused);
        } catch (TokenFailure e) {
            throw refusal(454, e.getMessage());
        } catch (MailFailure e) {
            ORIGIN.notSent(account, "", recipients, e, Duration.ZERO);
            throw refusal(e.mayPass() || e.fateUnknown() ? 451 : 554, e.getMessage());
        } catch (InterruptedException e) {
            if (e instanceof SendingStopped stopped) {
                ORIGIN.stopped(account, "", stopped, Duration.ZERO);
            }
            Thread.currentThread().interrupt();
            throw refusal(451, Messages.RelayServer_ending());
        }
    }

    private static RejectException refusal(int code, String sentence) {
        return new RejectException(code, ascii(code / 100 + ".0.0 " + sentence));
    }

    private static String ascii(String text) {
        String line = OneLine.of(text).replaceAll("[^\\x20-\\x7e]", "?");
        return line.substring(0, Math.min(line.length(), MAX_REPLY));
    }

    /** After the reply: until then, a message that was sent must not end with a lost connection. */
    @Override
    public void done() {
        release();
    }
}
