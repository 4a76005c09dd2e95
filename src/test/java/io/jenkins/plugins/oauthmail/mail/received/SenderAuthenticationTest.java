package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom to believe about a sender, and what forgers try. */
class SenderAuthenticationTest {
    private static final String FROM = "From: Ann <ann@contoso.com>\r\n";
    private static final String OUTSIDE = "X-MS-Exchange-Organization-AuthAs: Anonymous\r\n";
    private static final String PASSED = "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\r\n"
            + " smtp.mailfrom=contoso.com; dkim=pass (signature was verified)\r\n"
            + " header.d=contoso.com;dmarc=pass action=none\r\n header.from=contoso.com;compauth=pass reason=100\r\n";
    private static final AuthenticationRule OURS = AuthenticationRule.server("mx.example.com");

    private static String verdict(AuthenticationRule rule, String header) throws Exception {
        ReceivedHeaders headers =
                new ReceivedHeaders(new ByteArrayInputStream((header + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        return new SenderAuthentication(rule).verdict(headers).result();
    }

    private static String exchange(String header) throws Exception {
        return verdict(AuthenticationRule.EXCHANGE, header);
    }

    private static String ours(String results) throws Exception {
        return verdict(OURS, FROM + "Authentication-Results: " + results + "\r\n");
    }

    @Test
    void exchangeAuthenticatesInternalAndDmarcSenders() throws Exception {
        assertEquals("pass", exchange(FROM + "X-MS-Exchange-Organization-AuthAs: Internal\r\n"));
        assertEquals("pass", exchange(PASSED + OUTSIDE + FROM));
    }

    @Test
    void trustsNothingWithoutTheMarkOfExchange() throws Exception {
        assertEquals("none", exchange(PASSED + FROM));
        assertEquals("none", exchange(FROM));
        assertEquals("none", exchange(OUTSIDE + OUTSIDE.replace("Anonymous", "Internal") + FROM));
        assertEquals("none", exchange(OUTSIDE.replace("Anonymous", "Internal") + OUTSIDE + FROM));
        assertEquals("fail", exchange(FROM + "X-MS-Exchange-Organization-AuthAs: Partner\r\n"));
    }

    @Test
    void usesTheTopmostResultOnly() throws Exception {
        String failed = PASSED.replace("dmarc=pass", "dmarc=fail");
        assertEquals("fail", exchange(failed + PASSED + OUTSIDE + FROM));
        assertEquals("pass", exchange(PASSED + failed + OUTSIDE + FROM));
        assertEquals("none", exchange(OUTSIDE + FROM));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "none", "bestguesspass", "temperror", "passed", "pass-not"})
    void acceptsPassOnly(String result) throws Exception {
        assertEquals("fail", exchange(PASSED.replace("dmarc=pass", "dmarc=" + result) + OUTSIDE + FROM));
    }

    @Test
    void requiresTheDomainOfFrom() throws Exception {
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: ann@fabrikam.com\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: ann@mail.contoso.com\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: \"ann@contoso.com\" <ann@evil.example>\r\n"));
        assertEquals("pass", exchange(PASSED + OUTSIDE + "From: ann@CONTOSO.com\r\n"));
    }

    @Test
    void requiresOneAddressInFrom() throws Exception {
        assertEquals("fail", exchange(PASSED + OUTSIDE + FROM + "From: eve@evil.example\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: ann@contoso.com, eve@evil.example\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: contoso.com\r\n"));
    }

    @Test
    void ignoresResultsOfOtherServers() throws Exception {
        assertEquals("none", exchange(PASSED.replace("Results: spf", "Results: evil.example; spf") + OUTSIDE + FROM));
    }

