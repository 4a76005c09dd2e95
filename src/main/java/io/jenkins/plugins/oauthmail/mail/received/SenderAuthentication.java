package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.net.IDN;
import java.util.List;

/** Decides with an {@link AuthenticationRule} whether the receiving server vouches for the address in From. */
public final class SenderAuthentication {

    /** The header fields that are needed. */
    public static final String FIELDS = "AUTHENTICATION-RESULTS X-MS-EXCHANGE-ORGANIZATION-AUTHAS";

    private final AuthenticationRule rule;

    public SenderAuthentication(AuthenticationRule rule) {
        this.rule = rule;
    }

    /** What one header field says about whether {@link #verdict} is positive. */
    public enum Chance {
        /** It is not. */
        NONE,
        /** The next of the {@link #deciding} fields may decide. */
        OPEN,
        /** It may be, whatever the next field says. */
        GOOD
    }

    /** Names of the fields that decide about most messages, one after the other. */
    public List<String> deciding() {
        return rule.trustsExchange()
                ? List.of("X-MS-EXCHANGE-ORGANIZATION-AUTHAS", "AUTHENTICATION-RESULTS")
                : List.of("AUTHENTICATION-RESULTS");
    }

    /**
     * @param headers all values of one of the {@link #deciding} fields
     * @param field that field
     */
    public Chance chance(ReceivedHeaders headers, String field) {
        List<String> values = headers.values(field);
        if (rule.trustsExchange() && !field.equals("AUTHENTICATION-RESULTS")) {
            String mark = values.size() == 1 ? values.get(0).strip() : "";
            return CaseFolding.equalsAscii(mark, "Internal")
                    ? Chance.GOOD
                    : CaseFolding.equalsAscii(mark, "Anonymous") ? Chance.OPEN : Chance.NONE;
        }
        if (values.isEmpty()) {
            return Chance.NONE;
        }
        AuthenticationResults top = AuthenticationResults.parse(values.get(0));
        return CaseFolding.equalsAscii(rule.server(), top.server())
                        && top.of("dmarc").stream()
                                .anyMatch(result -> result.value().equals("pass"))
                ? Chance.OPEN
                : Chance.NONE;
    }

    public ReceivedMail.Authentication verdict(ReceivedHeaders headers) {
        if (!rule.trustsAnyServer()) {
            return ReceivedMail.Authentication.none(Messages.SenderAuthentication_noTrustedServer());
        }
        if (headers.ambiguous()) {
            return ReceivedMail.Authentication.fail(Messages.SenderAuthentication_ambiguous());
        }
        if (headers.cut()) {
            return ReceivedMail.Authentication.fail(Messages.SenderAuthentication_tooLong());
        }
        String domain = domain(headers);
        if (domain == null) {
            return ReceivedMail.Authentication.fail(Messages.SenderAuthentication_from());
        }
        if (rule.trustsExchange()) {
            List<String> marks = headers.values("X-MS-Exchange-Organization-AuthAs");
            if (marks.size() != 1) {
                return ReceivedMail.Authentication.none(Messages.SenderAuthentication_noMark());
            }
            String mark = marks.get(0).strip();
            if (CaseFolding.equalsAscii(mark, "Internal")) {
                return ReceivedMail.Authentication.pass("Exchange: Internal");
            }
            if (!CaseFolding.equalsAscii(mark, "Anonymous")) {
                return ReceivedMail.Authentication.fail("Exchange: " + QuotedText.clean(mark));
            }
        }
        List<String> results = headers.values("Authentication-Results");
        return results.isEmpty()
                ? ReceivedMail.Authentication.none(Messages.SenderAuthentication_noResults())
                : verdict(AuthenticationResults.parse(results.get(0)), domain);
    }

    private ReceivedMail.Authentication verdict(AuthenticationResults top, String domain) {
        if (!CaseFolding.equalsAscii(rule.server(), top.server())) {
            return ReceivedMail.Authentication.none(
                    top.server().isEmpty()
                            ? Messages.SenderAuthentication_unnamed()
                            : Messages.SenderAuthentication_other(QuotedText.clean(top.server())));
        }
        if (top.cut()) {
            return ReceivedMail.Authentication.fail(Messages.SenderAuthentication_resultsTooLong());
        }
        List<AuthenticationResults.Result> dmarc = top.of("dmarc");
        if (dmarc.isEmpty()) {
            return ReceivedMail.Authentication.none(Messages.SenderAuthentication_noDmarc());
        }
        // Results that a sender smuggles in, for example with the envelope, would be additional ones.
        if (dmarc.size() > 1) {
            return ReceivedMail.Authentication.fail(Messages.SenderAuthentication_severalDmarc());
        }
        AuthenticationResults.Result result = dmarc.get(0);
        String judged = result.property("header.from");
        if (!result.value().equals("pass")) {
            return ReceivedMail.Authentication.fail("dmarc=" + QuotedText.clean(result.value()));
        }
        return judged != null && ascii(judged).equals(domain)
                ? ReceivedMail.Authentication.pass("dmarc=pass header.from=" + domain)
                : ReceivedMail.Authentication.fail(Messages.SenderAuthentication_otherDomain());
    }

    /**
     * The domain of From; null unless there is exactly one From with one address (RFC 7489 section 6.6.1), which is the
     * one that readers are shown.
     */
    private static String domain(ReceivedHeaders headers) {
        List<String> from = headers.values("From");
        String address = from.size() == 1 ? ReceivedAddresses.only(from.get(0)) : null;
        List<String> shown =
                headers.addresses("From").stream().map(MailAddress::address).toList();
        return address == null || !shown.equals(List.of(address))
                ? null
                : ascii(address.substring(address.lastIndexOf('@') + 1));
    }

    /**
     * The domain in ASCII; not converted if that would yield a different domain, because non-ASCII letters can look
     * like ASCII ones.
     */
    private static String ascii(String domain) {
        String lower = CaseFolding.asciiLower(domain.strip());
        try {
            String ascii = IDN.toASCII(lower);
            return IDN.toUnicode(ascii).equals(lower) || ascii.equals(lower) ? ascii : lower;
        } catch (IllegalArgumentException e) {
            return lower;
        }
    }
}
