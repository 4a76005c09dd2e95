package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ModelObject;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.mail.MailboxCheck;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The results of <i>Test</i>, layer by layer. Always tests the account as saved, since its token must not be sent to a
 * server from unsaved fields.
 */
@Restricted(NoExternalUse.class)
public final class TestPage implements ModelObject {
    private final MailAccount account;
    private final boolean message;
    private final List<MailboxCheck.Outcome> outcomes;

    private TestPage(MailAccount account, boolean message, List<MailboxCheck.Outcome> outcomes) {
        this.account = account;
        this.message = message;
        this.outcomes = outcomes;
    }

    /** Tests the account now, which can take a minute or two if its servers do not answer. */
    @NonNull
    static TestPage of(@NonNull MailAccount account) throws InterruptedException {
        return new TestPage(account, false, outcomes(account, MailboxCheck::run)).remembered();
    }

    /** Like {@link #of}, and sends a message to the account itself. */
    @NonNull
    static TestPage withMessage(@NonNull MailAccount account) throws InterruptedException {
        return new TestPage(account, true, outcomes(account, MailboxCheck::runWithMail)).remembered();
    }

    private static List<MailboxCheck.Outcome> outcomes(MailAccount account, Test test) throws InterruptedException {
        try {
            return test.of(new MailboxCheck(
                    Mailboxes.open(account, MailUse.SEND),
                    account.isReadable() ? Mailboxes.open(account, MailUse.READ) : null));
        } catch (TokenFailure failure) {
            return List.of(new MailboxCheck.Outcome(
                    MailboxCheck.Step.TOKEN,
                    0,
                    new MailFailure(MailFailure.Layer.TOKEN, failure.getMessage(), failure)));
        }
    }

    private interface Test {
        List<MailboxCheck.Outcome> of(MailboxCheck check) throws InterruptedException;
    }

    /** Records what works and what does not, so that the account's state is up to date. */
    private TestPage remembered() {
        for (MailboxCheck.Outcome outcome : outcomes) {
            switch (outcome.step()) {
                case SMTP_CONNECT, SMTP_TLS, SMTP_LOGIN, SEND ->
                    remember(MailUse.SEND, outcome, MailboxCheck.Step.SMTP_LOGIN);
                case IMAP_CONNECT, IMAP_TLS, IMAP_LOGIN, FOLDER ->
                    remember(MailUse.READ, outcome, MailboxCheck.Step.FOLDER);
                case ARRIVAL -> {
                    if (outcome.good()) {
                        AccountActivity.get().succeeded(account.getId(), MailUse.READ);
                    }
                }
                default -> {
                    // Token failures are recorded with the authorization.
                }
            }
        }
        return this;
    }

    private void remember(MailUse use, MailboxCheck.Outcome outcome, MailboxCheck.Step last) {
        MailFailure failure = outcome.failure();
        if (failure != null) {
            AccountActivity.get().failed(account.getId(), use, failure);
        } else if (outcome.step() == MailboxCheck.Step.SEND) {
            AccountActivity.get().succeeded(account.getId(), use);
        } else if (outcome.step() == last) {
            AccountActivity.get().works(account.getId(), use);
        }
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.TestPage_displayName(account.getId());
    }

    @NonNull
    public MailAccount getAccount() {
        return account;
    }

    @NonNull
    public List<Line> getLines() {
        return outcomes.stream().map(Line::new).toList();
    }

    /** The overall result in one sentence. */
    @NonNull
    public Notice getSummary() {
        return outcomes.stream()
                .filter(outcome -> !outcome.good())
                .findFirst()
                .map(failed -> Notice.problem(Messages.TestPage_failed(new Line(failed).getText())))
                .orElseGet(() -> Notice.success(
                        account.isReadable() ? Messages.TestPage_good() : Messages.TestPage_goodToSend()));
    }

    /** Whether sending a message to the account itself has not been tested yet. */
    public boolean isMessageLeft() {
        return !message && getSummary().good();
    }

    /** The result of one layer. Jelly needs getters, which the accessors of a record are not. */
    public static final class Line {
        private final MailboxCheck.Outcome outcome;

        Line(MailboxCheck.Outcome outcome) {
            this.outcome = outcome;
        }

        @NonNull
        public String getText() {
            return switch (outcome.step()) {
                case TOKEN -> Messages.TestPage_token();
                case SMTP_CONNECT -> Messages.TestPage_smtpConnect();
                case SMTP_TLS -> Messages.TestPage_smtpTls();
                case SMTP_LOGIN -> Messages.TestPage_smtpLogin();
                case IMAP_CONNECT -> Messages.TestPage_imapConnect();
                case IMAP_TLS -> Messages.TestPage_imapTls();
                case IMAP_LOGIN -> Messages.TestPage_imapLogin();
                case FOLDER -> Messages.TestPage_folder();
                case SEND -> Messages.TestPage_send();
                case ARRIVAL -> Messages.TestPage_arrival();
            };
        }

        public boolean isGood() {
            return outcome.good();
        }

        /** The failure and the fix; null if there is none. */
        public String getFailure() {
            MailFailure failure = outcome.failure();
            return failure == null ? null : failure.getMessage();
        }

        public long getMillis() {
            return outcome.millis();
        }
    }
}