    @Test
    void trustsAServerByName() throws Exception {
        assertEquals("pass", ours("mx.example.com; dmarc=pass header.from=contoso.com"));
        assertEquals("pass", ours("MX.example.com 1; spf=fail; dmarc = pass (p=reject) header.from=contoso.com"));
        assertEquals(
                "pass",
                ours("mx.example.com; spf=fail (helo=x; dmarc=fail (y)) a=b; dmarc=pass header.from=contoso.com"));
        assertEquals("none", ours("mx.evil.example; dmarc=pass header.from=contoso.com"));
        assertEquals("none", ours("mx.example.com; spf=pass smtp.mailfrom=contoso.com"));
        assertEquals("none", ours("mx.example.com; none"));
        assertEquals("none", ours("dmarc=pass header.from=contoso.com"));
        assertEquals("none", verdict(OURS, FROM));
    }

    /** A sender chooses envelope, selector and HELO name, which servers copy into their results. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mx.example.com; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=contoso.com\"@evil.example; dmarc=fail",
                "mx.example.com; spf=pass (helo=x; dmarc=pass header.from=contoso.com) smtp.mailfrom=e; dmarc=fail",
                "mx.example.com; spf=pass (a (b; dmarc=pass header.from=contoso.com) c) smtp.mailfrom=e; dmarc=fail",
                "mx.example.com; spf=pass (\\) ; dmarc=pass header.from=contoso.com) smtp.mailfrom=e; dmarc=fail",
                "mx.example.com; spf=pass smtp.mailfrom=x; dmarc=pass header.from=contoso.com; dmarc=fail",
                "mx.example.com; dmarc=pass header.from=evil.example header.from=contoso.com",
                "mx.example.com; dmarc=pass",
                "mx.example.com; dmarc=pass header.from=\"contoso.com\"",
                "mx.example.com; dmarc=fail reason=\"dmarc=pass header.from=contoso.com\""
            })
    void ignoresResultsInjectedBySenders(String results) throws Exception {
        assertEquals("fail", ours(results));
    }

    /** What a sender smuggles in could hide the server's own result behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(; dmarc=fail header.from=contoso.com",
                "((; dmarc=fail (p=none) header.from=contoso.com",
                "(\\; dmarc=fail (p=none) header.from=contoso.com",
                "\"; dmarc=fail header.from=contoso.com",
                "\"\\\"; dmarc=fail reason=\"x\" header.from=contoso.com",
                "); dmarc=none",
                "; dmarc /1=fail header.from=contoso.com",
                "; dmarc/ 1 = fail header.from=contoso.com",
                "; dmarc (p=none)/(x)1=fail header.from=contoso.com",
                "; dmarc",
                "; DMARC=",
                "; dmarc fail"
            })
    void failsIfTheResultOfTheServerIsHidden(String rest) throws Exception {
        assertEquals(
                "fail",
                ours("mx.example.com; spf=pass smtp.mailfrom=x; dmarc=pass header.from=contoso.com " + rest),
                rest);
    }

    @Test
    void commentsSeparateWords() throws Exception {
        assertEquals("none", ours("mx.example(x).com; dmarc=pass header.from=contoso.com"));
        assertEquals("fail", ours("mx.example.com; dmarc=p(x)ass header.from=contoso.com"));
        assertEquals("fail", ours("mx.example.com; dmarc=pass header.from=contoso(x).com"));
        assertEquals("pass", ours("mx.example.com(x); dmarc(x)=(x)pass(x)header.from(x)=(x)contoso.com(x)"));
    }

    @Test
    void limitsTheLengthOfFields() throws Exception {
        String padding = "x".repeat(20_000);
        assertEquals("fail", ours("mx.example.com; spf=pass x=" + padding + "; dmarc=pass header.from=contoso.com"));
        assertEquals("none", ours("(".repeat(20_000) + "mx.example.com; dmarc=pass header.from=contoso.com"));
    }

    @Test
    void trustsNoServerByDefault() throws Exception {
        assertEquals("none", verdict(AuthenticationRule.NONE, PASSED + OUTSIDE + FROM));
        assertEquals(false, AuthenticationRule.NONE.trustsAnyServer());
        assertEquals(true, AuthenticationRule.EXCHANGE.trustsAnyServer());
    }

    /** Where a server and this might read two different senders, none is vouched for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@contoso.com (\" <eve@contoso.com>",
                "(ann@contoso.com",
                "ann@contoso.com (x",
                "\"x\" ann@contoso.com",
                "\"x ann@contoso.com",
                "<ann@contoso.com> <eve@contoso.com>",
                "<ann@contoso.com",
                "ann@contoso.com>",
                "<eve@contoso.com> ann@contoso.com",
                "ann@contoso.com eve@contoso.com",
                "ann@contoso.com;eve@contoso.com",
                "ann:eve@contoso.com;",
                "ann@contoso.com <\"eve@contoso.com>\"",
                "eve@contoso.com@ann@contoso.com",
                "ann@contoso.co(<)m",
                "ann@contoso.co(<x>)m",
                "ann@contoso.co (<) m",
                "a(<)nn@contoso.com",
                "ann@contoso.com(x\u0085<)y",
                "ann@contoso.com(\\(<)@evil.example",
                ""
            })
    void doesNotAuthenticateMalformedSenders(String from) throws Exception {
        assertEquals("fail", exchange("X-MS-Exchange-Organization-AuthAs: Internal\r\nFrom: " + from + "\r\n"), from);
    }

    /** The server vouches for the domain in front of the comment; pipelines would see the one that goes on behind it. */
    @Test
    void authenticatesTheDisplayedSender() throws Exception {
        for (String from : List.of("ann@contoso.co(<)m", "ann@contoso.co(<eve@contoso.co>)m")) {
            ReceivedHeaders headers = new ReceivedHeaders(new ByteArrayInputStream(
                    (PASSED.replace("contoso.com", "contoso.co") + OUTSIDE + "From: " + from + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII)));
            assertEquals(
                    "fail",
                    new SenderAuthentication(AuthenticationRule.EXCHANGE)
                            .verdict(headers)
                            .result(),
                    from + " is shown as " + headers.addresses("From"));
        }
        assertEquals("pass", exchange(PASSED + OUTSIDE + "From: ann@contoso.com (Ann <3)\r\n"));
        assertEquals("pass", exchange(PASSED + OUTSIDE + "From: (x) Ann (y) <ann@contoso.com> (z)\r\n"));
        assertEquals("pass", exchange(PASSED + OUTSIDE + "From: =?utf-8?q?Ann=2C_=22?= <ann@contoso.com>\r\n"));
    }

