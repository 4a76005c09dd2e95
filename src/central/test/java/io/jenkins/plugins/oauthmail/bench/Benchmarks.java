package io.jenkins.plugins.oauthmail.bench;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.testing.mail.MailServerFake;
import io.jenkins.plugins.oauthmail.testing.mail.ServerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Runs the units of {@link Bench}, each in a JVM of its own, against the test servers, with a round trip of 50 ms
 * between the two, and prints a line for each: flights, connections, bytes, threads, CPU time and, if asked, the
 * smallest heap with which it passes. Arguments: {@code --heap}, and names of units; none for all.
 */
public final class Benchmarks {
    private static final String USER = "builds@example.test";
    /** As long as most tokens of Entra. */
    private static final String TOKEN = "t".repeat(1800);

    private static final long ROUND_TRIP = 50;
    private static final int ATTACHMENT = 25 << 20;
    private static final int[] HEAPS = {4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 96, 128, 256};

    private static final Map<String, String> UNITS = units();

    private final Path folder = Files.createTempDirectory("oauth-mail-bench");
    private final Path attachment = folder.resolve("build.zip");

    private Benchmarks() throws IOException {}

    private static Map<String, String> units() {
        Map<String, String> units = new LinkedHashMap<>();
        units.put("S1", "send a small message");
        units.put("S2n", "send 20 one after the other");
        units.put("S2b", "send 20 at once");
        units.put("S3", "send to 10 recipients");
        units.put("S4", "send 25 MiB");
        units.put("R1", "read the newest unseen of 1000");
        units.put("R1w", "the same three times");
        units.put("R2", "read 200 envelopes");
        units.put("R2b", "the same with bodies");
        units.put("R3", "read 50 headers and texts");
        units.put("R3h", "the same with HTML");
        units.put("R4", "save 25 MiB");
        return units;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> asked = new ArrayList<>(List.of(arguments));
        boolean heap = asked.remove("--heap");
        Benchmarks benchmarks = new Benchmarks();
        try {
            benchmarks.run(asked, heap);
        } finally {
            benchmarks.clear();
        }
        System.exit(0);
    }

    private void run(List<String> asked, boolean heap) throws Exception {
        byte[] content = new byte[ATTACHMENT];
        new Random(25).nextBytes(content);
        Files.write(attachment, content);
        System.out.printf(
                "%-10s %-4s %-32s %8s %6s %12s %12s %8s %8s %6s%n",
                "server", "unit", "", "flights", "conn.", "bytes out", "bytes in", "threads", "CPU ms", "heap");
        for (ServerKind kind : ServerKind.values()) {
            try (MailServerFake server = new MailServerFake(kind)) {
                server.accept(USER, TOKEN);
                server.smtpTraits().chunking(true).size(157_286_400).keeping(false);
                if (asked.isEmpty() || asked.stream().anyMatch(unit -> unit.startsWith("R"))) {
                    BenchMailbox.fill(server, USER, content);
                }
                for (String unit : UNITS.keySet()) {
                    if (asked.isEmpty() || asked.contains(unit)) {
                        unit(server, unit, heap);
                    }
                }
            }
        }
    }

    private void unit(MailServerFake server, String unit, boolean heap) throws Exception {
        Endpoint endpoint = endpoint(server, unit);
        try (FlightMeter meter = new FlightMeter(endpoint.host(), endpoint.port(), ROUND_TRIP)) {
            boolean graph = server.kind() == ServerKind.GRAPH;
            Passed passed = perform(unit, meter.port(), graph, 0);
            FlightMeter.Cost cost = meter.take();
            System.out.printf(
                    "%-10s %-4s %-32s %8d %6d %12d %12d %8s %8s %6s%n",
                    server.kind(),
                    unit,
                    UNITS.get(unit),
                    cost.flights(),
                    cost.connections(),
                    cost.sent(),
                    cost.received(),
                    passed.threads(),
                    passed.cpu(),
                    !passed.good() ? "FAILED" : heap ? smallestHeap(unit, endpoint.port(), graph) : "");
        }
    }

    private static Endpoint endpoint(MailServerFake server, String unit) {
        if (server.kind() == ServerKind.GRAPH) {
            return new Endpoint("127.0.0.1", server.graph().root().getPort(), Security.NONE);
        }
        return unit.startsWith("R") ? server.imap(Security.NONE) : server.smtp(Security.NONE);
    }

    private int smallestHeap(String unit, int port, boolean graph) throws Exception {
        int low = 0;
        int high = HEAPS.length - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (perform(unit, port, graph, HEAPS[middle]).good()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return HEAPS[low];
    }

    private record Passed(boolean good, String threads, String cpu) {}

    /** @param heap in MiB; 0 for no limit */
    private Passed perform(String unit, int port, boolean graph, int heap) throws Exception {
        Path out = Files.createTempDirectory(folder, unit);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dbench.graph=" + graph,
                "-Dbench.cost=true"));
        if (heap > 0) {
            command.add("-Xmx" + heap + "m");
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Bench.class.getName(),
                unit,
                "127.0.0.1",
                Integer.toString(port),
                USER,
                TOKEN));
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("BENCH_ATTACHMENT", attachment.toString());
        builder.environment().put("BENCH_DIR", out.toString());
        int code = builder.start().waitFor();
        String[] cost = Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("COST\t"))
                .findFirst()
                .orElse("COST\t?\t?")
                .split("\t");
        if (code != 0 && heap == 0) {
            System.out.println(Files.readString(log));
        }
        return new Passed(code == 0, cost[1], cost[2]);
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
