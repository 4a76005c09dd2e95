package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.oauthmail.account.AccountAdvice;
import io.jenkins.plugins.oauthmail.account.Mailboxes;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.config.Transport;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds settings of Email Extension with which it cannot send with an account that is offered to it. */
@Extension
@Restricted(NoExternalUse.class)
public final class EmailExtensionAdvice implements AccountAdvice.Source {
    private static final String NAME = "Email Extension";

    @NonNull
    @Override
    public List<AccountAdvice> advice() {
        List<EmailExtensionSettings> all = EmailExtensionSettings.all();
        List<AccountAdvice> advice = new ArrayList<>();
        for (EmailExtensionSettings settings : all) {
            if (settings.accountId() != null) {
                ofChosen(settings, advice);
            }
        }
        if (all.stream().map(EmailExtensionSettings::accountId).allMatch(Objects::isNull)) {
            all.stream()
                    .filter(EmailExtensionSettings::first)
                    .findFirst()
                    .flatMap(this::ofUnused)
                    .ifPresent(advice::add);
        }
        return advice;
    }

    /** What is wrong with settings that have the credential of an account. */
    private void ofChosen(EmailExtensionSettings settings, List<AccountAdvice> advice) {
        String id = settings.accountId();
        MailAccount account = OAuthMailConfiguration.get().account(id).orElse(null);
        if (account == null) {
            advice.add(new AccountAdvice(null, Messages.EmailExtensionAdvice_noAccount(settings.credentials())));
        } else if (!account.isOtherPluginsMaySend()) {
            advice.add(new AccountAdvice(id, Messages.EmailExtensionAdvice_notOffered(id)));
        } else if (account.getTransport() == Transport.GRAPH) {
            advice.add(new AccountAdvice(id, Messages.EmailExtensionAdvice_graph(id)));
        } else {
            Stream.of(
                            server(account).map(smtp -> connection(settings, id, smtp)),
                            unsafe(settings, id),
                            Optional.ofNullable(settings.oauth() ? null : Messages.EmailExtensionAdvice_noOAuth(id)),
                            Optional.ofNullable(settings.first() ? SystemAdmin.problem(NAME, account) : null))
                    .flatMap(Optional::stream)
                    .map(sentence -> new AccountAdvice(id, sentence))
                    .forEach(advice::add);
        }
    }

    private static Optional<String> unsafe(EmailExtensionSettings settings, String id) {
        return Optional.ofNullable(settings.unsafeProperty())
                .map(property -> Messages.EmailExtensionAdvice_unsafe(id, property));
    }

    @CheckForNull
    private static String connection(EmailExtensionSettings settings, String id, Endpoint smtp) {
        String port = Integer.toString(smtp.port());
        if (settings.host() == null) {
            return Messages.EmailExtensionAdvice_noServer(id, smtp.host(), port);
        }
        if (!smtp.host().equalsIgnoreCase(settings.host()) || !port.equals(settings.port())) {
            return Messages.EmailExtensionAdvice_otherServer(
                    id, smtp.host(), port, settings.host(), Objects.toString(settings.port(), "25"));
        }
        if (settings.encrypted() || smtp.security() == Security.NONE) {
            return null;
        }
        return smtp.security() == Security.TLS
                ? Messages.EmailExtensionAdvice_noSsl(id)
                : Messages.EmailExtensionAdvice_noTls(id);
    }

    /** The reason why no account is used, unless the administrator chose another server or way to log in. */
    private Optional<AccountAdvice> ofUnused(EmailExtensionSettings settings) {
        for (MailAccount account : OAuthMailConfiguration.get().getAccounts()) {
            Endpoint smtp = isOffered(account) ? server(account).orElse(null) : null;
            if (smtp == null) {
                continue;
            }
            String id = account.getId();
            if (settings.host() == null) {
                return Optional.of(new AccountAdvice(
                        id, Messages.EmailExtensionAdvice_noServer(id, smtp.host(), Integer.toString(smtp.port()))));
            }
            boolean another = settings.credentials() != null && settings.oauth();
            if (smtp.host().equalsIgnoreCase(settings.host()) && !another) {
                return Optional.of(new AccountAdvice(id, Messages.EmailExtensionAdvice_noCredentials(id, smtp.host())));
            }
        }
        return Optional.empty();
    }

    /** Tokens for Microsoft Graph are good for no SMTP server. */
    private static boolean isOffered(MailAccount account) {
        return account.isOtherPluginsMaySend() && account.getTransport() != Transport.GRAPH;
    }

    /** The account's SMTP server; empty if it has no application. */
    private static Optional<Endpoint> server(MailAccount account) {
        return Mailboxes.find(account).map(Mailbox::smtp);
    }
}
