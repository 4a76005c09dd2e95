package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.token.entra.Authority;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Validation rules for the fields of applications and accounts. Each rule returns null for a valid value, otherwise one
 * sentence that names the fix. Forms show it at the field; configuration as code fails with it.
 */
@Restricted(NoExternalUse.class)
public final class FieldRules {
    /** The highest limit that an Exchange Online mailbox can be given. */
    static final int MAX_MEGABYTES = 150;

    /** Keeps the setting within what a controller's disk can hold. */
    static final int MAX_READ_MEGABYTES = 100_000;

    /** One day. */
    static final int MAX_READ_MINUTES = 1440;

    private static final Pattern AUTHENTICATOR = Pattern.compile("-|[A-Za-z0-9][A-Za-z0-9._:-]{0,252}");
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern GUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern DOMAIN = Pattern.compile(
            "(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]" + "[A-Za-z0-9-]{0,61}[A-Za-z0-9]");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}");
    /** RFC 5321 dot-string and domain: no leading, trailing or consecutive dots on either side. */
    private static final Pattern ADDRESS = Pattern.compile("(?=[^@]{1,64}@.{1,253}$)"
            + "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
            + "@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

    /** Matches a resource that was pasted with a permission, to which a second one would be appended. */
    private static final Pattern PERMISSION = Pattern.compile("(.*/)?(\\.default|(SMTP|IMAP)\\.[A-Za-z.]+)/?");

    private FieldRules() {}

    @CheckForNull
    public static String id(@CheckForNull String value) {
        if (isEmpty(value)) {
            return Messages.FieldRules_idMissing();
        }
        return ID.matcher(value).matches() ? null : Messages.FieldRules_id();
    }

    /** Whether the value has the format of an Entra ID (a GUID). */
    static boolean isGuid(String value) {
        return GUID.matcher(value).matches();
    }

    @CheckForNull
    static String clientId(@CheckForNull String value) {
        if (isEmpty(value)) {
            return Messages.FieldRules_clientIdMissing();
        }
        return GUID.matcher(value).matches() ? null : Messages.FieldRules_clientId();
    }

    @CheckForNull
    static String tenantId(@CheckForNull String value) {
        if (isEmpty(value)) {
            return Messages.FieldRules_tenantIdMissing();
        }
        return GUID.matcher(value).matches() || DOMAIN.matcher(value).matches() ? null : Messages.FieldRules_tenantId();
    }

    @CheckForNull
    static String authority(Cloud cloud, @CheckForNull String value, @CheckForNull String tenantId) {
        if (cloud != Cloud.CUSTOM) {
            return null;
        }
        if (isEmpty(value)) {
            return Messages.FieldRules_authorityMissing();
        }
        try {
            Authority.of(value, tenantId(tenantId) == null ? tenantId : "tenant-not-known-yet");
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Empty stands for the cloud's resource. */
    @CheckForNull
    static String mailResource(@CheckForNull String value) {
        if (isEmpty(value)) {
            return null;
        }
        try {
            URI uri = new URI(value);
            boolean resource = "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && !PERMISSION.matcher(uri.getRawPath()).matches();
            return resource ? null : Messages.FieldRules_mailResource();
        } catch (URISyntaxException e) {
            return Messages.FieldRules_mailResource();
        }
    }

    /** Empty stands for the cloud's. */
    @CheckForNull
    static String graphUrl(@CheckForNull String value) {
        if (isEmpty(value)) {
            return null;
        }
        try {
            String url = value.strip();
            GraphService.check(new URI(url.endsWith("/") ? url : url + "/"));
            return null;
        } catch (URISyntaxException e) {
            return Messages.FieldRules_graphUrl();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @CheckForNull
    static String address(@CheckForNull String value) {
        if (isEmpty(value)) {
            return Messages.FieldRules_addressMissing();
        }
        return ADDRESS.matcher(value).matches() ? null : Messages.FieldRules_address();
    }

    /** Any number of addresses, separated by commas. */
    @CheckForNull
    static String addresses(@CheckForNull String value) {
        return isEmpty(value)
                ? null
                : Stream.of(value.split(",", -1))
                        .map(part -> address(part.strip()))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    @CheckForNull
    static String signInName(@CheckForNull String value) {
        return isEmpty(value) || ADDRESS.matcher(value).matches() ? null : Messages.FieldRules_signInName();
    }

    @CheckForNull
    static String host(@CheckForNull String value) {
        if (isEmpty(value)) {
            return Messages.FieldRules_hostMissing();
        }
        return HOST.matcher(value).matches() ? null : Messages.FieldRules_host();
    }

    @CheckForNull
    static String port(int value) {
        return value >= 1 && value <= 65535 ? null : Messages.FieldRules_port();
    }

    @CheckForNull
    static String messageSize(int megabytes) {
        return megabytes >= 1 && megabytes <= MAX_MEGABYTES ? null : Messages.FieldRules_messageSize(MAX_MEGABYTES);
    }

    @CheckForNull
    static String date(@CheckForNull String value) {
        if (isEmpty(value)) {
            return null;
        }
        try {
            LocalDate.parse(value);
            return null;
        } catch (DateTimeParseException e) {
            return Messages.FieldRules_date();
        }
    }

    @CheckForNull
    static String readSize(int megabytes) {
        return megabytes >= 1 && megabytes <= MAX_READ_MEGABYTES
                ? null
                : Messages.FieldRules_readSize(MAX_READ_MEGABYTES);
    }

    @CheckForNull
    static String readTime(int minutes) {
        return minutes >= 1 && minutes <= MAX_READ_MINUTES ? null : Messages.FieldRules_readTime(MAX_READ_MINUTES);
    }

    @CheckForNull
    static String authenticator(@CheckForNull String value) {
        return isEmpty(value) || AUTHENTICATOR.matcher(value).matches() ? null : Messages.FieldRules_authenticator();
    }

    @CheckForNull
    static String credentialsId(@CheckForNull String value) {
        return isEmpty(value) ? Messages.SystemCredentials_choose() : null;
    }

    /** Converts a rule's result for forms. */
    static FormValidation validation(@CheckForNull String problem) {
        return problem == null ? FormValidation.ok() : FormValidation.error(problem);
    }

    /**
     * Checks a required field while the form is being edited. Forms also check when they open, so an empty field is not
     * reported here; it is rejected when the form is saved.
     */
    static FormValidation asTyped(@CheckForNull String value, UnaryOperator<String> rule) {
        String typed = Util.fixEmptyAndTrim(value);
        return typed == null ? FormValidation.ok() : validation(rule.apply(typed));
    }

    private static boolean isEmpty(@CheckForNull String value) {
        return Util.fixEmptyAndTrim(value) == null;
    }
}
