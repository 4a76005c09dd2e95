package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import jakarta.mail.internet.MimeMessage;
import java.util.List;

/**
 * One mail and what is said about it.
 *
 * @param sent null for a failure
 * @param failure null if it was sent
 */
record SentCase(String id, List<String> recipients, SentMail sent, MailFailure failure) {

    /** Compares what is said with what recipients got. */
    static void judge(MailServerFake server, List<SentCase> sent, List<Violation> violations) throws Exception {
        for (SentCase one : sent) {
            for (String recipient : one.recipients()) {
                int copies = copies(server, recipient, one.id());
                boolean unknown = unknown(one, recipient);
                boolean accepted = one.sent() != null && one.sent().accepted().contains(recipient);
                String what = one.id() + " to " + recipient;
                if (copies > 1) {
                    violations.add(new Violation("delivered twice", what + ": " + copies + " copies"));
                } else if (accepted && copies == 0) {
                    violations.add(new Violation("said sent, was not", what));
                } else if (!accepted && !unknown && copies == 1) {
                    violations.add(new Violation("said not sent, was", what + ": " + said(one, recipient)));
                }
            }
        }
    }

    private static String said(SentCase one, String recipient) {
        return one.failure() != null
                ? one.failure().getMessage()
                : one.sent().refused().stream()
                        .filter(refused -> refused.startsWith(recipient))
                        .findFirst()
                        .orElse("");
    }

    private static boolean unknown(SentCase one, String recipient) {
        return one.failure() != null
                ? one.failure().fateUnknown()
                : said(one, recipient).contains("may have been delivered");
    }

    private static int copies(MailServerFake server, String recipient, String id) throws Exception {
        int copies = 0;
        for (MimeMessage mail : server.mails(recipient, "INBOX")) {
            copies += id.equals(mail.getHeader("X-Case", null)) ? 1 : 0;
        }
        return copies;
    }
}
