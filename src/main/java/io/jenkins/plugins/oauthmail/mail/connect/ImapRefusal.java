package io.jenkins.plugins.oauthmail.mail.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Permanence;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an IMAP server's refusal means for a retry. Response codes are those of RFC 5530; texts are those of Exchange,
 * Gmail and Dovecot.
 *
 * @param permanence whether the cause goes away without anyone changing anything
 * @param retryAfter the delay that the server suggests, limited to {@link #MAX_RETRY_AFTER}; null if it suggests none
 */
public record ImapRefusal(
        @NonNull Permanence permanence, @CheckForNull Duration retryAfter) {

    /** Exchange is known to suggest five minutes. If a server suggests days, we try again sooner. */
    static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(15);

    private static final Pattern PERMANENT = Pattern.compile(
            "\\[(NONEXISTENT|NOPERM|CANNOT|TRYCREATE|ALREADYEXISTS|OVERQUOTA|AUTHENTICATIONFAILED|AUTHORIZATIONFAILED"
                    + "|PRIVACYREQUIRED|EXPIRED|CONTACTADMIN|BADCHARSET)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern UNKNOWN = Pattern.compile("authenticated but not connected", Pattern.CASE_INSENSITIVE);

    private static final Pattern TEMPORARY = Pattern.compile(
            "\\[(UNAVAILABLE|INUSE|LIMIT|THROTTLED)\\b|throttl|back-?off|temporar|try(ing)? again|retry|later|shutting down"
                    + "|(server|service|system|mailbox|back-?end|store)\\W+(is )?(currently )?(unavailable|not available)"
                    + "|\\b(too|server is|service is|server) busy|timed? ?out|\\bconnections?\\b|\\blimits?\\b"
                    + "|too many (simultaneous|concurrent|requests|sessions|logins)"
                    + "|AccessTokenExpired|session invalidated",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SUGGESTED = Pattern.compile(
            "(?:back-?off time|retry[- ]after|again (?:in|after))\\W{0,5}(\\d{1,18})\\s*"
                    + "(m(?:illi)?s(?:ec(?:ond)?s?)?\\b|s(?:ec(?:ond)?s?)?\\b|m(?:in(?:ute)?s?)?\\b)?",
            Pattern.CASE_INSENSITIVE);

    /** @param said the text that follows NO, BAD or BYE */
    public static ImapRefusal of(String said) {
        Duration suggested = suggested(said);
        if (suggested != null) {
            return new ImapRefusal(Permanence.TEMPORARY, suggested);
        }
        if (PERMANENT.matcher(said).find()) {
            return new ImapRefusal(Permanence.PERMANENT, null);
        }
        if (UNKNOWN.matcher(said).find()) {
            return new ImapRefusal(Permanence.UNKNOWN, null);
        }
        return new ImapRefusal(TEMPORARY.matcher(said).find() ? Permanence.TEMPORARY : Permanence.UNKNOWN, null);
    }

    public boolean isTemporary() {
        return permanence == Permanence.TEMPORARY;
    }

    /** Returns null if there is none. A number without a unit means seconds. */
    private static Duration suggested(String said) {
        Matcher matcher = SUGGESTED.matcher(said);
        if (!matcher.find()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2).toLowerCase(Locale.ROOT);
        boolean millis = unit.startsWith("ms") || unit.startsWith("milli");
        long factor = millis ? 1 : unit.startsWith("m") ? 60_000 : 1000;
        long most = MAX_RETRY_AFTER.toMillis();
        return number < 1 ? null : Duration.ofMillis(number > most / factor ? most : number * factor);
    }
}
