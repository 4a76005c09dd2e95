package io.jenkins.plugins.oauthmail;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.connect.KnownReply;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} quotes sentences of the plugin and replies of servers, and must keep up with them. */
class ErrorsPageTest {

    /** The first column of a row that quotes at least one sentence. */
    private static final Pattern ROW = Pattern.compile("^\\| ([^|]*`[^|]*) \\|", Pattern.MULTILINE);

    private static final Pattern QUOTE = Pattern.compile("`([^`]+)`");

    /** In the page, it stands for the values in a sentence; in the messages, for the placeholders. */
    private static final String ELLIPSIS = "…";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*(\\{[^{}]*}[^{}]*)*}");

    /** The layer and the field with which a sentence may begin. */
    private static final Pattern START = Pattern.compile("^(?:[A-Z]\\w+: )?(?:[a-z]\\w+:(?: |$))?");

    /** What Microsoft says beside its codes, and temporary refusals, which {@code ImapRefusal} recognizes. */
    private static final Pattern NOT_OURS =
            Pattern.compile("AADSTS\\d+|Request is throttled|Server Unavailable|not within its valid time range");

    @Test
    void everyQuotedSentenceExists() throws IOException {
        String messages = messages();
        List<String> quotes = quotes();
        assertFalse(quotes.size() < 50, "only " + quotes.size() + " quotes");
        assertAll(quotes.stream()
                .map(quote -> () -> assertTrue(
                        NOT_OURS.matcher(quote).matches()
                                || KnownReply.in(quote).isPresent()
                                || exists(quote, messages),
                        "no such message: " + quote)));
    }

    private static boolean exists(String quote, String messages) {
        for (String part : START.matcher(quote).replaceFirst("").split("'?" + ELLIPSIS + "'?")) {
            if (!messages.contains(part.strip())) {
                return false;
            }
        }
        return true;
    }

    private static List<String> quotes() throws IOException {
        List<String> quotes = new ArrayList<>();
        Matcher rows = ROW.matcher(Files.readString(root().resolve("docs/errors.md")));
        while (rows.find()) {
            Matcher row = QUOTE.matcher(rows.group(1));
            while (row.find()) {
                quotes.add(row.group(1));
            }
        }
        return quotes;
    }

    private static String messages() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(root().resolve("src/main/resources"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".properties"))
                    .toList()) {
                Properties messages = new Properties();
                try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                    messages.load(reader);
                }
                messages.values().forEach(message -> all.append(PLACEHOLDER
                                .matcher(message.toString().replace("''", "'"))
                                .replaceAll(ELLIPSIS))
                        .append('\n'));
            }
        }
        return all.toString();
    }

    /** The two builds have different working directories. */
    private static Path root() {
        return Stream.of("", "../..")
                .map(Path::of)
                .filter(root -> Files.exists(root.resolve("docs/errors.md")))
                .findFirst()
                .orElseThrow();
    }
}
