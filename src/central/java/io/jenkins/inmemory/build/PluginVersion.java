package io.jenkins.inmemory.build;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The version of the plugin: the number of commits and the last one, as {@code mvn -Dset.changelist} of the root build
 * makes it. A later commit has a higher version.
 */
final class PluginVersion {
    static final String UNKNOWN = "999999-SNAPSHOT";

    private static final Pattern DESCRIBED = Pattern.compile("\\D*(\\d+)\\b.*?(?:-(\\d+)-g([0-9a-f]+))?");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd.HHmm").withZone(ZoneOffset.UTC);

    private PluginVersion() {}

    /**
     * @param central the folder {@code src/central}
     * @param named the version in the POM, which is used unless it is {@link #UNKNOWN}
     */
    static String of(Path central, String named) throws IOException {
        Properties archive = new Properties();
        try (Reader reader = Files.newBufferedReader(central.resolve("archive.properties"))) {
            archive.load(reader);
        }
        return named.equals(UNKNOWN) ? of(git(central), archive, newest(central.resolve("../main"))) : named;
    }

    /**
     * @param git what git answers to arguments that are separated by spaces; null if there is no answer
     * @param archive what {@code git archive} filled in, if the sources come from it
     * @param changed when a source file was last changed
     */
    static String of(Function<String, String> git, Properties archive, Instant changed) {
        String commit = git.apply("rev-parse HEAD");
        String count = git.apply("rev-list --count HEAD");
        boolean complete = "false".equals(git.apply("rev-parse --is-shallow-repository"));
        if (commit != null && count != null && complete) {
            boolean clean = "".equals(git.apply("status --porcelain --untracked-files=no"));
            return count + ".v" + hash(commit) + (clean ? "" : "-SNAPSHOT");
        }
        Matcher described = DESCRIBED.matcher(commit == null ? filled(archive, "described") : "");
        String archived = commit == null ? filled(archive, "commit") : commit;
        if (described.matches() && !archived.isEmpty()) {
            // Tags are versions, which begin with the number of commits.
            String since = described.group(2) == null ? "0" : described.group(2);
            return Long.parseLong(described.group(1)) + Long.parseLong(since) + ".v" + hash(archived);
        }
        // Nobody knows how many commits there are. Any version that does is higher.
        String committed = commit == null ? filled(archive, "committed") : git.apply("log -1 --format=%ct");
        Instant time = committed != null && committed.matches("\\d{1,12}")
                ? Instant.ofEpochSecond(Long.parseLong(committed))
                : changed;
        return "0." + TIME.format(time) + (archived.isEmpty() ? "" : ".v" + hash(archived));
    }

    private static String filled(Properties archive, String name) {
        String value = archive.getProperty(name, "");
        return value.contains("$") || value.contains("%(") ? "" : value;
    }

    /** Twelve digits, with an underscore after each a and b, which Jenkins would take for alpha and beta. */
    private static String hash(String commit) {
        return commit.substring(0, Math.min(12, commit.length())).replaceAll("[ab]", "$0_");
    }

    private static Instant newest(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            long newest = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
            }
            return Instant.ofEpochMilli(newest);
        }
    }

    private static Function<String, String> git(Path central) {
        return arguments -> {
            try {
                Process git = new ProcessBuilder(Stream.concat(Stream.of("git"), Stream.of(arguments.split(" ")))
                                .toList())
                        .directory(central.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                git.getOutputStream().close();
                String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return git.waitFor(1, TimeUnit.MINUTES) && git.exitValue() == 0 ? answer : null;
            } catch (IOException noGit) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        };
    }
}
