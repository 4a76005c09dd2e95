package io.jenkins.plugins.oauthmail.bench;

import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import jakarta.mail.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import java.util.Set;

/**
 * What the reading units find: a thousand messages, ten of them unseen and 200 with ALERT in the subject; a folder of
 * fifty; a folder with one message of 25 MiB. Every other message has an attachment.
 */
final class BenchMailbox {
    private static final Set<Integer> UNSEEN = Set.of(100, 200, 300, 400, 500, 600, 700, 800, 900, 995);
    private static final int INBOX = 1000;
    private static final int FIFTY = 50;
    private static final int SMALL = 20 << 10;
    private static final int ALERTS = 5;
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

    private BenchMailbox() {}

    /** @param big content of the large attachment */
    static void fill(MailServerFake server, String user, byte[] big) {
        for (int i = 1; i <= INBOX; i++) {
            deliver(server, user, "INBOX", i, i % 2 == 0 ? bytes(i) : null, !UNSEEN.contains(i));
        }
        for (int i = 1; i <= FIFTY; i++) {
            deliver(server, user, "Fifty", i, i % 2 == 0 ? bytes(i) : null, false);
        }
        deliver(server, user, "Big", 1, big, false);
    }

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[SMALL];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void deliver(
            MailServerFake server, String user, String folder, int number, byte[] attachment, boolean seen) {
        String line = "Gr=C3=B6=C3=9Fe " + number + ": the quick brown fox =3D jumps over the lazy dog.\r\n";
        String alternative = "Content-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + line.repeat(20) + "\r\n--alt\r\n"
                + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + ("<p>" + line + "</p>").repeat(20) + "\r\n--alt--\r\n";
        String body = attachment == null
                ? alternative
                : "Content-Type: multipart/mixed; boundary=mix\r\n\r\n--mix\r\n" + alternative + "--mix\r\n"
                        + "Content-Type: application/octet-stream; name=\"build.zip\"\r\n"
                        + "Content-Transfer-Encoding: base64\r\n"
                        + "Content-Disposition: attachment; filename=\"build.zip\"\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(attachment) + "\r\n--mix--\r\n";
        String mail = "From: Builder <builder" + number % 7 + "@example.test>\r\nTo: builds@example.test\r\n"
                + "Subject: " + (number % ALERTS == 0 ? "[ALERT] disk " : "Build ") + number + " on nightly\r\n"
                + "Date: Mon, 05 Jan 2026 08:00:00 +0000\r\n"
                + "Message-ID: <" + folder + "." + number + "@example.test>\r\nMIME-Version: 1.0\r\n" + body;
        Flags flags = new Flags();
        if (seen) {
            flags.add(Flags.Flag.SEEN);
        }
        server.deliver(
                user, folder, mail.getBytes(StandardCharsets.ISO_8859_1), START.plusSeconds(60L * number), flags);
    }
}
