package io.jenkins.plugins.oauthmail.mail.compose;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.nio.charset.StandardCharsets;

/** Estimates and limits the size of a message before it is composed. */
public final class MessageSize {

    private static final long HEADERS = 2048;
    private static final long PART_HEADERS = 512;

    private MessageSize() {}

    /** The size as sent, in bytes: base64 turns 57 bytes into 78, line end included (RFC 2045 section 6.8). */
    public static long estimate(OutgoingMail mail) {
        // Plain text generated from HTML is hardly ever longer than the HTML.
        String text = mail.text() == null ? mail.html() : mail.text();
        long size = HEADERS + encoded(octets(text)) + encoded(octets(mail.html()));
        for (OutgoingMail.Attachment attachment : mail.attachments()) {
            size += PART_HEADERS + encoded(Math.max(0, attachment.size()));
        }
        return size;
    }

    public static void check(OutgoingMail mail, long limit) throws MailFailure {
        check(estimate(mail), limit);
    }

    static void check(long size, long limit) throws MailFailure {
        if (limit > 0 && size > limit) {
            throw new MailFailure(Layer.MESSAGE, Messages.MessageSize_account(readable(size), readable(limit)));
        }
    }

    public static MailFailure tooLarge(long size, long limit, Endpoint endpoint) {
        return new MailFailure(Layer.MESSAGE, Messages.MessageSize_server(readable(size), readable(limit), endpoint));
    }

    private static long encoded(long octets) {
        return (octets + 56) / 57 * 78;
    }

    private static long octets(String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String readable(long octets) {
        long kib = (octets + 1023) / 1024;
        return kib < 10_240 ? kib + " KiB" : (kib + 1023) / 1024 + " MiB";
    }
}
