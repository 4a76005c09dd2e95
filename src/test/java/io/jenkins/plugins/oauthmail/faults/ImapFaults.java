package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.faults.Fault.How;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What can go wrong at one line of IMAP. */
final class ImapFaults {

    private static final String BYE = "* BYE Connection closed";
    private static final String EXPIRED = "Session invalidated - AccessTokenExpired";
    private static final String THROTTLED = "Request is throttled. Suggested Backoff Time: 92415 milliseconds";
    private static final String UNAVAILABLE = "NO Server Unavailable. 15";

    private static final List<String> CHANGES = List.of("UID STORE", "UID MOVE", "UID COPY", "UID EXPUNGE");

    /** Numbers that a server may not say, by what they are. */
    private static final Map<String, List<String>> NUMBERS = Map.of(
            "(\\* )\\d+( EXISTS)", List.of("99999999999999999999", "-1", "4294967296"),
            "(UIDVALIDITY )\\d+()", List.of("99999999999999999999", "-1", "0", "4294967296"),
            "(UIDNEXT )\\d+()", List.of("99999999999999999999", "-1", "0", "4294967296"),
            "(\\* SEARCH )\\d+()", List.of("99999999999999999999", "-1", "0", "4294967296", "77"),
            "(UID )\\d+()", List.of("99999999999999999999", "-1", "0", "4294967296"));

    private ImapFaults() {}

    static List<Fault> at(Point point) {
        return point.server() ? atLine(point) : atCommand(point);
    }

    private static List<Fault> atLine(Point point) {
        List<Fault> faults = new ArrayList<>(Fault.ofLines());
        if (point.literal()) {
            faults.removeIf(fault -> fault.how() == How.GARBAGE);
            return faults;
        }
        if (point.continued()) {
            return faults;
        }
        faults.add(new Fault("lost", How.LOST));
        faults.add(new Fault("lost-always", How.LOST, null, true));
        if (!point.announces()) {
            faults.add(new Fault("twice", How.TWICE));
        }
        faults.add(new Fault("extra-untagged", How.FIRST_SAYS, "* OK Hello"));
        faults.add(new Fault("extra-bare", How.FIRST_SAYS, UNAVAILABLE));
        faults.add(new Fault("extra-bye", How.FIRST_SAYS, BYE));
        if (point.about().equals("greeting")) {
            for (String reply : List.of(BYE, "* NO No", "* BAD No", "* PREAUTH Hello", UNAVAILABLE)) {
                faults.add(Fault.says("says-" + reply.replaceAll("\\W+", "-"), reply));
            }
        }
        if (point.tagged()) {
            faults.add(Fault.says("no-after-all", "<tag> NO Some of the requested messages no longer exist."));
            if (!point.about().equals("UID COPY")) {
                // A COPY that is refused has copied nothing (RFC 3501 section 6.4.7), so that it may be tried again.
                faults.add(Fault.says("bad-after-all", "<tag> BAD " + THROTTLED));
            }
            faults.add(Fault.says("bye-after-all", BYE));
            faults.add(Fault.says("bare-after-all", UNAVAILABLE));
        }
        NUMBERS.forEach((pattern, numbers) -> {
            if (Pattern.compile(pattern).matcher(point.text()).find()) {
                String name = pattern.replaceAll("\\\\d|\\W", "");
                for (String number : numbers) {
                    faults.add(new Fault(name + "-" + number, How.CHANGES, pattern + "=>$1" + number + "$2"));
                }
            }
        });
        return faults;
    }

    private static List<Fault> atCommand(Point point) {
        List<Fault> faults = new ArrayList<>();
        faults.add(new Fault("cut-unread", How.CUT_BEFORE));
        faults.add(new Fault("cut-unread-always", How.CUT_BEFORE, null, true));
        if (point.about().startsWith("(")) {
            return faults;
        }
        if (!CHANGES.contains(point.about())) {
            // Else it would be a lie that nobody can see through.
            faults.addAll(Fault.instead("ok-without-data", "OK done"));
            faults.addAll(Fault.instead("go-ahead-then-ok", "+ go\r\nOK done"));
            faults.addAll(Fault.instead("bare-then-ok", "|" + UNAVAILABLE + "\r\nOK done"));
        }
        faults.addAll(Fault.instead("no", UNAVAILABLE));
        faults.addAll(Fault.instead("bad", "BAD Command Argument Error. 12"));
        faults.addAll(Fault.instead("bad-not-connected", "BAD User is authenticated but not connected."));
        faults.addAll(Fault.instead("no-throttled", "NO " + THROTTLED));
        faults.addAll(Fault.instead("bad-throttled", "BAD " + THROTTLED));
        faults.addAll(Fault.insteadThenCut("bad-throttled-then-cut", "BAD " + THROTTLED));
        faults.addAll(Fault.insteadThenCut("bye", BYE));
        faults.addAll(Fault.insteadThenCut("bye-expired", "* BYE " + EXPIRED));
        faults.addAll(Fault.insteadThenCut("bad-expired", "BAD " + EXPIRED));
        faults.addAll(Fault.insteadThenCut("bare", "|" + UNAVAILABLE));
        return faults;
    }
}
