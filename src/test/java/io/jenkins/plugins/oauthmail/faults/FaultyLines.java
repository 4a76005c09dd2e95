package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.testing.mail.Tampering;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Counts the lines between a fake server and its clients, and has one thing go wrong at one of them. */
final class FaultyLines implements Tampering {

    /** Longer than any client with deadlines of a fraction of a second has patience. */
    private static final Duration LONG = Duration.ofSeconds(8);

    private static final Duration DRIP = Duration.ofMillis(25);
    /** For longer than the seconds that a watch gives a server for good-bye. */
    private static final int DRIPS = 260;

    /** More than fits into the buffers of the system, often 36 MiB, so that whoever sends it all knows that it was read. */
    static final int ENDLESS = 64 << 20;

    private static final Pattern SECRET = Pattern.compile("(?i)^(AUTH(?:ENTICATE)? XOAUTH2).*");
    private static final Pattern TAG = Pattern.compile("^([A-Z]+\\d+) ");

    private final Point at;
    private final Fault fault;
    private final int endless;
    private final List<Point> seen = new ArrayList<>();
    private String about = "greeting";
    private int lines;
    private int commands;
    private boolean announced;
    private boolean losing;
    private boolean done;
    private final List<String> excesses = new ArrayList<>();

    /** Only counts. */
    FaultyLines() {
        this(null, null, 0);
    }

    /** @param endless octets of a line without an end, before it stalls; too many at {@link #ENDLESS} */
    FaultyLines(Point at, Fault fault, int endless) {
        this.endless = endless;
        this.at = at;
        this.fault = fault;
    }

    /** What went over the wire. */
    synchronized List<Point> seen() {
        return List.copyOf(seen);
    }

    /** Whether it came to that. */
    synchronized boolean done() {
        return done;
    }

    /** What the client bore with though no client should. */
    synchronized List<String> excesses() {
        return List.copyOf(excesses);
    }

    private synchronized Point command(String name, String text) {
        about = name;
        Point point = new Point(false, ++commands, name, text, false, false);
        seen.add(point);
        return point;
    }

    private synchronized Point line(String text, boolean literal) {
        Point point = new Point(true, ++lines, about, text, literal, !literal && announced);
        announced = !literal ? point.announces() : true;
        seen.add(point);
        return point;
    }

    private synchronized boolean fires(Point point) {
        if (at == null || point.server() != at.server()) {
            return false;
        }
        // A server may have said a line more than in the clean run, before a command that has not even been given.
        boolean fires = point.about().equals(at.about()) && (done ? fault.again() : point.number() >= at.number());
        done |= fires;
        return fires;
    }

    @Override
    public Instead command(String command) {
        String masked = SECRET.matcher(command).replaceFirst("$1");
        String[] words = masked.split(" ");
        String name = words.length > 1 && words[0].matches("(?i)UID|MAIL|RCPT")
                ? words[0] + " " + words[1].split(":")[0]
                : words[0];
        Point point = command(name.toUpperCase(Locale.ROOT), masked);
        if (!fires(point)) {
            return null;
        }
        return switch (fault.how()) {
            case CUT_BEFORE -> new Instead(null, true);
            case INSTEAD -> new Instead(fault.reply(), false);
            case INSTEAD_THEN_CUT -> new Instead(fault.reply(), true);
            default -> throw new IllegalStateException(fault.toString());
        };
    }

    @Override
    public void line(String line, Client client) throws IOException {
        Point point = line(line, false);
        if (losing) {
            losing = point.announces();
            return;
        }
        pass(point, (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1), client);
    }

    @Override
    public void literal(byte[] octets, Client client) throws IOException {
        Point point = line("", true);
        if (!losing) {
            pass(point, octets, client);
        }
    }

    private void pass(Point point, byte[] octets, Client client) throws IOException {
        if (!fires(point)) {
            client.send(octets);
            return;
        }
        byte[] half = Arrays.copyOf(octets, octets.length / 2);
        switch (fault.how()) {
            case CUT_BEFORE -> cut(client);
            case CUT_MIDDLE -> {
                client.send(half);
                cut(client);
            }
            case CUT_AFTER -> {
                client.send(octets);
                cut(client);
            }
            case STALL -> stall(client);
            case HALF_THEN_STALL -> {
                client.send(half);
                stall(client);
            }
            case DRIP -> drip(octets, client);
            case ENDLESS -> endless(octets, client);
            case GARBAGE -> client.send("\u0000\u00ff)(\"{{ 7? \\ garbage\r\n".getBytes(StandardCharsets.ISO_8859_1));
            case LOST -> losing = point.announces();
            case TWICE -> {
                client.send(octets);
                client.send(octets);
            }
            case FIRST_SAYS -> {
                client.send((fault.reply() + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                client.send(octets);
            }
            case CHANGES -> client.send(changed(octets));
            case SAYS -> client.send((said(point) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            default -> throw new IllegalStateException(fault.toString());
        }
    }

    /** With the tag of the line that it replaces, if the fault says where. */
    private String said(Point point) {
        var tag = TAG.matcher(point.text());
        return tag.find() ? fault.reply().replace("<tag>", tag.group(1)) : fault.reply();
    }

    private byte[] changed(byte[] octets) {
        String[] change = fault.reply().split("=>", 2);
        return new String(octets, StandardCharsets.ISO_8859_1)
                .replaceFirst(change[0], change[1])
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void cut(Client client) throws IOException {
        client.close();
        throw new SocketException("cut");
    }

    private void stall(Client client) throws IOException {
        if (!client.leaves(LONG)) {
            exceeds("waited " + LONG.toSeconds() + " s for a silent server");
        }
        cut(client);
    }

    /** The line's beginning, then its last character over and over. */
    private void drip(byte[] octets, Client client) throws IOException {
        for (int i = 0; i < DRIPS; i++) {
            client.send(new byte[] {i < octets.length - 2 ? octets[i] : (byte) 'x'});
            if (client.leaves(DRIP)) {
                cut(client);
            }
        }
        exceeds("waited " + DRIP.multipliedBy(DRIPS).toMillis() + " ms for a server that drips");
        cut(client);
    }

    private void endless(byte[] octets, Client client) throws IOException {
        client.send(Arrays.copyOf(octets, Math.max(0, octets.length - 2)));
        byte[] more = new byte[64 << 10];
        Arrays.fill(more, (byte) 'x');
        for (int sent = 0; sent < endless; sent += more.length) {
            client.send(more);
        }
        // Nobody waits for the answer to QUIT; TLS discards it until the connection is closed, within a few seconds.
        if (endless >= ENDLESS && !at.about().equals("QUIT")) {
            exceeds("read a line of many megabytes");
        }
        stall(client);
    }

    private synchronized void exceeds(String what) {
        excesses.add(what);
    }
}
