package io.jenkins.plugins.oauthmail.mail.compose;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jenkins.plugins.oauthmail.mail.Draft;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attached images that the HTML shows. */
class InlineImagesTest {
    private static final byte[] IMAGE = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2};

    private static MimeMessage arrived(Draft draft) throws Exception {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        new MimeComposer(draft.mail()).compose().message().writeTo(raw);
        return new MimeMessage(null, new ByteArrayInputStream(raw.toByteArray()));
    }

    /** Types and names, nested parts in parentheses. */
    private static String structure(Part part) throws Exception {
        String type = part.getContentType().replaceAll("(?s);.*", "").toLowerCase(java.util.Locale.ROOT);
        if (!(part.getContent() instanceof Multipart several)) {
            return part.getFileName() == null ? type : part.getDisposition() + " " + part.getFileName();
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < several.getCount(); i++) {
            parts.add(structure(several.getBodyPart(i)));
        }
        return type + parts;
    }

    @Test
    void areShownBesideOtherAttachments() throws Exception {
        MimeMessage mail = arrived(new Draft()
                .text("text")
                .html("<img src=\"cid:chart.png\"> <img src='cid:small-2.gif'>")
                .attach("chart.png", IMAGE)
                .attach("report.txt", "x".getBytes(StandardCharsets.US_ASCII))
                .attach("small-2.gif", IMAGE)
                .attach("other.png", IMAGE));
        assertEquals(
                "multipart/mixed[multipart/alternative[text/plain, multipart/related[text/html, inline chart.png,"
                        + " inline small-2.gif]], attachment report.txt, attachment other.png]",
                structure(mail));
        Multipart alternative =
                (Multipart) ((Multipart) mail.getContent()).getBodyPart(0).getContent();
        Multipart related = (Multipart) alternative.getBodyPart(1).getContent();
        BodyPart image = related.getBodyPart(1);
        assertEquals("<chart.png>", image.getHeader("Content-ID")[0]);
        assertEquals("image/png", image.getContentType());
        assertArrayEquals(IMAGE, image.getInputStream().readAllBytes());
    }

    @Test
    void needNoOtherAttachment() throws Exception {
        assertEquals(
                "multipart/alternative[text/plain, multipart/related[text/html, inline a.png]]",
                structure(arrived(new Draft()
                        .html("<td background=\"cid:a.png\"><p style=\"background:url(cid:a.png)\">")
                        .attach("a.png", IMAGE))));
    }

    @Test
    void oneOfSeveralWithTheSameName() throws Exception {
        assertEquals(
                "multipart/mixed[multipart/alternative[text/plain, multipart/related[text/html, inline a.png]],"
                        + " attachment a.png]",
                structure(arrived(new Draft()
                        .html("<img src=cid:a.png >")
                        .attach("a.png", IMAGE)
                        .attach("a.png", IMAGE))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cid:a.png",
                "<img src=\"a.png\">",
                "<img src=\"https://contoso.test/a.png\">",
                "<img src=\"cid:A.PNG\">",
                "<img src=\"cid:xa.png\">",
                "<img src=\"cid:a.png.bak\">",
                "&quot;cid:a.png&quot;"
            })
    void onlyIfTheHtmlRefersToThem(String html) throws Exception {
        String structure = structure(arrived(new Draft().html(html).attach("a.png", IMAGE)));
        assertFalse(structure.contains("related"), structure);
    }

    @Test
    void onlyImages() throws Exception {
        String structure = structure(
                arrived(new Draft().html("<iframe src=\"cid:page.html\">").attach("page.html", IMAGE)));
        assertFalse(structure.contains("related"), structure);
        structure = structure(arrived(new Draft().text("src=\"cid:a.png\"").attach("a.png", IMAGE)));
        assertFalse(structure.contains("related"), structure);
    }
}