    @Test
    void doesNotAuthenticateSendersAfterGarbage() throws Exception {
        for (String rubbish :
                new String[] {"\"" + " ".repeat(5000) + ",", "(" + " ".repeat(5000) + ",", ",".repeat(5000)}) {
            String from = "From: " + rubbish + " ann@contoso.com,(\" <eve@contoso.com>\r\n";
            assertEquals("fail", exchange("X-MS-Exchange-Organization-AuthAs: Internal\r\n" + from), rubbish);
        }
    }

    /** A server takes marks and results of others away where it sees a field begin: behind a line break, no sooner. */
    @ParameterizedTest
    @ValueSource(strings = {"\r", "\r ", "\r\r", "\n\r", "\r\r\n", "\u0000", "\u0000\r", "\r\u0000"})
    void doesNotTrustAmbiguousHeaders(String inside) throws Exception {
        String mark = "X-MS-Exchange-Organization-AuthAs: Internal";
        assertEquals("fail", exchange(FROM + "Subject: deploy" + inside + mark + "\r\n"));
        String passed = "Authentication-Results: mx.example.com; dmarc=pass header.from=contoso.com";
        assertEquals("fail", verdict(OURS, FROM + "Subject: deploy" + inside + passed + "\r\n"));
        assertEquals("fail", verdict(OURS, "Subject: deploy" + inside + "\r\n" + passed + "\r\n" + FROM));
        assertEquals("fail", verdict(OURS, passed + "\r\n" + FROM.replace("Ann", "Ann" + inside)));
    }

