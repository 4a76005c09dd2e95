package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells mail that no person wrote, which often carries In-Reply-To as answers do: absence notes, bounces, receipts. */
public final class AutomaticMail {

    /** The header fields that are looked at. */
    static final String FIELDS = "AUTO-SUBMITTED PRECEDENCE RETURN-PATH CONTENT-TYPE X-AUTO-RESPONSE-SUPPRESS"
            + " X-AUTOREPLY X-AUTORESPOND X-FAILED-RECIPIENTS";

    private static final Pattern NO = Pattern.compile("no\\b");
    private static final Set<String> PRECEDENCES = Set.of("auto_reply", "bulk", "junk");
    private static final Set<String> ROBOTS = Set.of("mailer-daemon", "postmaster");

    private AutomaticMail() {}

    public static boolean is(ReceivedHeaders headers) {
        // RFC 3834 section 5; comments and parameters may follow the keyword.
        String submitted = first(headers, "Auto-Submitted");
        if (submitted != null && !NO.matcher(submitted).lookingAt()) {
            return true;
        }
        String precedence = first(headers, "Precedence");
        // RFC 3464 and its like: a report on delivery or reading.
        String type = first(headers, "Content-Type");
        return precedence != null && PRECEDENCES.contains(precedence)
                || "<>".equals(first(headers, "Return-Path"))
                || type != null && type.startsWith("multipart/report")
                || first(headers, "X-Auto-Response-Suppress") != null
                || first(headers, "X-Autoreply") != null
                || first(headers, "X-Autorespond") != null
                || first(headers, "X-Failed-Recipients") != null
                || headers.addresses("From").stream().anyMatch(AutomaticMail::robot);
    }

    private static boolean robot(MailAddress from) {
        String address = CaseFolding.asciiLower(from.address());
        return ROBOTS.contains(address.substring(0, Math.max(0, address.indexOf('@'))));
    }

    private static String first(ReceivedHeaders headers, String name) {
        List<String> values = headers.values(name);
        return values.isEmpty() ? null : CaseFolding.asciiLower(values.get(0).strip());
    }
}
