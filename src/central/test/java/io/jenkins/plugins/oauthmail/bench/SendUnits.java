package io.jenkins.plugins.oauthmail.bench;

import io.jenkins.plugins.oauthmail.mail.MailSender;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** The units S1, S2n, S2b, S3 and S4. */
final class SendUnits {

    private SendUnits() {}

    /** @return false if there is no such unit */
    static boolean run(String unit, Mailbox mailbox) throws Exception {
        try (MailSender sender = new MailSender(mailbox)) {
            switch (unit) {
                case "S1" -> sender.send(note(mailbox, 1, 1, List.of()));
                case "S2n" -> each(sender, mailbox);
                case "S2b" -> together(sender, mailbox);
                case "S3" -> sender.send(note(mailbox, 1, 10, List.of()));
                case "S4" -> sender.send(note(mailbox, 1, 1, List.of(file())));
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    /** Twenty notifications, one after the other, as builds send them. */
    private static void each(MailSender sender, Mailbox mailbox) throws MailFailure, InterruptedException {
        for (int i = 1; i <= 20; i++) {
            sender.send(note(mailbox, i, 1, List.of()));
        }
    }

    /** The same from many builds at once. */
    private static void together(MailSender sender, Mailbox mailbox) throws Exception {
        ExecutorService builds = Executors.newFixedThreadPool(20);
        try {
            List<Callable<Void>> notes = IntStream.rangeClosed(1, 20)
                    .<Callable<Void>>mapToObj(i -> () -> {
                        sender.send(note(mailbox, i, 1, List.of()));
                        return null;
                    })
                    .toList();
            for (Future<Void> sent : builds.invokeAll(notes)) {
                sent.get();
            }
        } finally {
            builds.shutdown();
        }
    }

    private static OutgoingMail.Attachment file() throws IOException {
        Path attachment = Path.of(System.getenv("BENCH_ATTACHMENT"));
        return new OutgoingMail.Attachment(
                attachment.getFileName().toString(), Files.size(attachment), () -> Files.newInputStream(attachment));
    }

    private static OutgoingMail note(
            Mailbox mailbox, int number, int recipients, List<OutgoingMail.Attachment> attachments) {
        return OutgoingMail.from(mailbox.user())
                .to(IntStream.rangeClosed(1, recipients)
                        .mapToObj(i -> "dev" + i + "@example.test")
                        .toList())
                .subject("Build " + number + " failed")
                .text(("Build " + number + " of nightly failed. See the log for details.\r\n").repeat(15))
                .attachments(attachments)
                .build();
    }
}
