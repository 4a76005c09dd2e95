package io.jenkins.plugins.oauthmail.config;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The password of an account at the relay: a Secret text credential, or the password of a user name and password. */
final class RelayPassword {
    private RelayPassword() {}

    /** @throws TokenFailure if there is no such credential, it is empty, or it cannot be read at the moment */
    @NonNull
    static String of(@NonNull String credentialsId) throws TokenFailure {
        StandardCredentials credential =
                SystemCredentials.find(type(credentialsId), credentialsId, Messages.RelayPassword_role());
        String password = SystemCredentials.held(
                credentialsId,
                () -> credential instanceof StringCredentials text
                        ? text.getSecret().getPlainText()
                        : ((StandardUsernamePasswordCredentials) credential)
                                .getPassword()
                                .getPlainText());
        if (password.isEmpty()) {
            throw new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, Messages.ClientSecret_empty(credentialsId));
        }
        return password;
    }

    /** The credential as drop-down lists show it to administrators; its ID to others, or if it does not exist. */
    @NonNull
    static String name(@NonNull String credentialsId) {
        return options(null).stream()
                .filter(option -> credentialsId.equals(option.value))
                .map(option -> option.name)
                .findFirst()
                .orElse(credentialsId);
    }

    /** Without client secrets, which nobody means to give to the programs that use the relay. */
    @NonNull
    static ListBoxModel options(@CheckForNull String current) {
        ListBoxModel items = SystemCredentials.optionsOrNone(StringCredentials.class, current);
        for (ListBoxModel.Option option :
                SystemCredentials.options(StandardUsernamePasswordCredentials.class, current)) {
            if (items.stream().noneMatch(item -> item.value.equals(option.value))) {
                items.add(option);
            }
        }
        items.removeIf(item -> !item.value.equals(current) && isClientSecret(item.value));
        return items;
    }

    private static boolean isClientSecret(String credentialsId) {
        return OAuthMailConfiguration.get().getApplications().stream()
                .map(OAuthApplication::getClientAuthentication)
                .anyMatch(authentication -> authentication instanceof ClientSecret secret
                        && secret.getCredentialsId().equals(credentialsId));
    }

    @NonNull
    static FormValidation check(@CheckForNull String credentialsId) {
        if (credentialsId != null && isClientSecret(credentialsId)) {
            return FormValidation.error(Messages.RelayPassword_clientSecret());
        }
        try {
            return SystemCredentials.check(type(credentialsId), credentialsId);
        } catch (TokenFailure unavailable) {
            return FormValidation.error(unavailable.getMessage());
        }
    }

    private static Class<? extends StandardCredentials> type(String credentialsId) throws TokenFailure {
        return SystemCredentials.has(StringCredentials.class, credentialsId)
                ? StringCredentials.class
                : StandardUsernamePasswordCredentials.class;
    }
}
