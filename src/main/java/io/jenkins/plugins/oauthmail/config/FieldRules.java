package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.token.Authority;
import java.util.regex.Pattern;

/**
 * What the fields of applications and accounts may hold. Each rule answers null if the value is good, else one sentence
 * that names the fix. The forms show it at the field; configuration-as-code is refused with it.
 */
final class FieldRules {
    /** The most an Exchange Online mailbox can be set to take. */
    static final int MOST_MEGABYTES = 150;

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern GUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern DOMAIN = Pattern.compile(
            "(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]" + "[A-Za-z0-9-]{0,61}[A-Za-z0-9]");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[?[0-9A-Fa-f:.]+]?");
    /** RFC 5321 dot-string and domain: neither side has a dot at its edge, or two in a row. */
    private static final Pattern ADDRESS = Pattern.compile("(?=[^@]{1,64}@.{1,253}$)"
            + "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
            + "@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

    private FieldRules() {}

    @CheckForNull
    static String id(@CheckForNull String value) {
        if (isEmpty(value)) {
            return "Give it an id of lower-case letters, digits and hyphens.";
        }
        return ID.matcher(value).matches()
                ? null
                : "Use 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit.";
    }

    /** Whether it looks like what Entra calls an id. */
    static boolean isGuid(String value) {
        return GUID.matcher(value).matches();
    }

    @CheckForNull
    static String clientId(@CheckForNull String value) {
        if (isEmpty(value)) {
            return "Copy the Application (client) ID from the app registration's Overview page.";
        }
        return GUID.matcher(value).matches()
                ? null
                : "A client id looks like 00001111-aaaa-2222-bbbb-3333cccc4444; copy the Application (client) ID from the"
                        + " app registration's Overview page.";
    }

    @CheckForNull
    static String tenantId(@CheckForNull String value) {
        if (isEmpty(value)) {
            return "Copy the Directory (tenant) ID from the app registration's Overview page.";
        }
        return GUID.matcher(value).matches() || DOMAIN.matcher(value).matches()
                ? null
                : "A tenant is a Directory (tenant) ID such as 00001111-aaaa-2222-bbbb-3333cccc4444 or a domain such as"
                        + " contoso.onmicrosoft.com.";
    }

    @CheckForNull
    static String authority(Cloud cloud, @CheckForNull String value, @CheckForNull String tenantId) {
        if (cloud != Cloud.CUSTOM) {
            return null;
        }
        if (isEmpty(value)) {
            return "Give the URL in front of the tenant, for example https://login.example.com/.";
        }
        try {
            Authority.of(value, tenantId(tenantId) == null ? tenantId : "tenant-not-known-yet");
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @CheckForNull
    static String address(@CheckForNull String value) {
        if (isEmpty(value)) {
            return "Give the mailbox's address, for example jenkins@contoso.com.";
        }
        return ADDRESS.matcher(value).matches()
                ? null
                : "Give one plain mail address such as jenkins@contoso.com, without a display name.";
    }

    @CheckForNull
    static String signInName(@CheckForNull String value) {
        return isEmpty(value) || ADDRESS.matcher(value).matches()
                ? null
                : "A sign-in name looks like somebody@contoso.com; leave the field empty if it is the address.";
    }

    @CheckForNull
    static String host(@CheckForNull String value) {
        if (isEmpty(value)) {
            return "Give the server's host name, for example smtp.office365.com.";
        }
        return HOST.matcher(value).matches() ? null : "Give just a host name, without protocol, port or path.";
    }

    @CheckForNull
    static String port(int value) {
        return value >= 1 && value <= 65535 ? null : "A port is a number from 1 to 65535.";
    }

    @CheckForNull
    static String messageSize(int megabytes) {
        return megabytes >= 1 && megabytes <= MOST_MEGABYTES
                ? null
                : "Give 1 to " + MOST_MEGABYTES + " megabytes; Exchange Online takes no larger mail.";
    }

    @CheckForNull
    static String credentialsId(@CheckForNull String value) {
        return isEmpty(value) ? "Choose a credential." : null;
    }

    /** The rule's answer as the forms want it. */
    static FormValidation validation(@CheckForNull String problem) {
        return problem == null ? FormValidation.ok() : FormValidation.error(problem);
    }

    private static boolean isEmpty(@CheckForNull String value) {
        return Util.fixEmptyAndTrim(value) == null;
    }
}
