package io.jenkins.plugins.oauthmail.bench;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * R1 reads the newest unseen mail, R2 the envelopes of two hundred with a word in the subject, R3 the plain texts of a
 * folder of fifty, R4 saves an attachment. R1w is R1 three times over a connection that is kept, R2b R2 with bodies, R3h
 * R3 with HTML. R5 and R6 look in vain for an authenticated sender and for an attachment in a folder of many.
 */
public final class ReadUnits {
    private static final long MAX_READ = 100 << 20;

    private ReadUnits() {}

    /**
     * Prints one line a mail or file, fields parted by tabs. Files go into the folder of the environment variable
     * BENCH_DIR.
     *
     * @return whether there is such a unit
     */
    public static boolean run(String unit, Mailbox mailbox) throws Exception {
        try (MailReader reader =
                MailReader.keeping(mailbox, AuthenticationRule.EXCHANGE, MAX_READ, Duration.ofMinutes(10))) {
            return run(unit, reader);
        }
    }

    private static boolean run(String unit, MailReader reader) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        switch (unit) {
            case "R1" ->
                texts(out, read(reader, MailQuery.in("INBOX").unseen(true).limit(1), null));
            case "R1w" -> {
                for (int i = 0; i < 3; i++) {
                    texts(out, read(reader, MailQuery.in("INBOX").unseen(true).limit(1), null));
                }
            }
            case "R2", "R2b" ->
                envelopes(
                        out,
                        read(
                                reader,
                                MailQuery.in("INBOX")
                                        .subject("ALERT")
                                        .limit(200)
                                        .bodies(unit.equals("R2b")),
                                null));
            case "R3", "R3h" ->
                texts(out, read(reader, MailQuery.in("Fifty").limit(50).html(unit.equals("R3h")), null));
            case "R4" ->
                files(out, read(reader, MailQuery.in("Big").limit(1), (id, name, content) -> {
                    Path file = Path.of(System.getenv("BENCH_DIR"), name);
                    Files.copy(content, file);
                    return file.toString();
                }));
            case "R5" -> read(reader, MailQuery.in("Many").authenticated(true), null);
            case "R6" -> read(reader, MailQuery.in("Many").hasAttachment(true), null);
            default -> {
                return false;
            }
        }
        out.flush();
        return true;
    }

    private static List<ReceivedMail> read(MailReader reader, MailQuery.Builder query, AttachmentSink sink)
            throws Exception {
        return reader.read(query.build(), sink);
    }

    private static void texts(PrintStream out, List<ReceivedMail> mails) throws Exception {
        for (ReceivedMail mail : mails) {
            String words = mail.text()
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.joining("\n"));
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(words.getBytes(StandardCharsets.UTF_8));
            print(out, "TEXT", mail.messageId(), mail.subject(), HexFormat.of().formatHex(sum));
        }
    }

    private static void envelopes(PrintStream out, List<ReceivedMail> mails) {
        for (ReceivedMail mail : mails) {
            print(
                    out,
                    "ENV",
                    mail.messageId(),
                    mail.subject(),
                    mail.from().get(0).address(),
                    String.valueOf(mail.sent().getEpochSecond()));
        }
    }

    private static void files(PrintStream out, List<ReceivedMail> mails) {
        mails.get(0).attachments().forEach(file -> print(out, "FILE", file.path()));
    }

    private static void print(PrintStream out, String... fields) {
        out.println(String.join("\t", fields));
    }
}
