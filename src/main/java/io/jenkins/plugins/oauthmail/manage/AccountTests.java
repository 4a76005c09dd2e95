package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.oauthmail.config.AccountsListener;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The last test of each account, running or finished, until the account or its application is changed. */
@Extension
@Restricted(NoExternalUse.class)
public class AccountTests implements AccountsListener {
    private final Map<String, Known> tests = new HashMap<>();

    @NonNull
    static AccountTests get() {
        return ExtensionList.lookupSingleton(AccountTests.class);
    }

    /**
     * Starts a test, unless one is running already, which everybody then sees.
     *
     * @param mail whether to send a message to the account itself as well
     * @param user ID of the user who asked for it
     */
    @NonNull
    synchronized AccountTest start(@NonNull MailAccount account, boolean mail, @NonNull String user) {
        AccountTest running = find(account).filter(AccountTest::isRunning).orElse(null);
        if (running != null) {
            return running;
        }
        AccountTest test =
                new AccountTest(account, mail, user, Clock.systemUTC().instant());
        tests.put(account.getId(), new Known(test, settings(account)));
        test.start();
        return test;
    }

    /** The last test of the account with its present settings. */
    @NonNull
    synchronized Optional<AccountTest> find(@NonNull MailAccount account) {
        Known known = tests.get(account.getId());
        if (known == null || known.settings().equals(settings(account))) {
            return Optional.ofNullable(known).map(Known::test);
        }
        known.test().cancel();
        tests.remove(account.getId());
        return Optional.empty();
    }

    @Override
    public void authorized(@NonNull String accountId) {
        drop(accountId);
    }

    @Override
    public void forgotten(@NonNull String accountId) {
        drop(accountId);
    }

    /** What a test of another authorization found out no longer matters. */
    private synchronized void drop(String accountId) {
        Known known = tests.remove(accountId);
        if (known != null) {
            known.test().cancel();
        }
    }

    /** Each change replaces the definitions, so these are equal only if nothing was changed. */
    private static Settings settings(MailAccount account) {
        return new Settings(
                account,
                OAuthMailConfiguration.get()
                        .application(account.getApplication())
                        .orElse(null));
    }

    private record Settings(Object account, Object application) {}

    private record Known(AccountTest test, Settings settings) {}
}
