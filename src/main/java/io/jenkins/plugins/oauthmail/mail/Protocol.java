package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.connect.FolderMonitor;
import io.jenkins.plugins.oauthmail.mail.connect.MailStore;
import io.jenkins.plugins.oauthmail.mail.connect.MailTransport;
import io.jenkins.plugins.oauthmail.mail.connect.RateLimit;
import io.jenkins.plugins.oauthmail.mail.connect.Timeouts;
import io.jenkins.plugins.oauthmail.mail.graph.GraphFolderMonitor;
import io.jenkins.plugins.oauthmail.mail.graph.GraphStore;
import io.jenkins.plugins.oauthmail.mail.graph.GraphTransport;
import io.jenkins.plugins.oauthmail.mail.imap.ImapFolderMonitor;
import io.jenkins.plugins.oauthmail.mail.imap.ImapStore;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.smtp.SmtpTransport;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How a mailbox is reached: the only place where the facade chooses what sends, reads and watches. */
enum Protocol {
    IMAP_AND_SMTP {
        @Override
        Object source(Mailbox mailbox) {
            return mailbox.imap();
        }

        @Override
        MailStore store(Mailbox mailbox, Reading reading) {
            return new ImapStore(
                    mailbox,
                    reading.rule,
                    reading.maxBytes,
                    reading.maxTime,
                    reading.timeouts,
                    reading.nanoTime,
                    reading.time,
                    reading.keeps);
        }

        @Override
        MailTransport transport(Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries, RateLimit pace) {
            return new SmtpTransport(mailbox, timeouts, time, tries, pace);
        }

        @Override
        FolderMonitor monitor(Mailbox mailbox, String folder) {
            return new ImapFolderMonitor(mailbox, folder);
        }

        @Override
        FolderMonitor monitor(Mailbox mailbox, String folder, Duration renewal, Duration poll) {
            return new ImapFolderMonitor(mailbox, folder, renewal, poll);
        }
    },

    GRAPH {
        @Override
        Object source(Mailbox mailbox) {
            return mailbox.graph();
        }

        @Override
        MailStore store(Mailbox mailbox, Reading reading) {
            return new GraphStore(
                    mailbox,
                    reading.rule,
                    reading.maxBytes,
                    reading.maxTime,
                    reading.timeouts,
                    reading.nanoTime,
                    reading.time);
        }

        @Override
        MailTransport transport(Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries, RateLimit pace) {
            return new GraphTransport(mailbox, timeouts, time, tries, pace);
        }

        @Override
        FolderMonitor monitor(Mailbox mailbox, String folder) {
            return new GraphFolderMonitor(mailbox, folder);
        }

        @Override
        FolderMonitor monitor(Mailbox mailbox, String folder, Duration renewal, Duration poll) {
            return new GraphFolderMonitor(mailbox, folder, renewal, poll, poll, Timeouts.DEFAULT);
        }
    };

    /**
     * What a reader is made of, apart from the mailbox.
     *
     * @param keeps whether a connection is kept for the next call
     */
    record Reading(
            AuthenticationRule rule,
            long maxBytes,
            Duration maxTime,
            Timeouts timeouts,
            LongSupplier nanoTime,
            TimeSource time,
            boolean keeps) {}

    @NonNull
    static Protocol of(@NonNull Mailbox mailbox) {
        return mailbox.graph() == null ? IMAP_AND_SMTP : GRAPH;
    }

    /** The server from which the mailbox is read. */
    abstract Object source(Mailbox mailbox);

    abstract MailStore store(Mailbox mailbox, Reading reading);

    abstract MailTransport transport(Mailbox mailbox, Timeouts timeouts, TimeSource time, int tries, RateLimit pace);

    abstract FolderMonitor monitor(Mailbox mailbox, String folder);

    /** A monitor that does not wait as long as usual, for tests. */
    abstract FolderMonitor monitor(Mailbox mailbox, String folder, Duration renewal, Duration poll);
}
