package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.account.FailureText;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.jobs.MailOrigin;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck.Outcome;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck.Step;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One run of <i>Test</i>, layer by layer, on a thread of its own, as servers that do not answer take a minute or two.
 * Always tests the account as saved, since its token must not be sent to a server from unsaved fields.
 */
@Restricted(NoExternalUse.class)
public final class AccountTest {
    private static final Logger LOGGER = Logger.getLogger(AccountTest.class.getName());

    private enum Progress {
        RUNNING,
        FINISHED,
        CANCELLED,
        /** It broke off for a reason that is in the log. */
        BROKEN
    }

    private final MailAccount account;
    private final boolean mail;
    private final String user;
    private final Instant begin;
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile Progress progress = Progress.RUNNING;

    /**
     * @param mail whether to send a message to the account itself as well
     * @param user ID of the user who pressed <i>Test</i>
     */
    AccountTest(@NonNull MailAccount account, boolean mail, @NonNull String user, @NonNull Instant now) {
        this.account = account;
        this.mail = mail;
        this.user = user;
        this.begin = now;
        this.thread = new Thread(this::run, "oauth-mail test of " + account.getId());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the test; what has been found out so far is kept. */
    synchronized void cancel() {
        if (progress == Progress.RUNNING) {
            progress = Progress.CANCELLED;
            thread.interrupt();
        }
    }

    private void run() {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            MailboxCheck check = new MailboxCheck(
                    Mailboxes.open(account, MailUse.SEND),
                    account.isReadable() ? Mailboxes.open(account, MailUse.READ) : null);
            if (mail) {
                check.runWithMail(this::finished);
            } else {
                check.run(this::finished);
            }
            end(Progress.FINISHED);
        } catch (TokenFailure failure) {
            finished(new Outcome(
                    Step.TOKEN, 0, new MailFailure(MailFailure.Layer.TOKEN, failure.getMessage(), failure)));
            end(Progress.FINISHED);
        } catch (InterruptedException e) {
            LOGGER.log(Level.FINE, e, () -> "The test of mail account " + account.getId() + " was cancelled");
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOGGER.log(Level.WARNING, e, () -> "The test of mail account " + account.getId() + " failed");
        } finally {
            end(Progress.BROKEN);
        }
    }

    private synchronized void end(Progress how) {
        if (progress == Progress.RUNNING) {
            progress = how;
        }
    }

    /** Records what works and what does not, so that the account's state is up to date. */
    private synchronized void finished(Outcome outcome) {
        if (progress != Progress.RUNNING) {
            return;
        }
        outcomes.add(outcome);
        if (outcome.step() == Step.SEND) {
            recordMail(outcome.failure());
        }
        switch (outcome.step()) {
            case TOKEN -> {
                // The failures of a delegated account are recorded with its authorization.
                if (!outcome.good() && account.getGrant() == Grant.APPLICATION) {
                    record(MailUse.SEND, outcome, Step.SMTP_LOGIN);
                }
            }
            case GRAPH_CONNECT, GRAPH_LOGIN -> record(MailUse.SEND, outcome, Step.GRAPH_LOGIN);
            case GRAPH_FOLDER -> record(MailUse.READ, outcome, Step.GRAPH_FOLDER);
            case SMTP_CONNECT, SMTP_TLS, SMTP_LOGIN, SEND -> record(MailUse.SEND, outcome, Step.SMTP_LOGIN);
            case IMAP_CONNECT, IMAP_TLS, IMAP_LOGIN, FOLDER -> record(MailUse.READ, outcome, Step.FOLDER);
            case ARRIVAL -> {
                if (outcome.good()) {
                    AccountActivity.get().succeeded(account.getId(), MailUse.READ);
                }
            }
            default -> throw new IllegalStateException(outcome.step().name());
        }
    }

    private void recordMail(@CheckForNull MailFailure failure) {
        MailOrigin origin = MailOrigin.plugin(ActivitySource.TEST);
        if (failure == null) {
            origin.sentTo(account, account.getAddress());
        } else {
            origin.notSentTo(account, account.getAddress(), failure);
        }
    }

    private void record(MailUse use, Outcome outcome, Step last) {
        MailFailure failure = outcome.failure();
        if (failure != null) {
            AccountActivity.get().failed(account.getId(), use, failure);
        } else if (outcome.step() == Step.SEND) {
            AccountActivity.get().succeeded(account.getId(), use);
        } else if (outcome.step() == last) {
            AccountActivity.get().works(account.getId(), use);
        }
    }

    @NonNull
    public MailAccount getAccount() {
        return account;
    }

    public boolean isRunning() {
        return progress == Progress.RUNNING;
    }

    public boolean isCancelled() {
        return progress == Progress.CANCELLED;
    }

    /** ID of the user who pressed <i>Test</i>. */
    @NonNull
    public String getUser() {
        return user;
    }

    @NonNull
    public Date getBegin() {
        return Date.from(begin);
    }

    /** The layers tested so far. */
    @NonNull
    public List<Line> getLines() {
        return outcomes.stream().map(Line::new).toList();
    }

    /** The overall result in one sentence; null while it is running. */
    @CheckForNull
    public Notice getSummary() {
        if (isRunning()) {
            return null;
        }
        Outcome failed =
                outcomes.stream().filter(outcome -> !outcome.good()).findFirst().orElse(null);
        if (failed != null) {
            return Notice.problem(Messages.AccountTest_failed(text(failed.step())));
        }
        if (isCancelled()) {
            return Notice.problem(Messages.AccountTest_cancelled());
        }
        if (progress == Progress.BROKEN) {
            return Notice.problem(Messages.AccountTest_broken());
        }
        return Notice.success(account.isReadable() ? Messages.AccountTest_good() : Messages.AccountTest_goodToSend());
    }

    /** Whether sending a message to the account itself has not been tested yet. */
    public boolean isMailLeft() {
        Notice summary = getSummary();
        return !mail && summary != null && summary.good();
    }

    private static String text(Step step) {
        return switch (step) {
            case TOKEN -> Messages.AccountTest_token();
            case SMTP_CONNECT -> Messages.AccountTest_smtpConnect();
            case SMTP_TLS -> Messages.AccountTest_smtpTls();
            case SMTP_LOGIN -> Messages.AccountTest_smtpLogin();
            case IMAP_CONNECT -> Messages.AccountTest_imapConnect();
            case IMAP_TLS -> Messages.AccountTest_imapTls();
            case IMAP_LOGIN -> Messages.AccountTest_imapLogin();
            case FOLDER -> Messages.AccountTest_folder();
            case GRAPH_CONNECT -> Messages.AccountTest_graphConnect();
            case GRAPH_LOGIN -> Messages.AccountTest_graphLogin();
            case GRAPH_FOLDER -> Messages.AccountTest_graphFolder();
            case SEND -> Messages.AccountTest_send();
            case ARRIVAL -> Messages.AccountTest_arrival();
        };
    }

    /** The result of one layer. Jelly needs getters, which the accessors of a record are not. */
    public static final class Line {
        private final Outcome outcome;

        Line(Outcome outcome) {
            this.outcome = outcome;
        }

        @NonNull
        public String getText() {
            return text(outcome.step());
        }

        public boolean isGood() {
            return outcome.good();
        }

        /** The failure and the fix; null if there is none. */
        @CheckForNull
        public String getFailure() {
            MailFailure failure = outcome.failure();
            return failure == null ? null : failure.getMessage();
        }

        /** The same for a page. */
        @CheckForNull
        public FailureText getReason() {
            return FailureText.ofNullable(getFailure());
        }

        public long getMillis() {
            return outcome.millis();
        }
    }
}
