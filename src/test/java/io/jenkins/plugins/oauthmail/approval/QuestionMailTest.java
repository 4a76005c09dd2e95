package io.jenkins.plugins.oauthmail.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.jobs.ReferenceSecrets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The question as a message, and the reference in it. */
class QuestionMailTest {
    private static final String ADDRESS = "build+mail@contoso.test";

    private final Reference reference = Reference.to("abcdefghijkl");

    private static Question question(String subject, String text) {
        Instant now = Instant.parse("2026-03-10T10:00:00Z");
        return new Question(
                "abcdefghijkl",
                "build-mail",
                subject,
                text,
                List.of("Yes please", "Ja nö", "NO"),
                1,
                now,
                now.plus(Duration.ofHours(4)));
    }

    private QuestionMail mail(String subject, String text, String html) {
        return new QuestionMail(
                question(subject, text),
                html,
                "shop <#12>",
                "https://ci/job/a&b/",
                ADDRESS,
                reference,
                true,
                "anna",
                false);
    }

    /** Or a program that quotes without marks would make an answer of it. */
    @Test
    void noLineLooksLikeAChoice() {
        QuestionMail mail = mail("Go?", "x", null);
        assertNotNull(mail.text());
        Document page = Jsoup.parse(mail.html());
        page.select("td, a, p, br").append("\\n");
        String seen = page.body().wholeText().replace("\\n", "\n");
        for (String text : List.of(mail.text(), seen)) {
            text.lines().forEach(line -> assertNull(mail.question().choice(line), line));
        }
        QuestionMail evil = mail("NO", "NO", null);
        assertNull(evil.question().choice(evil.text().lines().findFirst().orElseThrow()));
    }

    @Test
    void escapesTheQuestionUnlessItIsHtml() {
        QuestionMail mail = mail("<b>a</b> & \"c\"", "<script>x</script>\nsecond", null);
        assertFalse(mail.html().contains("<script>x"), mail.html());
        assertTrue(mail.html().contains("&lt;script&gt;x&lt;/script&gt;<br>\nsecond"), mail.html());
        assertTrue(mail.html().contains("&lt;b&gt;a&lt;/b&gt; &amp; &quot;c&quot;"), mail.html());
        assertTrue(mail.html().contains("shop &lt;#12&gt;"), mail.html());
        String whole = mail("a", null, "<html><body bgcolor=red><i>inner</i></body></html>")
                .html();
        assertTrue(whole.contains("<i>inner</i>"), whole);
        assertFalse(whole.contains("bgcolor=red"), whole);
    }

    @Test
    void eachChoiceIsALinkThatStartsTheAnswer() {
        Matcher links = Pattern.compile("href=\"(mailto:[^\"]*)\"")
                .matcher(mail("Möchten Sie?&body=NO", null, null).html());
        assertTrue(links.find());
        assertTrue(links.find());
        String link = links.group(1).replace("&amp;", "&");
        assertTrue(link.startsWith("mailto:build%2Bmail@contoso.test?subject="), link);
        assertTrue(link.endsWith("&body=Ja%20n%C3%B6"), link);
        assertTrue(link.contains("M%C3%B6chten%20Sie%3F%26body%3DNO%20%5Babcdefghijkl%20"), link);
        assertTrue(link.matches("[\\x21-\\x7e]+"), link);
    }

    @Test
    void appendsTheReferenceToALongSubject() {
        QuestionMail mail = mail("\uD83D\uDE00".repeat(400), null, null);
        Reference back = Reference.in("AW: Re: " + mail.subject().toUpperCase(Locale.ROOT), "abcdefghijkl");
        assertNotNull(back);
        assertEquals(reference.hash(), back.hash());
        assertTrue(mail.subject().codePointCount(0, mail.subject().length()) < 200);
    }

    @Test
    void informedPeopleGetNoReference() {
        QuestionMail mail =
                new QuestionMail(question("Go?", "x"), null, "shop #12", null, ADDRESS, null, false, "anna", false);
        assertFalse(mail.html().contains("mailto:"));
        assertNull(Reference.in(mail.subject(), "abcdefghijkl"));
    }

    @Test
    void findsExactlyOneReference() {
        String subject = reference.subject("Go?");
        assertNotNull(Reference.in(subject, "abcdefghijkl"));
        assertNotNull(Reference.in(subject + " " + subject, "abcdefghijkl"));
        assertNotNull(Reference.in(subject + Reference.to("bbbbbbbbbbbb").subject(""), "abcdefghijkl"));
        assertNull(Reference.in(subject + Reference.to("abcdefghijkl").subject(""), "abcdefghijkl"));
        assertNull(Reference.in(subject, "bbbbbbbbbbbb"));
        assertNull(Reference.in(subject.replace("]", ""), "abcdefghijkl"));
        assertNull(Reference.in("", "abcdefghijkl"));
        assertNotEquals(
                Reference.to("abcdefghijkl").hash(),
                Reference.to("abcdefghijkl").hash());
        assertEquals("Go? [abcdefghijkl …]", ReferenceSecrets.hide(subject));
        assertEquals("Go? [abcdefghijkl …]", ReferenceSecrets.hide(subject.substring(0, subject.length() - 1)));
        assertEquals(
                "Go? [abcdefghijkl …]...", ReferenceSecrets.hide(subject.substring(0, subject.length() - 9) + "..."));
        assertEquals("Go?", Reference.remove(subject));
        assertFalse(subject.contains(reference.toString()));
    }
}
