package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.MailWatch;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong at whatever line while a folder is watched: news is told, or the watch ends; it is never deaf. */
class WatchFaultsTest {

    private static final Duration RENEWAL = Duration.ofMillis(300);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration MAX = Duration.ofSeconds(10);
    private static final int ENDLESS = 1 << 20;

    private static FaultyInbox inbox;

    private enum Situation {
        IDLE("idle"),
        POLLING("polling"),
        REFUSED("idle refused");

        private final String words;

        Situation(String words) {
            this.words = words;
        }

        void prepare() throws Exception {
            inbox.fill();
            if (this == POLLING) {
                inbox.server
                        .imapTraits()
                        .rewrite(line -> line.contains("CAPABILITY") ? line.replace(" IDLE", "") : line);
            } else if (this == REFUSED) {
                inbox.server.imapScript().reply("IDLE", "NO not for this mailbox");
            }
        }
    }

    @BeforeAll
    static void start() {
        inbox = new FaultyInbox();
    }

    @AfterAll
    static void stop() {
        inbox.close();
        // Its mails would take memory during all other tests.
        inbox = null;
    }

    @Test
    void watchReportsNewMailOrEnds() throws Exception {
        Campaign campaign = new Campaign("IDLE", 25);
        for (Situation situation : Situation.values()) {
            if (!Campaign.wants("IDLE/" + situation.words + "/")) {
                continue;
            }
            FaultyLines clean = new FaultyLines();
            assertEquals(List.of(), violations(situation, clean, false), situation.words);
            for (Point point : clean.seen()) {
                for (Fault usual : ImapFaults.at(point)) {
                    Fault fault = usual.sooner();
                    campaign.add(new Campaign.Case() {
                        @Override
                        public String id() {
                            return "IDLE/" + situation.words + "/" + point.id() + "/" + point.about() + "/"
                                    + fault.name();
                        }

                        @Override
                        public List<Violation> run() throws Exception {
                            FaultyLines lines = new FaultyLines(point, fault, ENDLESS);
                            return violations(situation, lines, fault.how().slow());
                        }
                    });
                }
            }
        }
        campaign.run();
    }

    /** Tells and the end, whichever comes first. */
    private static final class Watching {
        final Semaphore signals = new Semaphore(0);
        volatile boolean ended;
        volatile Throwable thrown;

        Thread start(MailWatch watch) {
            return Guarded.start(() -> run(watch), "faults watch");
        }

        private void run(MailWatch watch) {
            try {
                watch.run(signals::release);
            } catch (MailFailure | InterruptedException failure) {
                // The caller comes back later.
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
            ended = true;
            signals.release();
        }

        boolean signal() throws InterruptedException {
            return signals.tryAcquire(MAX.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static List<Violation> violations(Situation situation, FaultyLines lines, boolean slow) throws Exception {
        inbox.next();
        situation.prepare();
        List<Violation> violations = new ArrayList<>();
        Guarded guarded = new Guarded();
        MailWatch watch = inbox.engine(Security.NONE, lines, slow).watch("INBOX", RENEWAL, POLL);
        Watching watching = new Watching();
        Thread thread = watching.start(watch);
        if (!watching.signal()) {
            violations.add(new Violation("neither watches nor ends", "within " + MAX.toSeconds() + " s"));
        } else if (!watching.ended) {
            watching.signals.drainPermits();
            inbox.put("ann@example.com", "news", "Content-Type: text/plain", "Look.");
            if (!watching.signal()) {
                violations.add(new Violation("deaf", "for " + MAX.toSeconds() + " s"));
            }
        }
        watch.close();
        thread.join(MAX.toMillis());
        if (thread.isAlive()) {
            violations.add(new Violation("does not end", "after close()"));
            inbox.server.drop();
            thread.join(MAX.toMillis());
        }
        if (watching.thrown != null) {
            violations.add(
                    new Violation("unexpected " + watching.thrown.getClass().getSimpleName(), "" + watching.thrown));
        }
        if (!inbox.quiet()) {
            violations.add(new Violation("connection left", "open after the end"));
        }
        lines.excesses().forEach(excess -> violations.add(new Violation("no deadline", excess)));
        violations.addAll(guarded.left());
        return violations;
    }
}
