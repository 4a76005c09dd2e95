package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LenientBase64Test {

    private static LenientBase64 decoder(String encoded) {
        return new LenientBase64(new ByteArrayInputStream(encoded.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource({
        "SGVsbG8=, Hello, false",
        "SGVsbG8, Hello, false",
        "SGVsbG, Hell, false",
        "SGVsb, Hel, true",
        "SG!V s*bG8=, Hello, false",
        "S\u00e4GVsbG8-, Hello, false",
        "SGVsbA==SGVsbG8=, HellHello, false",
        "SGVsbG8=====SGVs, HelloHel, false",
        "=SGVs, Hel, false",
        "====SGVs, Hel, false"
    })
    void decodesDamagedBase64(String encoded, String text, boolean damaged) throws IOException {
        LenientBase64 in = decoder(encoded);
        assertEquals(text, new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        assertEquals(damaged, in.damaged());
    }

    /** Lines and groups may end anywhere in what the connection hands over at once. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8191, 8192})
    void decodesTheSameInAnyChunks(int atOnce) throws IOException {
        byte[] content = new byte[100_001];
        new Random(1).nextBytes(content);
        byte[] encoded = Base64.getMimeEncoder().encode(content);
        InputStream slow = new ByteArrayInputStream(encoded) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, atOnce));
            }
        };
        assertArrayEquals(content, new LenientBase64(slow).readAllBytes());
    }

    @Test
    void decodesTheSameByteByByte() throws IOException {
        LenientBase64 in = decoder("/+8=");
        assertEquals(0xff, in.read());
        assertEquals(0xef, in.read());
        assertEquals(-1, in.read());
    }
}
