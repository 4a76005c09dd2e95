package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Injects the faults of one protocol: a random sample, all of them, or a single one.
 *
 * <p>System properties: {@code faults.all} for all; {@code faults.count} and {@code faults.seed} for another sample;
 * {@code faults.only} for the cases whose id contains a text, such as {@code SMTP/one recipient/S7/}.
 */
final class Campaign {

    private static final int SHOWN = 60;

    private final String protocol;
    private final int sample;
    private final List<Case> cases = new ArrayList<>();

    /** One fault in one situation. */
    interface Case {
        String id();

        /** @return what may not be true and is */
        List<Violation> run() throws Exception;
    }

    /** @param sample how many faults are injected if nothing else is said */
    Campaign(String protocol, int sample) {
        this.protocol = protocol;
        this.sample = sample;
    }

    void add(Case one) {
        cases.add(one);
    }

    /** @throws AssertionError naming each case that violates what may be true after a fault */
    void run() throws Exception {
        long seed = Long.getLong("faults.seed", System.nanoTime() & 0xffff_ffffL);
        List<Case> chosen = chosen(seed);
        List<String> report = new ArrayList<>();
        Map<String, Integer> kinds = new TreeMap<>();
        int violated = 0;
        Guarded guarded = new Guarded();
        Map<Path, String> files = new TreeMap<>();
        for (Case one : chosen) {
            long begun = System.nanoTime();
            List<Violation> violations = violations(one);
            if (Boolean.getBoolean("faults.times")) {
                System.out.println((System.nanoTime() - begun) / 1_000_000 + " ms " + one.id());
            }
            violated += violations.isEmpty() ? 0 : 1;
            guarded.filesLeft().forEach(file -> files.putIfAbsent(file, one.id()));
            for (Violation violation : violations) {
                kinds.merge(violation.kind(), 1, Integer::sum);
                report.add(one.id() + " -> " + violation);
            }
        }
        // Those of tests in other processes are gone by now.
        files.keySet().removeIf(file -> !Files.exists(file));
        for (Map.Entry<Path, String> file : files.entrySet()) {
            violated++;
            kinds.merge("file left", 1, Integer::sum);
            report.add(file.getValue() + " -> file left: " + file.getKey().getFileName());
        }
        String summary = "faults " + protocol + " (injected / violated): " + chosen.size() + " / " + violated + " of "
                + cases.size() + " cases, seed " + seed + " " + kinds;
        System.out.println(summary);
        Path target = Path.of("target");
        if (Files.isDirectory(target)) {
            List<String> all = new ArrayList<>(List.of(summary));
            all.addAll(report);
            Files.write(target.resolve("faults-" + protocol + ".txt"), all);
        }
        if (violated > 0) {
            List<String> shown = report.subList(0, Math.min(SHOWN, report.size()));
            fail(summary + "\nOne alone: -Dfaults.only='<id>'\n" + String.join("\n", shown)
                    + (shown.size() < report.size() ? "\n… and " + (report.size() - shown.size()) + " more" : ""));
        }
    }

    private List<Case> chosen(long seed) {
        String only = System.getProperty("faults.only");
        if (only != null) {
            return cases.stream().filter(one -> one.id().contains(only)).toList();
        }
        if (Boolean.getBoolean("faults.all")) {
            return cases;
        }
        List<Case> shuffled = new ArrayList<>(cases);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled.subList(0, Math.min(Integer.getInteger("faults.count", sample), shuffled.size()));
    }

    private static List<Violation> violations(Case one) {
        try {
            return one.run();
        } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
            StackTraceElement[] stack = e.getStackTrace();
            return List.of(new Violation(
                    "unexpected " + e.getClass().getSimpleName(), e + " at " + (stack.length == 0 ? "" : stack[0])));
        }
    }
}