    @Test
    void bareCrDoesNotStartAField() throws Exception {
        ReceivedHeaders headers = new ReceivedHeaders(new ByteArrayInputStream(
                "Subject: a\rX-Mark: b\nTo: c@d\r\n\r\nX-Mark: body\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("a X-Mark: b", headers.subject());
        assertEquals(List.of(), headers.values("X-Mark"));
        assertEquals(List.of("c@d"), headers.values("To"));
    }

    /** Whoever compares names of fields without regard to case in Unicode takes these for the server's own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-MS-Exchange-Organi\u017fation-AuthAs",
                "X-MS-Exchange-Organization-AuthA\u017f",
                "X-M\u017f-Exchange-Organization-AuthAs",
                "X-MS-Exchange-Organization-AuthAs ",
                "X-MS-Exchange-Organization-AuthAs\t"
            })
    void doesNotTrustLookalikeMarks(String name) throws Exception {
        ReceivedHeaders headers = new ReceivedHeaders(
                new ByteArrayInputStream((FROM + name + ": Internal\r\n\r\n").getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "fail",
                new SenderAuthentication(AuthenticationRule.EXCHANGE)
                        .verdict(headers)
                        .result());
    }

    @Test
    void truncatedResultFails() throws Exception {
        String passed = "mx.example.com; dmarc=pass header.from=contoso.com";
        assertEquals("pass", ours(passed + "; spf=pass smtp.mailfrom=x"));
        assertEquals("fail", ours(passed + "; spf=pass smtp.mailfrom=" + "x".repeat(20_000) + "; dmarc=fail"));
        assertEquals("fail", ours(passed + " (" + "x".repeat(20_000) + ")"));
        assertEquals("fail", ours(passed + ".example" + ".x".repeat(200)));
    }

    @Test
    void propertyDoesNotStartWithinAnother() throws Exception {
        assertEquals(
                "fail", ours("mx.example.com; dmarc=pass policy.x=" + "y".repeat(299) + "@header.from=contoso.com"));
        assertEquals("fail", ours("mx.example.com; dmarc=pass policy.x=a/header.from=contoso.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ban\u212a.example",
                "bank\u200e.example",
                "\uff42ank.example",
                "bank.example\u2003",
                "ban\u212a\u3002example"
            })
    void distinguishesLookalikeDomains(String domain) throws Exception {
        ReceivedHeaders headers = new ReceivedHeaders(new ByteArrayInputStream(("From: ann@" + domain
                        + "\r\nAuthentication-Results: mx.example.com; dmarc=pass header.from=bank.example\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8)));
        assertEquals("fail", new SenderAuthentication(OURS).verdict(headers).result());
    }

    @Test
    void comparesAddressesInAsciiOnly() throws Exception {
        for (boolean authenticated : new boolean[] {true, false}) {
            QueryMatcher match = new QueryMatcher(
                    MailQuery.in("INBOX")
                            .from(List.of("kim@bank.example"))
                            .authenticated(authenticated)
                            .build(),
                    OURS);
            for (String from : new String[] {
                "\u212aim@bank.example",
                "k\u0131m@bank.example",
                "\uff4bim@bank.example",
                "kim\u202e@bank.example",
                "kim@ban\u212a.example"
            }) {
                ReceivedHeaders headers = new ReceivedHeaders(new ByteArrayInputStream(("From: " + from
                                + "\r\nAuthentication-Results: mx.example.com; dmarc=pass header.from=bank.example\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
                assertEquals(false, match.headers(headers), from);
            }
            assertEquals(
                    true,
                    match.headers(new ReceivedHeaders(new ByteArrayInputStream(("From: KIM@Bank.example"
                                    + "\r\nAuthentication-Results: mx.example.com; dmarc=pass header.from=bank.example\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8)))));
        }
    }
}
