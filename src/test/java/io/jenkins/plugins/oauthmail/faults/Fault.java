package io.jenkins.plugins.oauthmail.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What goes wrong at one line.
 *
 * @param name names it in the id of a case
 * @param how what is done
 * @param reply what a server says in place of a line, or of carrying a command out; null for faults without
 * @param again whether it happens at each later line or command of the same kind too
 */
record Fault(String name, How how, String reply, boolean again) {

    private static final Pattern SUGGESTED = Pattern.compile("(Backoff Time: )\\d+");

    enum How {
        CUT_BEFORE,
        CUT_MIDDLE,
        CUT_AFTER,
        STALL,
        HALF_THEN_STALL,
        DRIP,
        ENDLESS,
        GARBAGE,
        LOST,
        TWICE,
        FIRST_SAYS,
        SAYS,
        /** The reply is a pattern, {@code =>}, and what takes the place of what it finds. */
        CHANGES,
        INSTEAD,
        INSTEAD_THEN_CUT;

        /** Whether the client may have to lose patience for it to end. */
        boolean slow() {
            return switch (this) {
                case CUT_BEFORE, CUT_MIDDLE, CUT_AFTER, INSTEAD, INSTEAD_THEN_CUT -> false;
                default -> true;
            };
        }
    }

    Fault(String name, How how) {
        this(name, how, null, false);
    }

    Fault(String name, How how, String reply) {
        this(name, how, reply, false);
    }

    /** The same with less than two seconds where a server suggests to wait for longer. */
    Fault sooner() {
        String soon = reply == null ? null : SUGGESTED.matcher(reply).replaceAll("$1" + 1500);
        return new Fault(name, how, soon, again);
    }

    /** What can happen to any line of any server. */
    static List<Fault> ofLines() {
        return List.of(
                new Fault("cut-before", How.CUT_BEFORE),
                new Fault("cut-middle", How.CUT_MIDDLE),
                new Fault("cut-after", How.CUT_AFTER),
                new Fault("stall", How.STALL),
                new Fault("half-then-stall", How.HALF_THEN_STALL),
                new Fault("drip", How.DRIP),
                new Fault("endless", How.ENDLESS),
                new Fault("garbage", How.GARBAGE));
    }

    /** What else can happen to a line of a server that speaks HTTP. */
    static List<Fault> ofHttp(Point point) {
        List<Fault> faults = new ArrayList<>();
        if (point.text().startsWith("HTTP/1.1 ")) {
            for (String line : List.of("100 Continue", "204 No Content", "500 Oops", "307 Elsewhere")) {
                faults.add(says("status-" + line.substring(0, 3), "HTTP/1.1 " + line));
            }
        }
        if (point.text().startsWith("Content-Length")) {
            faults.add(says("length-0", "Content-Length: 0"));
            faults.add(says("length-100", "Content-Length: 100"));
            faults.add(says("length-more", "Content-Length: 999999"));
            faults.add(says("length-no-number", "Content-Length: many"));
            faults.add(says("chunked", "Transfer-Encoding: chunked"));
        }
        return faults;
    }

    /**
     * An answer of a server that speaks HTTP in place of carrying a request out, once and always.
     *
     * @param headers each with its line end
     */
    static List<Fault> answers(String name, String status, String headers, String body) {
        return instead(
                name,
                "HTTP/1.1 " + status + "\r\n" + headers + "Content-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    static Fault says(String name, String line) {
        return new Fault(name, How.SAYS, line);
    }

    /** A reply in place of carrying a command out, once and always. */
    static List<Fault> instead(String name, String reply) {
        List<Fault> both = new ArrayList<>();
        both.add(new Fault(name, How.INSTEAD, reply, false));
        both.add(new Fault(name + "-always", How.INSTEAD, reply, true));
        return both;
    }

    static List<Fault> insteadThenCut(String name, String reply) {
        List<Fault> both = new ArrayList<>();
        both.add(new Fault(name, How.INSTEAD_THEN_CUT, reply, false));
        both.add(new Fault(name + "-always", How.INSTEAD_THEN_CUT, reply, true));
        return both;
    }
}
