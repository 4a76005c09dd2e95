package io.jenkins.plugins.oauthmail.neighbours;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One account in the system configuration of Email Extension.
 *
 * @param first whether it is the one that is used unless a job's From names another
 * @param advanced the <i>Advanced Email Properties</i>, which override everything else
 */
record EmailExtensionSettings(
        boolean first,
        @CheckForNull String host,
        @CheckForNull String port,
        @CheckForNull String credentials,
        boolean oauth,
        boolean encrypted,
        @CheckForNull String advanced) {
    private static final String DESCRIPTOR = "hudson.plugins.emailext.ExtendedEmailPublisher";

    /** Properties of Jakarta Mail that decide which computer gets the token, or who can read it on the way or in a log. */
    private static final Pattern UNSAFE = Pattern.compile(
            "mail\\.(.*\\.)?(host|port|class)"
                    + "|mail\\..*\\.(proxy|socks|socketFactory)\\..*"
                    + "|mail\\..*\\.ssl\\.(trust|checkserveridentity|socketFactory.*)"
                    + "|mail\\.transport\\..*"
                    + "|mail\\.debug\\.auth.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** They must be on, if they are named. */
    private static final Pattern ENCRYPTION =
            Pattern.compile("mail\\..*\\.(starttls\\..*|ssl\\.enable)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /**
     * All accounts of Email Extension, the first one first.
     *
     * @return empty if the plugin is not installed
     * @throws IllegalStateException if its version has other settings
     */
    @NonNull
    static List<EmailExtensionSettings> all() {
        Bean plugin = Bean.of(DESCRIPTOR).orElse(null);
        return plugin == null
                ? List.of()
                : Stream.concat(
                                plugin.bean("getMailAccount").stream().map(account -> of(true, account)),
                                plugin.beans("getAddAccounts").map(account -> of(false, account)))
                        .toList();
    }

    /** The same; empty if the plugin's version has other settings. */
    @NonNull
    static List<EmailExtensionSettings> known() {
        try {
            return all();
        } catch (IllegalStateException unknownVersion) {
            return List.of();
        }
    }

    private static EmailExtensionSettings of(boolean first, Bean account) {
        return new EmailExtensionSettings(
                first,
                account.text("getSmtpHost"),
                account.text("getSmtpPort"),
                account.text("getCredentialsId"),
                account.is("isUseOAuth2"),
                account.is("isUseTls") || account.is("isUseSsl"),
                account.text("getAdvProperties"));
    }

    /** The ID of the mail account whose credential is chosen; null if it is not one of ours. */
    @CheckForNull
    String accountId() {
        return credentials == null ? null : AccountCredentials.accountId(credentials);
    }

    /** The name of an advanced property with which somebody else could get the token; null if there is none. */
    @CheckForNull
    String unsafeProperty() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(advanced == null ? "" : advanced));
        } catch (IOException | IllegalArgumentException malformed) {
            // Email Extension uses what it has read until then, and so does this.
        }
        return properties.stringPropertyNames().stream()
                .filter(name -> UNSAFE.matcher(name).matches()
                        || ENCRYPTION.matcher(name).matches() && !isOn(properties.getProperty(name)))
                .sorted()
                .findFirst()
                .orElse(null);
    }

    private static boolean isOn(String value) {
        return "true".equalsIgnoreCase(value.strip());
    }
}
