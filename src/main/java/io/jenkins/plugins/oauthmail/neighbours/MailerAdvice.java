package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.oauthmail.account.AccountAdvice;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds settings of Mailer with which it cannot send with an account that has a password at the relay. */
@Extension
@Restricted(NoExternalUse.class)
public final class MailerAdvice implements AccountAdvice.Source {
    private static final String DESCRIPTOR = "hudson.tasks.Mailer";
    private static final String NAME = "Mailer";
    private static final String DEFAULT_PORT = "25";
    private static final Set<String> THIS_COMPUTER = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    /** The settings of Mailer; a null user means that it does not log in. */
    private record Settings(
            @CheckForNull String host,
            @NonNull String port,
            @CheckForNull String user,
            boolean encrypted) {
        static Settings of(Bean plugin) {
            return new Settings(
                    plugin.text("getSmtpHost"),
                    Objects.requireNonNullElse(plugin.text("getSmtpPort"), DEFAULT_PORT),
                    plugin.bean("getAuthentication")
                            .map(authentication -> authentication.text("getUsername"))
                            .orElse(null),
                    plugin.is("getUseSsl") || plugin.is("getUseTls"));
        }
    }

    @NonNull
    @Override
    public List<AccountAdvice> advice() {
        List<MailAccount> accounts = OAuthMailConfiguration.get().getAccounts().stream()
                .filter(account -> account.getRelayCredentialsId() != null)
                .toList();
        return Bean.of(DESCRIPTOR)
                .map(plugin -> advice(Settings.of(plugin), accounts))
                .orElse(List.of());
    }

    private static List<AccountAdvice> advice(Settings settings, List<MailAccount> accounts) {
        Integer configured = OAuthMailConfiguration.get().getRelayPort();
        String relay = configured == null ? null : Integer.toString(configured);
        String host = settings.host();
        if (host != null && !THIS_COMPUTER.contains(host)) {
            return accounts.stream()
                    .filter(account -> host.equalsIgnoreCase(server(account)))
                    .limit(1)
                    .map(account -> new AccountAdvice(account.getId(), noOAuth(account.getId(), host, relay)))
                    .toList();
        }
        if (host == null) {
            return relay == null
                    ? List.of()
                    : accounts.stream()
                            .limit(1)
                            .map(account -> new AccountAdvice(
                                    account.getId(), Messages.MailerAdvice_noServer(account.getId(), relay)))
                            .toList();
        }
        MailAccount user = accounts.stream()
                .filter(account -> account.getId().equals(settings.user()))
                .findFirst()
                .orElse(null);
        if (relay == null || !relay.equals(settings.port()) || host.contains("::")) {
            // Without the user name of an account, it may be another mail server on this computer.
            return user == null && !settings.port().equals(relay)
                    ? List.of()
                    : List.of(elsewhere(settings, user == null ? null : user.getId(), relay));
        }
        List<AccountAdvice> advice = new ArrayList<>();
        if (settings.user() == null) {
            advice.add(new AccountAdvice(null, Messages.MailerAdvice_noLogin(relay)));
        } else if (user == null) {
            advice.add(new AccountAdvice(null, Messages.MailerAdvice_otherUser(settings.user())));
        } else {
            String sender = SystemAdmin.problem(NAME, user);
            if (sender != null) {
                advice.add(new AccountAdvice(user.getId(), sender));
            }
        }
        if (settings.encrypted()) {
            advice.add(new AccountAdvice(user == null ? null : user.getId(), Messages.MailerAdvice_encrypted()));
        }
        return advice;
    }

    private static AccountAdvice elsewhere(Settings settings, @CheckForNull String id, @CheckForNull String relay) {
        return new AccountAdvice(
                id,
                relay == null
                        ? Messages.MailerAdvice_relayOff(id)
                        : Messages.MailerAdvice_otherPort(settings.host(), settings.port(), relay));
    }

    private static String noOAuth(String id, String host, @CheckForNull String relay) {
        return relay == null
                ? Messages.MailerAdvice_noOAuthRelayOff(id, host)
                : Messages.MailerAdvice_noOAuth(id, host, relay);
    }

    @CheckForNull
    private static String server(MailAccount account) {
        return Mailboxes.find(account).map(mailbox -> mailbox.smtp().host()).orElse(null);
    }
}
