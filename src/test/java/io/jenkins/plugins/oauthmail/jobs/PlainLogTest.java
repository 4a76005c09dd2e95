package io.jenkins.plugins.oauthmail.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlainLogTest {
    private static final int LENGTH = 8 << 20;

    private int read;
    private int most;

    /** A file in one line, as some builds print it. */
    @Test
    void aLongLineIsNotHeldInMemory() throws Exception {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        InputStream log = new InputStream() {
            @Override
            public int read() {
                return read++ < LENGTH ? 'x' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                most = Math.max(most, read - target.size());
                return read >= LENGTH ? -1 : fill(bytes, offset, Math.min(length, LENGTH - read));
            }

            private int fill(byte[] bytes, int offset, int length) {
                Arrays.fill(bytes, offset, offset + length, (byte) 'x');
                read += length;
                return length;
            }
        };
        PlainLog.copy(log, target);
        assertEquals(LENGTH, target.size());
        assertTrue(most <= 2 * PlainLog.MAX_LINE, "" + most);
    }

    @Test
    void linesAreCopiedUnchanged() throws Exception {
        byte[] log = ("a\r\n\n" + "b".repeat(9000) + "\n" + "c".repeat(3 << 20) + "\nend")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        PlainLog.copy(new ByteArrayInputStream(log), target);
        assertArrayEquals(log, target.toByteArray());
    }
}
