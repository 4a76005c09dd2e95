package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Every fault at every line of every situation of one mailbox, over one protocol. */
final class ReadCases {
    /** IMAP's lines may be long, since they hold literals; what is too long by far is for other tests. */
    private static final int ENDLESS = 1 << 20;

    private final FaultyInbox inbox;
    private final String protocol;
    private final Function<Point, List<Fault>> faults;
    private ReadSituation last;
    private Object clean;

    ReadCases(FaultyInbox inbox, String protocol, Function<Point, List<Fault>> faults) {
        this.inbox = inbox;
        this.protocol = protocol;
        this.faults = faults;
    }

    void addTo(Campaign campaign, List<ReadSituation> situations) throws Exception {
        for (ReadSituation situation : situations) {
            if (!Campaign.wants(protocol + "/" + situation.name + "/")) {
                continue;
            }
            inbox.fill();
            situation.prepare();
            FaultyLines lines = new FaultyLines();
            Object found =
                    situation.run(inbox.engine(situation.security, lines, false).reader());
            List<Violation> none = new ArrayList<>();
            situation.judge(
                    found, found, inbox.engine(situation.security, null, false).reader(), none);
            assertEquals(List.of(), none, situation.name);
            if (Boolean.getBoolean("faults.times")) {
                lines.seen().forEach(point -> System.out.println(situation.name + " " + point));
            }
            for (Point point : lines.seen().stream().filter(situation::wants).toList()) {
                for (Fault fault : faults.apply(point)) {
                    campaign.add(new One(situation, point, fault));
                }
            }
        }
    }

    private final class One implements Campaign.Case {
        private final ReadSituation situation;
        private final Point point;
        private final Fault fault;

        One(ReadSituation situation, Point point, Fault fault) {
            this.situation = situation;
            this.point = point;
            this.fault = fault;
        }

        @Override
        public String id() {
            return protocol + "/" + situation.name + "/" + point.id() + "/" + point.about() + "/" + fault.name();
        }

        @Override
        public List<Violation> run() throws Exception {
            return violations(situation, point, fault);
        }
    }

    private List<Violation> violations(ReadSituation situation, Point point, Fault fault) throws Exception {
        boolean renewed = inbox.next();
        if (last != situation || renewed || !inbox.isFilled()) {
            inbox.engine(situation.security, null, false);
            inbox.fill();
            situation.prepare();
            clean = situation.run(inbox.engine(situation.security, null, false).reader());
            last = situation;
        }
        situation.prepare();
        List<Violation> violations = new ArrayList<>();
        Guarded guarded = new Guarded();
        FaultyLines lines = new FaultyLines(point, fault, ENDLESS);
        ImpatientEngine engine =
                inbox.engine(situation.security, lines, fault.how().slow());
        Object found = Guarded.run(
                () -> {
                    try {
                        return situation.run(engine.reader());
                    } catch (MailFailure failure) {
                        return null;
                    }
                },
                inbox::drop,
                violations);
        if (!inbox.quiet()) {
            violations.add(new Violation("connection left", "open after the end"));
        }
        situation.judge(
                clean, found, inbox.engine(situation.security, null, false).reader(), violations);
        inbox.quiet();
        lines.excesses().forEach(excess -> violations.add(new Violation("no deadline", excess)));
        violations.addAll(guarded.left());
        return violations;
    }
}
