package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LenientQuotedPrintableTest {

    private static String decoded(String encoded) throws IOException {
        try (InputStream in =
                new LenientQuotedPrintable(new ByteArrayInputStream(encoded.getBytes(StandardCharsets.ISO_8859_1)))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** As a server that sends one byte at a time, and a reader that takes one at a time. */
    private static String slowly(String encoded) throws IOException {
        InputStream bytes =
                new FilterInputStream(new ByteArrayInputStream(encoded.getBytes(StandardCharsets.ISO_8859_1))) {
                    @Override
                    public int read(byte[] b, int off, int len) throws IOException {
                        return super.read(b, off, Math.min(1, len));
                    }
                };
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        try (InputStream in = new LenientQuotedPrintable(bytes)) {
            int b;
            while ((b = in.read()) >= 0) {
                decoded.write(b);
            }
        }
        return decoded.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "'a=3Db', 'a=b'",
        "'a=3db', 'a=b'",
        "'a=\r\nb', 'ab'",
        "'a=\nb', 'ab'",
        "'a=\rb', 'ab'",
        "'a= \t\r\nb', 'ab'",
        "'a= \tb', 'a= \tb'",
        "'a=', 'a'",
        "'a= ', 'a'",
        "'a=4', 'a=4'",
        "'a=4x', 'a=4x'",
        "'a=x4', 'a=x4'",
        "'a==41', 'a=A'",
        "'a= =41', 'a= A'",
        "'a  \r\nb', 'a\r\nb'",
        "'a  \nb', 'a\nb'",
        "'a  ', 'a'",
        "'a  =\r\nb', 'a  b'",
        "'a  =41', 'a  A'",
        "' \t a', ' \t a'",
        "'=\r\r\n', '\r\n'",
        "'=3D=20=\n', '= '",
    })
    void decodesWhatProgramsWrite(String encoded, String expected) throws IOException {
        assertEquals(expected, decoded(encoded));
        assertEquals(expected, slowly(encoded));
    }

    /** The edges of buffers, at which the next bytes decide what the last ones mean. */
    @Test
    void isDecodedAlikeInAnyPieces() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String some = "= \t\r\n4Aax=";
        for (int round = 0; round < 300; round++) {
            StringBuilder encoded = new StringBuilder("x".repeat(8150 + random.nextInt(50)));
            for (int i = random.nextInt(200); i > 0; i--) {
                encoded.append(some.charAt(random.nextInt(some.length())));
            }
            assertEquals(slowly(encoded.toString()), decoded(encoded.toString()), "seed " + seed);
        }
    }
}
