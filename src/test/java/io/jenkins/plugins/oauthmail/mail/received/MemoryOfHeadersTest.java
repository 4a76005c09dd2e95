package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Headers are kept by the hundred, so they must not take much more memory than what was received. */
@Timeout(120)
class MemoryOfHeadersTest {
    private static final int COUNT = 150;
    private static final int BYTES = 100_000;

    /** Runs in a Java virtual machine with little memory. */
    static final class Keeper {
        private Keeper() {}

        public static void main(String[] args) {
            String first = "From: ann@example.com\r\nSubject: kept\r\n";
            List<ReceivedHeaders> kept = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                String rest = i % 2 == 0 ? "To:\r\n".repeat(BYTES / 5) : "Cc: " + "a@b,".repeat(BYTES / 4) + "\r\n";
                ReceivedHeaders headers =
                        new ReceivedHeaders((first + rest + "\r\n").getBytes(StandardCharsets.US_ASCII), 1 << 20);
                kept.add(headers);
                check(headers);
            }
            kept.forEach(Keeper::check);
            System.out.println("kept " + kept.size());
        }

        private static void check(ReceivedHeaders headers) {
            if (!headers.subject().equals("kept") || headers.people("From").size() != 1) {
                throw new IllegalStateException(headers.subject());
            }
            headers.people("To");
            headers.people("Cc");
        }
    }

    @Test
    void headersFullOfTinyFieldsAndAddressesAreKeptInLittleMore() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Keeper.class.getName())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("kept " + COUNT), output);
    }

    @Test
    void whatIsAmbiguousStaysSo() {
        ReceivedHeaders headers =
                new ReceivedHeaders("Subject: a\rb\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 1 << 20);
        assertTrue(headers.ambiguous());
        headers.subject();
        assertTrue(headers.ambiguous());
    }
}
