package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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
    void exchangeVouchesForItsOwnAndForWhatPassedDmarc() throws Exception {
        assertEquals("pass", exchange(FROM + "X-MS-Exchange-Organization-AuthAs: Internal\r\n"));
        assertEquals("pass", exchange(PASSED + OUTSIDE + FROM));
    }

    @Test
    void withoutExchangesOwnMarkNothingIsBelieved() throws Exception {
        assertEquals("none", exchange(PASSED + FROM));
        assertEquals("none", exchange(FROM));
        assertEquals("none", exchange(OUTSIDE + OUTSIDE.replace("Anonymous", "Internal") + FROM));
        assertEquals("none", exchange(OUTSIDE.replace("Anonymous", "Internal") + OUTSIDE + FROM));
        assertEquals("fail", exchange(FROM + "X-MS-Exchange-Organization-AuthAs: Partner\r\n"));
    }

    @Test
    void onlyTheTopmostResultCounts() throws Exception {
        String failed = PASSED.replace("dmarc=pass", "dmarc=fail");
        assertEquals("fail", exchange(failed + PASSED + OUTSIDE + FROM));
        assertEquals("pass", exchange(PASSED + failed + OUTSIDE + FROM));
        assertEquals("none", exchange(OUTSIDE + FROM));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "none", "bestguesspass", "temperror", "passed", "pass-not"})
    void onlyPassPasses(String result) throws Exception {
        assertEquals("fail", exchange(PASSED.replace("dmarc=pass", "dmarc=" + result) + OUTSIDE + FROM));
    }

    @Test
    void theDomainMustBeThatOfFrom() throws Exception {
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: ann@fabrikam.com\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: ann@mail.contoso.com\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: \"ann@contoso.com\" <ann@evil.example>\r\n"));
        assertEquals("pass", exchange(PASSED + OUTSIDE + "From: ann@CONTOSO.com\r\n"));
    }

    @Test
    void fromMustBeOneAddress() throws Exception {
        assertEquals("fail", exchange(PASSED + OUTSIDE + FROM + "From: eve@evil.example\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: ann@contoso.com, eve@evil.example\r\n"));
        assertEquals("fail", exchange(PASSED + OUTSIDE));
        assertEquals("fail", exchange(PASSED + OUTSIDE + "From: contoso.com\r\n"));
    }

    @Test
    void anotherServersWordIsNotTakenForExchanges() throws Exception {
        assertEquals("none", exchange(PASSED.replace("Results: spf", "Results: evil.example; spf") + OUTSIDE + FROM));
    }

    @Test
    void aServerByItsName() throws Exception {
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
    void whatSendersSmuggleInDoesNotPass(String results) throws Exception {
        assertEquals("fail", ours(results));
    }

    @Test
    void aVeryLongFieldIsNotReadBeyondItsMiddle() throws Exception {
        String padding = "x".repeat(20_000);
        assertEquals("none", ours("mx.example.com; spf=pass x=" + padding + "; dmarc=pass header.from=contoso.com"));
        assertEquals("none", ours("(".repeat(20_000) + "mx.example.com; dmarc=pass header.from=contoso.com"));
    }

    @Test
    void nobodyIsBelievedUnlessSomebodyIsNamed() throws Exception {
        assertEquals("none", verdict(AuthenticationRule.NONE, PASSED + OUTSIDE + FROM));
        assertEquals(false, AuthenticationRule.NONE.believesSomebody());
        assertEquals(true, AuthenticationRule.EXCHANGE.believesSomebody());
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
                ""
            })
    void aSenderThatIsWrittenWronglyIsNotVouchedFor(String from) throws Exception {
        assertEquals("fail", exchange("X-MS-Exchange-Organization-AuthAs: Internal\r\nFrom: " + from + "\r\n"), from);
    }

    @Test
    void aSenderBehindRubbishIsNotVouchedFor() throws Exception {
        for (String rubbish :
                new String[] {"\"" + " ".repeat(5000) + ",", "(" + " ".repeat(5000) + ",", ",".repeat(5000)}) {
            String from = "From: " + rubbish + " ann@contoso.com,(\" <eve@contoso.com>\r\n";
            assertEquals("fail", exchange("X-MS-Exchange-Organization-AuthAs: Internal\r\n" + from), rubbish);
        }
    }
}
