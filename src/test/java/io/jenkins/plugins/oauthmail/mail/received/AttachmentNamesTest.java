package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentNamesTest {

    private static String safe(String written) {
        return new AttachmentNames().next(written, "text/plain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "report.pdf|report.pdf",
                "Bericht März 日本.txt|Bericht März 日本.txt",
                "../../etc/passwd|passwd",
                "/etc/passwd|passwd",
                "C:\\Windows\\system.ini|system.ini",
                "C:evil.txt|C_evil.txt",
                "a/b\\c/d.txt|d.txt",
                "..|attachment",
                ".|attachment",
                "...|attachment",
                "dir/|attachment",
                "dir/..|attachment",
                ".bashrc|bashrc",
                "..a..b..|a..b",
                "x.exe. . .|x.exe",
                "a:stream|a_stream",
                "a<b>\"c?e*f|a_b__c_e_f",
                "NUL|_NUL",
                "nul.tar.gz|_nul.tar.gz",
                "COM1.txt|_COM1.txt",
                "lpt\u00b9|_lpt\u00b9",
                "CONIN$|_CONIN$",
                "nul .txt|_nul .txt",
                "con .pdf|_con .pdf",
                "AUX  .tar.gz|_AUX  .tar.gz",
                "com1 .log|_com1 .log",
                "con x.pdf|con x.pdf",
                "console.txt|console.txt",
                "=?UTF-8?Q?J=C3=B6rg.txt?=|Jörg.txt",
                "=?UTF-8?Q?..=2F..=2Fx=0A.sh?=|x.sh",
            })
    void makesNamesSafe(String written, String expected) {
        assertEquals(expected, safe(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exe.\u202etxt", "exe.\u200btxt", "e\u0000xe.t\nxt", "exe.\ud800txt", "\ufeffexe.txt"})
    void removesInvisibleCharacters(String written) {
        assertEquals("exe.txt", safe(written));
    }

    @Test
    void normalizesAccents() {
        AttachmentNames names = new AttachmentNames();
        assertEquals("\u00fc.txt", names.next("u\u0308.txt", "text/plain"));
        assertEquals("\u00fc-2.txt", names.next("\u00fc.txt", "text/plain"));
    }

    @Test
    void namesUnnamedParts() {
        AttachmentNames names = new AttachmentNames();
        assertEquals("attachment", names.next(null, "image/png"));
        assertEquals("attachment-2", names.next("", "image/png"));
        assertEquals("message.eml", names.next(null, "message/rfc822"));
    }

    @Test
    void namesDifferRegardlessOfCase() {
        AttachmentNames names = new AttachmentNames();
        Set<String> seen = new HashSet<>();
        for (String written : new String[] {"a.txt", "A.TXT", "a.txt", "a-2.txt", "a.txt", "x/a.txt"}) {
            String name = names.next(written, "text/plain");
            assertTrue(seen.add(name.toLowerCase(Locale.ROOT)), name + " among " + seen);
        }
    }

    @Test
    void numbersEqualNames() {
        AttachmentNames names = new AttachmentNames();
        names.next("a-7.txt", "text/plain");
        String last = "";
        // Trying all numbers for each name would take minutes.
        for (int i = 0; i < 50_000; i++) {
            last = names.next("a.txt", "text/plain");
        }
        assertEquals("a-50001.txt", last);
    }

    @Test
    void limitsLengthAndKeepsTheExtension() {
        AttachmentNames names = new AttachmentNames();
        for (String written : new String[] {
            "x".repeat(5000) + ".txt",
            "x".repeat(5000) + ".txt",
            "日".repeat(5000) + ".txt",
            "\ud83d\ude80".repeat(300) + ".txt"
        }) {
            String name = names.next(written, "text/plain");
            assertTrue(name.length() <= 120, name);
            assertTrue(name.getBytes(StandardCharsets.UTF_8).length <= 200, name);
            assertTrue(name.endsWith(".txt"), name);
            assertEquals(name, new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
        assertEquals("a.txt", safe("/".repeat(1 << 20) + "a.txt"));
        assertTrue(safe(".".repeat(1 << 20) + "a").length() <= 120);
        assertTrue(safe("a." + "x".repeat(5000)).length() <= 120);
        assertEquals("_con.txt", safe("con" + " ".repeat(150) + "x.txt"));
    }
}
