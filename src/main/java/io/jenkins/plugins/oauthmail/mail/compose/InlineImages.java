package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells attached images that the HTML shows, such as by {@code <img src="cid:chart.png">} (RFC 2392), from other
 * attachments. Only what is attached is shown: nothing is fetched from anywhere.
 *
 * @param images shown by the HTML, each name once
 * @param others to be attached
 */
record InlineImages(List<OutgoingMail.Attachment> images, List<OutgoingMail.Attachment> others) {
    /** In an attribute or a style. Other characters would have to be encoded, which mail programs do differently. */
    private static final Pattern REFERENCE =
            Pattern.compile("[\"'=(]\\s*cid:([A-Za-z0-9._+-]+)(?=\\s*[\"')>\\s])", Pattern.CASE_INSENSITIVE);

    static InlineImages of(OutgoingMail mail) {
        Set<String> wanted = new HashSet<>();
        if (mail.html() != null && !mail.attachments().isEmpty()) {
            Matcher reference = REFERENCE.matcher(mail.html());
            while (reference.find()) {
                wanted.add(reference.group(1));
            }
        }
        List<OutgoingMail.Attachment> images = new ArrayList<>();
        List<OutgoingMail.Attachment> others = new ArrayList<>();
        for (OutgoingMail.Attachment attachment : mail.attachments()) {
            boolean image = MimeComposer.type(attachment.name()).startsWith("image/");
            // Of several files with one name, the first is shown.
            boolean shown = image && wanted.remove(attachment.name());
            (shown ? images : others).add(attachment);
        }
        return new InlineImages(images, others);
    }
}
