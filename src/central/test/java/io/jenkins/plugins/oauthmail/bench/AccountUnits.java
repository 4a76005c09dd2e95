package io.jenkins.plugins.oauthmail.bench;

import com.cloudbees.plugins.credentials.CredentialsScope;
import io.jenkins.inmemory.InMemoryCredentials;
import io.jenkins.plugins.oauthmail.account.Authorization;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.ClientCertificate;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.manage.AccountState;
import io.jenkins.plugins.oauthmail.manage.AttentionMonitor;
import io.jenkins.plugins.oauthmail.manage.MailAccountsPage;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import io.jenkins.plugins.oauthmail.token.entra.Fixtures;
import io.jenkins.plugins.oauthmail.token.entra.SignIn;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** What Jenkins itself has to do for an account: a token that is still valid, the warning and the page of many accounts. */
final class AccountUnits {
    private static final double MICROSECOND = 1e3;
    private static final double MILLISECOND = 1e6;
    private static final int TOKENS = 200_000;
    private static final int PAGES = 200;

    private AccountUnits() {}

    /** A token as builds ask for it, with each kind of client authentication. */
    static void printTokens() throws Exception {
        try (JenkinsRig rig = JenkinsRig.defined()) {
            rig.authorizeAs(JenkinsRig.ADDRESS);
            rig.jenkins()
                    .credentials()
                    .add(InMemoryCredentials.certificate(
                            CredentialsScope.SYSTEM,
                            "certificate",
                            Fixtures.keyStore("certificate-only.p12"),
                            Fixtures.PASSPHRASE));
            rig.jenkins()
                    .credentials()
                    .add(InMemoryCredentials.sshKey(
                            CredentialsScope.SYSTEM,
                            "key",
                            List.of(Fixtures.text("rsa.openssh.encrypted.pem")),
                            Fixtures.PASSPHRASE));
            ClientCertificate certificate = new ClientCertificate("certificate");
            certificate.setKeyCredentialsId("key");
            token("secret", new ClientSecret("secret"), rig);
            token("certificate", certificate, rig);
        }
    }

    private static void token(String name, ClientAuthentication authentication, JenkinsRig rig) throws Exception {
        rig.define(authentication);
        TokenSource source = TokenSources.get().of(JenkinsRig.ACCOUNT, MailUse.SEND);
        System.out.printf("CPU\twarm token, %s\t%.1f µs%n", name, time(TOKENS, source::token) / MICROSECOND);
    }

    /** The warning on Manage Jenkins and what the page asks for, without rendering. */
    static void printPages(int count) throws Exception {
        try (JenkinsRig rig = JenkinsRig.defined()) {
            OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
            OAuthApplication application = configuration.getApplications().get(0);
            List<MailAccount> accounts = IntStream.range(0, count)
                    .mapToObj(i -> new MailAccount("account-" + i, "build" + i + "@contoso.test", application.getId()))
                    .toList();
            configuration.setAccounts(accounts);
            for (MailAccount account : accounts) {
                AuthorizationStore.get()
                        .put(new Authorization(
                                account,
                                application,
                                new SignIn("tenant", "object", account.getAddress(), "{}", Instant.now()),
                                application.scopesFor(account),
                                "admin",
                                Instant.now()));
            }
            AttentionMonitor monitor =
                    rig.jenkins().extensions(AttentionMonitor.class).get(0);
            MailAccountsPage page =
                    rig.jenkins().extensions(MailAccountsPage.class).get(0);
            System.out.printf(
                    "CPU\tmonitor, %d accounts\t%.1f ms%n", count, time(PAGES, monitor::isActivated) / MILLISECOND);
            System.out.printf("CPU\tpage, %d accounts\t%.1f ms%n", count, time(PAGES, () -> view(page)) / MILLISECOND);
        }
    }

    /** What the view asks for. */
    private static Object view(MailAccountsPage page) {
        List<AccountState> accounts = page.getAccounts();
        int shown = page.getApplications().size() + page.getOrphans().size();
        shown += page.setUp(accounts) == null ? 0 : 1;
        for (AccountState state : accounts) {
            for (int i = 0; i < 4; i++) {
                shown += state.getLastMailAt() == null ? 0 : 1;
            }
            shown += state.getText().length() + state.getIcon().length() + (state.isAuthorizationNeeded() ? 1 : 0);
        }
        return shown;
    }

    /** @return nanoseconds of CPU time, after as long a warm-up */
    private static double time(int times, Callable<?> work) throws Exception {
        for (int i = 0; i < times; i++) {
            work.call();
        }
        long begin = Cpu.ofThisThread();
        for (int i = 0; i < times; i++) {
            work.call();
        }
        return (Cpu.ofThisThread() - begin) / (double) times;
    }
}
