package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
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
 * {@code faults.only} for the cases whose id contains a text, such as {@code SMTP/one recipient/S7/}, or one of several
 * with {@code |} between them; {@code faults.report} for another directory of the results than {@code target}.
 */
final class Campaign {

    /** The same sample in every build, so that a build fails only because of what was changed. */
    private static final long SEED = 1_606_608_000L;

    private static final int SHOWN = 60;

    /** After so many cases it is said how far it has come. */
    private static final int STRIDE = 200;

    private final String protocol;
    private final int sample;
    private final List<Case> cases = new ArrayList<>();

    /** One fault in one situation. */
    interface Case {
        String id();

        /** @return the violations found */
        List<Violation> run() throws Exception;
    }

    /** @param sample how many faults are injected if nothing else is said */
    Campaign(String protocol, int sample) {
        this.protocol = protocol;
        this.sample = sample;
    }

    /**
     * Whether cases whose ids begin so may be among the chosen ones; else there is no need to find out what they are.
     *
     * @param prefix protocol and situation, {@code /} behind both
     */
    static boolean wants(String prefix) {
        String only = System.getProperty("faults.only", "");
        String protocol = prefix.substring(0, prefix.indexOf('/') + 1);
        return List.of(only.split("\\|")).stream()
                .anyMatch(text -> text.startsWith(prefix) || prefix.startsWith(text) || !text.startsWith(protocol));
    }

    void add(Case one) {
        cases.add(one);
    }

    /** @throws AssertionError naming each case that violates what may be true after a fault */
    void run() throws Exception {
        long seed = Long.getLong("faults.seed", SEED);
        List<Case> chosen = chosen(seed);
        List<String> report = new ArrayList<>();
        Map<String, Integer> kinds = new TreeMap<>();
        int violated = 0;
        Guarded guarded = new Guarded();
        Map<Path, String> files = new TreeMap<>();
        int run = 0;
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
            if (++run % STRIDE == 0 && run < chosen.size()) {
                write(summary(run + " of " + chosen.size(), violated, seed, kinds), report);
            }
        }
        Guarded.removeGone(files.keySet());
        for (Map.Entry<Path, String> file : files.entrySet()) {
            violated++;
            kinds.merge("file left", 1, Integer::sum);
            report.add(file.getValue() + " -> file left: " + file.getKey().getFileName());
        }
        String summary = summary("" + chosen.size(), violated, seed, kinds);
        write(summary, report);
        if (violated > 0) {
            List<String> shown = report.subList(0, Math.min(SHOWN, report.size()));
            fail(summary + "\nOne alone: -Dfaults.only='<id>'\n" + String.join("\n", shown)
                    + (shown.size() < report.size() ? "\n… and " + (report.size() - shown.size()) + " more" : ""));
        }
    }

    private String summary(String injected, int violated, long seed, Map<String, Integer> kinds) {
        return "faults " + protocol + " (injected / violated): " + injected + " / " + violated + " of " + cases.size()
                + " cases, seed " + seed + " " + kinds;
    }

    /** As far as it has come, so that something is there if the JVM is ended. */
    private void write(String summary, List<String> report) throws IOException {
        System.out.println(summary);
        Path target = Path.of(System.getProperty("faults.report", "target"));
        if (Files.isDirectory(target)) {
            List<String> all = new ArrayList<>(List.of(summary));
            all.addAll(report);
            Files.write(target.resolve("faults-" + protocol + ".txt"), all);
        }
    }

    private List<Case> chosen(long seed) {
        String only = System.getProperty("faults.only");
        if (only != null) {
            List<String> texts = List.of(only.split("\\|"));
            return cases.stream()
                    .filter(one -> texts.stream().anyMatch(one.id()::contains))
                    .toList();
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
