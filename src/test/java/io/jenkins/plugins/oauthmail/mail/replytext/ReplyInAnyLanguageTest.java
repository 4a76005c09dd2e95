package io.jenkins.plugins.oauthmail.mail.replytext;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers by mail programs that speak other languages, or give their history away by its form alone. */
class ReplyInAnyLanguageTest {

    private static String reply(String text) throws Exception {
        return ReplyText.of(text, null, ReadDeadline.ENDLESS);
    }

    private static String replyOfHtml(String html) throws Exception {
        return ReplyText.of(null, html, ReadDeadline.ENDLESS);
    }

    @Test
    void knowsManyLanguages() {
        assertTrue(Words.languages() > 50, () -> String.valueOf(Words.languages()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "On Tue, Mar 10, 2026 at 10:00 AM Jenkins <j@c.com> wrote:",
                "On Tuesday, March 10, 2026 at 10:00:00 AM GMT+1, Jenkins <j@c.com> wrote:\u00a0\u00a0",
                "On Tue, Mar 10, 2026 at 10:00 AM Jenkins Continuous Integration\n<\nj@c.com\n> wrote:",
                "On Tuesday, March 10, 2026,\n10:00 AM Jenkins <j@c.com>\nwrote:",
                "---- On Tue, 10 Mar 2026 10:00:00 +0100 Jenkins <j@c.com> wrote ----",
                "---- On Tue, 10 Mar 2026 10:00:00 +0100 j@c.com wrote ---",
                "Jenkins <j@c.com> wrote on 10/03/2026 10:00:",
                "2026-03-10 10:00 GMT+01:00 Jenkins <j@c.com>:",
                "Am Di., 10. März 2026 um 10:00 Uhr schrieb Jenkins <\nj@c.com>:",
                "Jenkins <j@c.com> schrieb am Di., 10. März 2026, 10:00:",
                "Am 10.03.2026 um 10:00 schrieb Jenkins via Team:",
                "Le mardi 10 mars 2026 à 10:00:00 UTC+1, Jenkins <j@c.com> a écrit :",
                "El martes, 10 de marzo de 2026, 10:00:00 CET, Jenkins <j@c.com> escribió:",
                "Il giorno martedì 10 marzo 2026, 10:00:00 CET, Jenkins <j@c.com> ha scritto:",
                "Em terça-feira, 10 de março de 2026 10:00:00 BRT, Jenkins <j@c.com> escreveu:",
                "Op dinsdag 10 maart 2026 om 10:00:00 CET schreef Jenkins <j@c.com>:",
                "tis 10 mars 2026 kl. 10:00 skrev Jenkins <j@c.com>:",
                "Den tirs. 10. mar. 2026 kl. 10.00 skrev Jenkins <j@c.com>:",
                "tir. 10. mar. 2026 kl. 10:00 skrev Jenkins <j@c.com>:",
                "ti 10. maalisk. 2026 klo 10.00 Jenkins (j@c.com) kirjoitti:",
                "Þann 10.3.2026 10:00, skrifaði Jenkins:",
                "Dnia 10 marca 2026 10:00 Jenkins <j@c.com> napisał(a):",
                "út 10. 3. 2026 v 10:00 odesílatel Jenkins <j@c.com> napsal:",
                "Dne 10.3.2026 v 10:00 Jenkins napsal(a):",
                "ut 10. 3. 2026 o 10:00 Jenkins <j@c.com> napísal(a):",
                "Jenkins <j@c.com> ezt írta (időpont: 2026. márc. 10., K, 10:00):",
                "2026. 03. 10. 10:00 keltezéssel, Jenkins írta:",
                "În mar., 10 mar. 2026 la 10:00, Jenkins <j@c.com> a scris:",
                "На вт, 10.03.2026 г. в 10:00 Jenkins <j@c.com> написа:",
                "Στις Τρί 10 Μαρ 2026 στις 10:00 π.μ., ο χρήστης Jenkins <j@c.com> έγραψε:",
                "вт, 10 мар. 2026 г. в 10:00, Jenkins <j@c.com>:",
                "10.03.2026 10:00, Jenkins пишет:",
                "Вторник, 10 марта 2026, 10:00 +03:00 от Jenkins <j@c.com> написал:",
                "вт, 10 бер. 2026 р. о 10:00 Jenkins <j@c.com> пише:",
                "uto, 10. ožu 2026. u 10:00 Jenkins <j@c.com> napisao je:",
                "уто, 10. мар 2026. у 10:00 Jenkins <j@c.com> је написао/ла:",
                "V tor., 10. mar. 2026 ob 10:00 je oseba Jenkins <j@c.com> napisala:",
                "2026-03-10, an, 10:00 Jenkins <j@c.com> rašė:",
                "otrd., 2026. g. 10. marts plkst. 10:00 — lietotājs Jenkins (<j@c.com>) rakstīja:",
                "Kuupäev T, 10. märts 2026 kell 10:00 kirjutas Jenkins <j@c.com>:",
                "Jenkins <j@c.com>, 10 Mar 2026 Sal, 10:00 tarihinde şunu yazdı:",
                "El dt., 10 de març 2026 a les 10:00, Jenkins <j@c.com> va escriure:",
                "2026年3月10日(火) 10:00 Jenkins <j@c.com>:",
                "2026/03/10 10:00、Jenkins <j@c.com>のメール:",
                "Jenkins <j@c.com> 于2026年3月10日周二 10:00写道：",
                "在 2026年3月10日，10:00，Jenkins <j@c.com> 写道：",
                "Jenkins <j@c.com> 於 2026年3月10日 週二 上午10:00寫道：",
                "2026년 3월 10일 (화) 오전 10:00, Jenkins <j@c.com>님이 작성:",
                "Vào Th 3, 10 thg 3, 2026 vào lúc 10:00 Jenkins <j@c.com> đã viết:",
                "ในวันที่ อ. 10 มี.ค. 2026 เวลา 10:00 Jenkins <j@c.com> เขียนว่า:",
                "Pada tanggal Sel, 10 Mar 2026 pukul 10.00 Jenkins <j@c.com> menulis:",
                "في الثلاثاء، 10 مارس 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Jenkins <j@c.com>:",
                "\u202bבתאריך יום ג׳, 10 במרץ 2026 ב-10:00 מאת \u202aJenkins\u202c\u200f <\u202aj@c.com\u202c\u200f>:\u202c",
                "در تاریخ سه‌شنبه ۱۰ مارس ۲۰۲۶، ۱۰:۰۰ Jenkins <j@c.com> نوشت:",
                "मंगल, 10 मार्च 2026 को 10:00 पूर्वाह्न बजे को Jenkins <j@c.com> ने लिखा:",
                "Noong Mar, Mar 10, 2026 nang 10:00 AM, isinulat ni Jenkins <j@c.com>:",
                "Mnamo Jum, 10 Mac 2026 saa 10:00 Jenkins <j@c.com> aliandika:"
            })
    void keepsTextDirectlyAboveAnIntroduction(String introduction) throws Exception {
        assertEquals("approve", reply("approve\n" + introduction + "\n> Shall it go out?\n> reject\n"));
        assertEquals("approve", reply("approve\n\n" + introduction + "\n\nShall it go out?\nreject\n"));
        assertEquals("approve\nin 2026", reply("approve\nin 2026\n" + introduction + "\n\n> Shall it go out?\n"));
        String html = introduction.replace("<", "&lt;").replace(">", "&gt;");
        assertEquals(
                "approve", replyOfHtml("<div>approve</div><div>" + html + "<br><blockquote>reject</blockquote></div>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Aft 10.03.2026 10:00 gorp Jenkins <j@c.com>:",
                "10 Blah 2026, 10:00, Jenkins zork:",
            })
    void recognizesADateLineAboveAQuotationInAnyLanguage(String introduction) throws Exception {
        assertEquals("approve", reply("approve\n\n" + introduction + "\n> Shall it go out?\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The log of 2026-03-10 says from <a@b.c>:\nout of memory\nPlease look.",
                "2026-03-10 10:00 build 5 for <a@b.c>:\nfailed",
                "approve\n2026-03-10:\nfine",
                "10.03.2026\napprove",
                "At 10:00 we stop:\nall of it",
                "Version: 1.2\nStage: prod\nDone: yes\nTicket: 4711",
                "I wrote:\nplease wait",
                "Ich habe es gesendet",
                "From now on: fine\napprove",
                "____\napprove"
            })
    void keepsTextThatIsNoHistory(String text) throws Exception {
        assertEquals(text, reply(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            From | Sent | To | Subject
            Von | Gesendet | An | Betreff
            De | Envoyé | À | Objet
            De | Enviado el | Para | Asunto
            Da | Inviato | A | Oggetto
            De | Enviada em | Para | Assunto
            Van | Verzonden | Aan | Onderwerp
            Från | Skickat | Till | Ämne
            Fra | Sendt | Til | Emne
            Lähettäjä | Lähetetty | Vastaanottaja | Aihe
            Od | Wysłane | Do | Temat
            Od | Odesláno | Komu | Předmět
            Od | Odoslané | Komu | Predmet
            Feladó | Elküldve | Címzett | Tárgy
            De la | Trimis | Către | Subiect
            От | Изпратено | До | Относно
            Από | Στάλθηκε | Προς | Θέμα
            От | Отправлено | Кому | Тема
            Від | Надіслано | Кому | Тема
            Šalje | Poslano | Prima | Predmet
            Pošiljatelj | Poslano | Za | Zadeva
            Nuo | Išsiųsta | Kam | Tema
            No | Nosūtīts | Kam | Tēma
            Saatja | Saadetud | Adressaat | Teema
            Kimden | Gönderildi | Kime | Konu
            差出人 | 送信日時 | 宛先 | 件名
            发件人 | 发送时间 | 收件人 | 主题
            寄件者 | 寄件日期 | 收件者 | 主旨
            보낸 사람 | 보낸 날짜 | 받는 사람 | 제목
            Từ | Đã gửi | Đến | Chủ đề
            จาก | ส่ง | ถึง | เรื่อง
            Dari | Dikirim | Kepada | Subjek
            من | تاريخ الإرسال | إلى | الموضوع
            מאת | נשלח | אל | נושא
            प्रेषक | भेजा गया | प्रति | विषय
            """)
    void removesOutlookHeadersInKnownLanguages(String from, String sent, String to, String subject) throws Exception {
        String block = from + ": Jenkins\n" + sent + ": 10\n" + to + ": Ann\n" + subject + ": Deploy?\n";
        assertEquals("approve", reply("approve\n\n" + block + "\nreject\n"));
        String spaced = block.replace(":", "\u00a0:");
        assertEquals("approve", reply("approve\n\n________________________________\n" + spaced + "\nreject\n"));
    }

    @Test
    void removesOutlookHeadersInUnknownLanguages() throws Exception {
        String block = "Zork: Jenkins <j@c.com>\nGnu: 10.03.2026 10:00\nFoo: Ann\nBar: Deploy?\n\nreject\n";
        assertEquals("approve", reply("approve\n\n" + block));
        assertEquals("approve", reply("approve\n________________________________\n" + block));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>Zork:</b> J<br><b>Gnu:</b> x</div>reject",
                "<div id=\"x_divRplyFwdMsg\">Zork: J</div>reject",
                "<div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p>Zork</p></div></div>reject",
                "<div style='border:none;border-top:solid #B5C4DF 1.0pt'><p>Zork</p></div>reject",
                "<div style=\"border-top: 1pt solid rgb(225, 225, 225); padding: 3pt 0in\">Zork</div>reject",
                "<hr id=\"stopSpelling\">Zork: J<br>reject",
                "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">Zork<br></div><blockquote class=\"gmail_quote\">reject</blockquote></div>",
                "<div class=\"gmail_quote\">Zork &lt;j@c&gt;<br><blockquote class=\"gmail_quote\">reject</blockquote></div>",
                "<div class=\"moz-cite-prefix\">Zork<br></div><blockquote type=\"cite\">reject</blockquote>",
                "<div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\"><div><div>Zork</div><div>reject</div></div></div>",
                "<div class=\"AppleOriginalContents\">Zork<div>reject</div></div>",
                "<blockquote type=\"cite\">reject</blockquote>",
                "<div id=\"mail-editor-reference-message-container\"><div>Zork</div>reject</div>",
                "<div class=\"protonmail_quote\">Zork<blockquote>reject</blockquote></div>"
            })
    void recognizesHtmlMarksInAnyLanguage(String history) throws Exception {
        String html = "<html><body><div>approve</div>" + history + "</body></html>";
        assertEquals("approve", replyOfHtml(html));
        assertEquals("approve", ReplyText.of("approve\n\nZork: J\nreject\n", html, ReadDeadline.ENDLESS));
    }

    @Test
    void keepsAnswersBetweenGmailQuotations() throws Exception {
        assertEquals(
                "yes\nno",
                replyOfHtml(
                        "<div class=\"gmail_quote\"><div class=\"gmail_attr\">Zork<br></div><blockquote>Tests?</blockquote>"
                                + "<div>yes</div><blockquote>Production?</blockquote><div>no</div></div>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sent from my iPhone",
                "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
                "Get Outlook for Android<https://aka.ms/AAb9ysg>",
                "Von meinem iPhone gesendet",
                "Gesendet von Outlook für iOS",
                "Outlook für Android herunterladen",
                "Envoyé à partir de Outlook pour iOS",
                "Télécharger Outlook pour Android",
                "Enviado desde Outlook para iOS",
                "Obtener Outlook para Android",
                "Inviato da Outlook per iOS",
                "Enviado do Outlook para iOS",
                "Verzonden vanaf Outlook voor iOS",
                "Skickat från Outlook för iOS",
                "Hämta Outlook för Android",
                "Sendt fra Outlook for iOS",
                "Lähetetty iPhonesta",
                "Wysłane z programu Outlook dla systemu iOS",
                "Odesláno z aplikace Outlook",
                "Odoslané z iPhonu",
                "Az Outlook beszerzése Android rendszerre",
                "Trimis de pe iPhone",
                "Στάλθηκε από το iPhone μου",
                "Отправлено с iPhone",
                "Надіслано з iPhone",
                "Poslano s mog iPhone uređaja",
                "iPhone'umdan gönderildi",
                "iPhoneから送信",
                "发自我的iPhone",
                "從我的 iPhone 傳送",
                "나의 iPhone에서 보냄",
                "Đã gửi từ iPhone của tôi",
                "ส่งจาก iPhone ของฉัน",
                "Dikirim dari iPhone saya",
                "أُرسلت من الـ iPhone",
                "נשלח מה-iPhone שלי"
            })
    void removesPhoneSignatures(String line) throws Exception {
        assertEquals("approve", reply("approve\n\n" + line + "\n"));
        assertEquals("approve", reply("approve\n\n" + line + "\n________________________________\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            &#65279;approve&#8203; | approve
            <p>&nbsp;</p><p>approve&nbsp;</p> | approve
            f&uuml;r &quot;alle&quot; &NewLine; | für "alle"
            <table><tr><td>approve</td><td>now</td></tr></table> | approve now
            <div style="display:none">preheader</div>approve | approve
            <span style="display: none !important">x</span>approve | approve
            <div style="max-height:0;overflow:hidden">x<div>y</div></div>approve | approve
            <div style="font-size:0px">x</div>approve | approve
            <div style="font-size:0.9em">approve</div> | approve
            <span hidden>x</span>approve | approve
            <p style="display:none">x<p>approve | approve
            <td style="display:none"><table><tr><td>x</td></tr></table></td><td>approve</td> | approve
            <div style="display:none">approve | approve
            <head><title>x</title><body>approve | approve
            <header>approve</header> | approve
            """)
    void readsVisibleHtmlOnly(String html, String text) throws Exception {
        assertEquals(text, replyOfHtml(html));
    }

    @Test
    void keepsLinesOfPreformattedText() throws Exception {
        assertEquals("one\n  two\n\nthree", replyOfHtml("<pre>one\r\n  two\n\nthree</pre>"));
        assertEquals("one\n  two", replyOfHtml("<div style=\"white-space: pre-wrap\">one\n  two</div>"));
        assertEquals("approve", replyOfHtml("<pre>approve\n<blockquote>one\ntwo</blockquote></pre>"));
    }

    @Test
    void removesInvisibleCharactersAroundAnAnswer() throws Exception {
        assertEquals("approve", reply("\ufeff\u200b approve\u00a0\u200b\n\u00a0\n\u00a0\n"));
        assertEquals("approve", reply("approve\n\u00a0\n__________\n\u200b\n"));
        assertEquals("approve", reply("approve\n\u00a0\n\u00a0> reject\n"));
    }
}
