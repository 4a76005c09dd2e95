package io.jenkins.plugins.oauthmail.bench;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.received.LocalPart;
import io.jenkins.plugins.oauthmail.mail.received.MailAssembler;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.ReadBudget;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import jakarta.mail.Flags;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The CPU time of turning mails that were fetched whole into what a build gets, without a server. The mails are those of
 * Apache Mime4j's tests, which need the most work for the least text.
 */
final class ParseUnits {
    private static final List<String> FOLDERS = List.of("testmsgs/", "mimetools-testmsgs/");
    private static final double SECOND = 1e9;

    private ParseUnits() {}

    /** Prints how many mails are read in a second of CPU time, after as long a warm-up. */
    static void print(int rounds) throws Exception {
        List<byte[]> mails = mails();
        for (int round = 0; round < rounds; round++) {
            all(mails);
        }
        long begin = Cpu.ofThisThread();
        for (int round = 0; round < rounds; round++) {
            all(mails);
        }
        long took = Cpu.ofThisThread() - begin;
        System.out.printf(
                "CPU\t%d mails\t%.0f mails per CPU second%n", mails.size(), rounds * mails.size() / (took / SECOND));
    }

    private static void all(List<byte[]> mails) throws Exception {
        for (byte[] mail : mails) {
            if (read(mail) == null) {
                throw new IllegalStateException("a mail that was not read");
            }
        }
    }

    private static ReceivedMail read(byte[] mail) throws Exception {
        MailAssembler assembler = new MailAssembler(
                (id, name, content) -> {
                    content.transferTo(OutputStream.nullOutputStream());
                    return name;
                },
                MailQuery.inbox(),
                AuthenticationRule.EXCHANGE,
                new ReadBudget(Long.MAX_VALUE),
                ReadDeadline.ENDLESS);
        LocalPart root = new LocalPart(new SharedByteArrayInputStream(mail), mail.length, ReadDeadline.ENDLESS);
        return assembler.mail(
                new MailAssembler.About(new MailId("1-1"), new Flags(), Instant.EPOCH),
                new ReceivedHeaders(mail.clone(), ReceivedHeaders.MAX_BYTES),
                new PartWalker(root, ReadDeadline.ENDLESS));
    }

    private static List<byte[]> mails() throws Exception {
        List<byte[]> mails = new ArrayList<>();
        for (String folder : FOLDERS) {
            URL url = ParseUnits.class.getClassLoader().getResource(folder);
            try (JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile()) {
                for (JarEntry entry : jar.stream()
                        .filter(each -> each.getName().startsWith(folder)
                                && each.getName().endsWith(".msg"))
                        .toList()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        mails.add(in.readAllBytes());
                    }
                }
            }
        }
        return mails;
    }
}
