package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The way from an installed plugin to the first account that works, shown until there is one.
 *
 * @param steps all steps in order, finished or not
 */
@Restricted(NoExternalUse.class)
public record SetUp(@NonNull List<Step> steps) {

    private static final String ENTRA = "https://entra.microsoft.com/";

    /** @return null if an account works, so that nothing is left to do */
    @CheckForNull
    static SetUp of(@NonNull List<OAuthApplication> applications, @NonNull List<AccountState> accounts) {
        if (accounts.stream().anyMatch(state -> state.level() == AccountState.Level.WORKING)) {
            return null;
        }
        AccountState authorized = accounts.stream()
                .filter(state -> state.level() != AccountState.Level.NOT_AUTHORIZED)
                .findFirst()
                .orElse(null);
        AccountState first = authorized == null && !accounts.isEmpty() ? accounts.get(0) : authorized;
        String account = first == null ? null : AccountPage.path(first.account().getId());
        boolean hasUrl = OAuthMailConfiguration.get().redirectUri() != null;
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(
                Messages.SetUp_url(),
                Messages.SetUp_urlDetail(),
                hasUrl,
                "manage/configure",
                Messages.SetUp_urlAction()));
        steps.add(new Step(
                Messages.SetUp_registration(),
                Messages.SetUp_registrationDetail(),
                !applications.isEmpty(),
                ENTRA,
                Messages.SetUp_registrationAction()));
        steps.add(new Step(
                Messages.SetUp_credential(),
                Messages.SetUp_credentialDetail(),
                applications.isEmpty()
                        ? ClientAuthentication.isSystemCredentialStored()
                        : applications.stream().anyMatch(SetUp::hasCredential),
                "manage/credentials/store/system/domain/_/",
                Messages.SetUp_credentialAction()));
        steps.add(new Step(
                Messages.SetUp_application(),
                Messages.SetUp_applicationDetail(),
                !applications.isEmpty(),
                MailAccountsPage.PATH + "newApplication/",
                Messages.SetUp_applicationAction()));
        steps.add(new Step(
                Messages.SetUp_account(),
                Messages.SetUp_accountDetail(),
                !accounts.isEmpty(),
                applications.isEmpty() ? null : MailAccountsPage.PATH + "newAccount/",
                Messages.SetUp_accountAction()));
        steps.add(new Step(
                Messages.SetUp_authorize(),
                Messages.SetUp_authorizeDetail(),
                authorized != null,
                account,
                Messages.SetUp_openAccount()));
        steps.add(new Step(
                Messages.SetUp_test(), Messages.SetUp_testDetail(), false, account, Messages.SetUp_openAccount()));
        return new SetUp(List.copyOf(steps));
    }

    private static boolean hasCredential(OAuthApplication application) {
        try {
            application.getClientAuthentication().resolve();
            return true;
        } catch (TokenFailure unusable) {
            return false;
        }
    }

    // Jelly needs getters, which the accessors of a record are not.

    @NonNull
    public List<Step> getSteps() {
        return steps;
    }

    /** The first step that is not finished; null if all are. */
    @CheckForNull
    public Step getNext() {
        return steps.stream().filter(step -> !step.done()).findFirst().orElse(null);
    }

    /**
     * The step whose button is offered first; null if none is left. It is not the registration once a secret is stored,
     * although only the application says for certain that something is registered.
     */
    @CheckForNull
    public Step getOffered() {
        Step next = getNext();
        return next != null
                        && next.isElsewhere()
                        && steps.get(steps.indexOf(next) + 1).done()
                ? steps.stream()
                        .filter(step -> !step.done() && step != next)
                        .findFirst()
                        .orElse(next)
                : next;
    }

    /**
     * One step.
     *
     * @param title what is to be done
     * @param detail how
     * @param done whether it is finished
     * @param path the page to do it on, relative to the context path, or a URL outside of Jenkins; null if it is too early
     * @param action the text of the link to that page; null if there is none
     */
    public record Step(
            @NonNull String title,
            @NonNull String detail,
            boolean done,
            @CheckForNull String path,
            @CheckForNull String action) {
        @NonNull
        public String getTitle() {
            return title;
        }

        @NonNull
        public String getDetail() {
            return detail;
        }

        public boolean isDone() {
            return done;
        }

        @CheckForNull
        public String getPath() {
            return path;
        }

        /** Whether it is done outside of Jenkins. */
        public boolean isElsewhere() {
            return ENTRA.equals(path);
        }

        @CheckForNull
        public String getAction() {
            return action;
        }
    }
}
