package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.IDN;
import java.util.List;

/**
 * How to read from a mail's header whether the receiving server vouches for the address in From. A sender can write any
 * header, so a rule says which field this server alone can have written.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8601">RFC 8601, Authentication-Results</a>
 */
public final class AuthenticationRule {

    /** Nobody is believed. */
    public static final AuthenticationRule NONE = new AuthenticationRule(Kind.NONE, "");

    /**
     * Exchange Online. It takes {@code X-MS-Exchange-Organization-*} off mail that comes in from elsewhere and writes
     * its own: mail of the same organization is marked Internal; mail from outside is marked Anonymous and gets an
     * Authentication-Results without a server's name on top.
     */
    public static final AuthenticationRule EXCHANGE = new AuthenticationRule(Kind.EXCHANGE, "");

    /** The header fields that are looked at. */
    static final String FIELDS = "AUTHENTICATION-RESULTS X-MS-EXCHANGE-ORGANIZATION-AUTHAS";

    private enum Kind {
        NONE,
        EXCHANGE,
        SERVER
    }

    private final Kind kind;
    private final String server;

    private AuthenticationRule(Kind kind, String server) {
        this.kind = kind;
        this.server = server;
    }

    /**
     * A server that names itself in each Authentication-Results it writes, and puts it on top.
     *
     * @param authservId its name there, case ignored
     */
    @NonNull
    public static AuthenticationRule server(@NonNull String authservId) {
        return new AuthenticationRule(Kind.SERVER, authservId);
    }

    /** Whether any mail can pass. */
    public boolean believesSomebody() {
        return kind != Kind.NONE;
    }

    ReceivedMail.Authentication verdict(ReceivedHeaders headers) {
        if (kind == Kind.NONE) {
            return ReceivedMail.Authentication.none(Messages.AuthenticationRule_nobody());
        }
        if (headers.ambiguous()) {
            return ReceivedMail.Authentication.fail(Messages.AuthenticationRule_ambiguous());
        }
        if (headers.cut()) {
            return ReceivedMail.Authentication.fail(Messages.AuthenticationRule_tooLong());
        }
        String domain = domain(headers);
        if (domain == null) {
            return ReceivedMail.Authentication.fail(Messages.AuthenticationRule_from());
        }
        if (kind == Kind.EXCHANGE) {
            List<String> marks = headers.values("X-MS-Exchange-Organization-AuthAs");
            if (marks.size() != 1) {
                return ReceivedMail.Authentication.none(Messages.AuthenticationRule_noMark());
            }
            String mark = marks.get(0).strip();
            if (CaseFolding.equalsAscii(mark, "Internal")) {
                return ReceivedMail.Authentication.pass("Exchange: Internal");
            }
            if (!CaseFolding.equalsAscii(mark, "Anonymous")) {
                return ReceivedMail.Authentication.fail("Exchange: " + ServerWords.clean(mark));
            }
        }
        List<String> results = headers.values("Authentication-Results");
        return results.isEmpty()
                ? ReceivedMail.Authentication.none(Messages.AuthenticationRule_noResults())
                : verdict(AuthenticationResults.parse(results.get(0)), domain);
    }

    private ReceivedMail.Authentication verdict(AuthenticationResults top, String domain) {
        if (!CaseFolding.equalsAscii(server, top.server())) {
            return ReceivedMail.Authentication.none(
                    top.server().isEmpty()
                            ? Messages.AuthenticationRule_unnamed()
                            : Messages.AuthenticationRule_other(ServerWords.clean(top.server())));
        }
        if (top.cut()) {
            return ReceivedMail.Authentication.fail(Messages.AuthenticationRule_resultsTooLong());
        }
        List<AuthenticationResults.Result> dmarc = top.of("dmarc");
        if (dmarc.isEmpty()) {
            return ReceivedMail.Authentication.none(Messages.AuthenticationRule_noDmarc());
        }
        // What a sender smuggled in, such as by its envelope, would come as a second one.
        if (dmarc.size() > 1) {
            return ReceivedMail.Authentication.fail(Messages.AuthenticationRule_severalDmarc());
        }
        AuthenticationResults.Result result = dmarc.get(0);
        String judged = result.property("header.from");
        if (!result.value().equals("pass")) {
            return ReceivedMail.Authentication.fail("dmarc=" + ServerWords.clean(result.value()));
        }
        return judged != null && ascii(judged).equals(domain)
                ? ReceivedMail.Authentication.pass("dmarc=pass header.from=" + domain)
                : ReceivedMail.Authentication.fail(Messages.AuthenticationRule_otherDomain());
    }

    /** Null unless there is one From with one address (RFC 7489 section 6.6.1). */
    private static String domain(ReceivedHeaders headers) {
        List<String> from = headers.values("From");
        String address = from.size() == 1 ? ReceivedAddresses.only(from.get(0)) : null;
        return address == null ? null : ascii(address.substring(address.lastIndexOf('@') + 1));
    }

    /** Unless that would make another domain of it: letters that are not ASCII can look like some that are. */
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
