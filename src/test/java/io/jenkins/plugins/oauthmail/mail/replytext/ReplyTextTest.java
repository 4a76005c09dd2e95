package io.jenkins.plugins.oauthmail.mail.replytext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as mail programs send them, and what of them is new. */
class ReplyTextTest {

    private static String reply(String text) throws Exception {
        return ReplyText.of(text, null, ReadDeadline.ENDLESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "On Tue, Mar 10, 2026 at 10:00 AM Jenkins <jenkins@contoso.com> wrote:",
                "On Tue, Mar 10, 2026 at 10:00 AM Jenkins Continuous Integration\n<jenkins@contoso.com> wrote:",
                "On 10 Mar 2026, at 10:00, Jenkins <jenkins@contoso.com> wrote:",
                "On 10.03.26 10:00, Jenkins wrote:",
                "Am Di., 10. März 2026 um 10:00 Uhr schrieb Jenkins <jenkins@contoso.com>:",
                "Am 10.03.2026 um 10:00 schrieb Jenkins:",
                "Am 10.03.2026 um 10:00 schrieb Jenkins\n<jenkins@contoso.com>:",
                "Le mar. 10 mars 2026 à 10:00, Jenkins <jenkins@contoso.com> a écrit :",
                "Le 10/03/2026 à 10:00, Jenkins a écrit\u00a0:",
                "El mar, 10 mar 2026 a las 10:00, Jenkins (<jenkins@contoso.com>) escribió:",
                "Il giorno mar 10 mar 2026 alle ore 10:00 Jenkins <jenkins@contoso.com> ha scritto:",
                "Op di 10 mrt 2026 om 10:00 schreef Jenkins <jenkins@contoso.com>:",
                "Em ter., 10 de mar. de 2026 às 10:00, Jenkins <jenkins@contoso.com> escreveu:",
                "Den tis 10 mars 2026 kl 10:00 skrev Jenkins <jenkins@contoso.com>:",
                "W dniu 10.03.2026 o 10:00, Jenkins pisze:",
                "wt., 10 mar 2026 o 10:00 Jenkins <jenkins@contoso.com> napisał(a):",
                "вт, 10 мар. 2026 г. в 10:00, Jenkins <jenkins@contoso.com> пишет:",
                "10 Mar 2026 Sal, 10:00 tarihinde Jenkins <jenkins@contoso.com> şunu yazdı:",
                "2026年3月10日(火) 10:00 Jenkins <jenkins@contoso.com>:",
                "Jenkins <jenkins@contoso.com> 于2026年3月10日周二 10:00写道："
            })
    void removesIntroductionsOfQuotations(String introduction) throws Exception {
        assertEquals("approve", reply("approve\n\n" + introduction + "\n\n> Shall it go out?\n> Answer approve.\n"));
        assertEquals("approve", reply("approve\n\n" + introduction + "\n\n> Shall it go out?\n\n-- \nAnn\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "________________________________\nFrom: Jenkins <j@contoso.com>\nSent: Tuesday\nTo: Ann\nSubject: Deploy?",
                "From: Jenkins <j@contoso.com>\nSent: Tuesday, March 10, 2026 10:00 AM\nTo: Ann\nSubject: Deploy?",
                "Von: Jenkins <j@contoso.com>\nGesendet: Dienstag, 10. März 2026 10:00\nAn: Ann\nBetreff: Deploy?",
                "De : Jenkins <j@contoso.com>\nEnvoyé : mardi 10 mars 2026 10:00\nÀ : Ann\nObjet : Deploy?",
                "De: Jenkins\nEnviado el: martes\nPara: Ann\nAsunto: Deploy?",
                "Da: Jenkins\nInviato: martedì\nA: Ann\nOggetto: Deploy?",
                "Van: Jenkins\nVerzonden: dinsdag\nAan: Ann\nOnderwerp: Deploy?",
                "发件人: Jenkins\n发送时间: 2026年3月10日\n收件人: Ann\n主题: Deploy?",
                "*From:* Jenkins <j@contoso.com>\n*Sent:* Tuesday\n*To:* Ann\n*Subject:* Deploy?",
                "-----Original Message-----\nFrom: Jenkins",
                "-----Ursprüngliche Nachricht-----\nVon: Jenkins",
                "-------- Message d'origine --------\nDe: Jenkins",
                "---------- Forwarded message ---------\nFrom: Jenkins"
            })
    void removesHistoryWithoutMarks(String history) throws Exception {
        assertEquals("approve", reply("approve\n\n" + history + "\n\nShall it go out? reject\n"));
    }

    @Test
    void removesHistoryThatLostItsMarks() throws Exception {
        assertEquals("approve", reply("approve\n\nOn 10.03.26 10:00, Jenkins wrote:\nShall it go out?\nreject\n"));
    }

    @Test
    void keepsAnswersBetweenAndBelowQuotedLines() throws Exception {
        assertEquals(
                "Hello,\n\nyes\n\nno\nAnn",
                reply("Hello,\n\nOn 10.03.26 10:00, Jenkins wrote:\n> Production?\nyes\n> Tests?\n\nno\nAnn\n"));
        assertEquals("approve", reply("> Shall it go out?\n> approve or reject\n\napprove\n"));
    }

    @Test
    void removesSignatures() throws Exception {
        assertEquals("approve", reply("approve\n-- \nAnn Other\nreject Ltd.\n"));
        assertEquals("approve", reply("approve\n\nSent from my iPhone\n\nOn 10 Mar 2026, Jenkins wrote:\n> x\n"));
        assertEquals("approve", reply("approve\n\nVon meinem iPhone gesendet\n"));
        assertEquals("approve", reply("approve\n\nGet Outlook for iOS\n"));
    }

    @Test
    void keepsTextThatOnlyLooksLikeHistory() throws Exception {
        String text = "On Monday I wrote:\nplease wait.\n\nFrom: here to there\nit is a mile.\n\n--- snip ---\nTo: do";
        assertEquals(text, reply(text));
    }

    @Test
    void readsHtmlIfThereIsNoText() throws Exception {
        assertEquals(
                "approve & go",
                ReplyText.of(
                        null,
                        "<html><head><style>p{}</style></head><body><div dir=\"ltr\">approve &amp; go</div><br>"
                                + "<div class=\"gmail_quote\"><div>On Tue, Mar 10, 2026 at 10:00 Jenkins &lt;j@c.com&gt;"
                                + " wrote:<br></div><blockquote>Shall it <b>go out</b>?<br>reject</blockquote></div>",
                        ReadDeadline.ENDLESS));
        assertEquals(
                "approve",
                ReplyText.of(
                        " \n",
                        "<div>approve</div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Jenkins<br><b>Sent:</b> Tuesday<br>"
                                + "<b>To:</b> Ann<br><b>Subject:</b> x</div><div>reject</div>",
                        ReadDeadline.ENDLESS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f&uuml;r          | f\u00fcr
            &Uuml;bung        | \u00dcbung
            1&frac12;         | 1\u00bd
            &hellip;          | \u2026
            a&there4;b        | a\u2234b
            &NotEqualTilde;   | \u2242\u0338
            &CounterClockwiseContourIntegral; | \u2233
            &#252;&#xfc;&#XFC; | \u00fc\u00fc\u00fc
            &#150;&#x80;      | \u2013\u20ac
            f&uumlr           | f\u00fcr
            &copy 2026        | \u00a9 2026
            &hellip           | &hellip
            &nonsense;        | &nonsense;
            &toString;        | &toString;
            a & b &; &#; &c   | a & b &; &#; &c
            x&#55357;y&#1114112;z | xyz
            &amp;uuml;        | &uuml;
            """)
    void readsHtmlCharactersLikeBrowsers(String html, String text) throws Exception {
        assertEquals(text, HtmlToText.of(html, ReadDeadline.ENDLESS));
    }

    @Test
    void returnsEmptyForNothingNewAndNullForNoBody() throws Exception {
        assertEquals("", reply("> all of it\n"));
        assertNull(ReplyText.of(null, null, ReadDeadline.ENDLESS));
    }

    /** {@code CostOfTextTest} has texts of the largest size; these are more kinds of them, in an eighth of it. */
    @Test
    void readsHostileTextsInLinearTime() throws Exception {
        String[] texts = {
            "On 1 ".repeat(25_000),
            "On 1\n".repeat(25_000),
            "From: a\n".repeat(12_500),
            "-- \n".repeat(25_000),
            "_".repeat(1 << 17),
            "-----original message".repeat(6_250),
            "> ".repeat(62_500),
            "On 1 @ wrote wrote wrote wrote\n:".repeat(3_750),
            ("On " + "1".repeat(60) + "wrote ".repeat(5) + "x:\n").repeat(1_250),
            ("1".repeat(30) + "@".repeat(30) + "<@" + "x".repeat(30) + ":\n").repeat(1_250),
            ("2026".repeat(10) + "<a@b".repeat(10) + ":\n").repeat(1_250)
        };
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (String text : texts) {
                reply(text);
            }
            for (String html : new String[] {"<a", "<script>", "<!--", "&#", "<blockquote>", "< ", "<p>x"}) {
                HtmlToText.of(html.repeat((1 << 17) / html.length()), ReadDeadline.ENDLESS);
            }
        });
    }
}
