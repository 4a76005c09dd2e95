package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {

    private static ReceivedHeaders headers(byte[] block) throws Exception {
        return new ReceivedHeaders(new ByteArrayInputStream(block));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            =?utf-8?Q?Gr=C3?= =?UTF-8?q?=BC=C3=9Fe?=|Gr\u00fc\u00dfe
            =?utf-8?B?w6TDt?= =?utf-8?B?sO8w58=?=|\u00e4\u00f6\u00fc\u00df
            =?utf-8?B?w7w?= =?utf-8?B?w7w?=|\u00fc\u00fc
            =?utf-8?B?w7w=?= =?utf-8?Q?=C3=9F?=|\u00fc\u00df
            a =?utf-8?Q?b?= c|a b c
            a=?utf-8?Q?b?=c|abc
            =?utf-8*de?Q?b?=|b
            =?UTF-8?Q?what??=|what?
            =?utf-8?Q?open =?utf-8?Q?closed?=|=?utf-8?Q?open closed
            =?utf-8?Q?Gr=C3=BC=C3=9Fe_und_m|Gr\u00fc\u00dfe und m
            =?utf-8?Q?Gr=C3=BC=C|Gr\u00fc
            =?utf-8?B?|=?utf-8?B?
            =?x?y?z?=|=?x?y?z?=
            1 =? 2|1 =? 2
            =?no-such?Q?=C3=BC?=|\u00fc
            =?iso-8859-1?Q?=80?=|\u20ac
            =?utf-8?Q?=FC?=|\u00fc
            =?cp932?B?h0A=?=|\u2460
            =?gb2312?B?1tDOxA==?=|\u4e2d\u6587
            =?hz-gb-2312?Q?~{VPND~}?=|\u4e2d\u6587
            =?x-mac-roman?Q?=9F?=|\u00fc
            =?utf-7?Q?a+ACE-b+-?=|a!b+
            =?koi8-r?Q?=F0?=|\u041f
            =?utf-8?Q?=XY=C3=BC?=|=XY\u00fc
            """)
    void decodesSloppyEncodedWords(String written, String meant) throws Exception {
        assertEquals(meant, EncodedWords.decode(written));
    }

    @Test
    void decodesRawBytesLikeABody() throws Exception {
        for (String charset : new String[] {"UTF-8", "ISO-8859-1", "windows-1252"}) {
            assertEquals(
                    "Gr\u00fc\u00dfe",
                    headers("Subject: Gr\u00fc\u00dfe\r\n\r\n".getBytes(Charset.forName(charset)))
                            .subject());
            assertEquals(
                    "Gr\u00fc\u00dfe",
                    headers(("Subject: =?" + charset + "?Q?Gr\u00fc=" + (charset.equals("UTF-8") ? "C3=9F" : "DF")
                                            + "e?=\r\n\r\n")
                                    .getBytes(Charset.forName(charset)))
                            .subject());
        }
        assertEquals(
                "\u4e2d\u6587",
                headers("Subject: \u001b$BCfJ8\u001b(B\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                        .subject());
        assertEquals(
                "\u201cx\u201d \u20ac",
                headers("Subject: \u201cx\u201d \u20ac\r\n\r\n".getBytes(Charset.forName("windows-1252")))
                        .subject());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            =?utf-8?Q?M=C3=BCller, J?= <j@example.com> | M\u00fcller, J | j@example.com
            =?utf-8?Q?J=C3=B6rg_M=C3?= =?utf-8?Q?=BCller?= <j@example.com> | J\u00f6rg M\u00fcller | j@example.com
            "=?utf-8?Q?J=C3=B6rg?=" <j@example.com> | J\u00f6rg | j@example.com
            j@example.com (=?utf-8?Q?J=C3=B6rg?=) | J\u00f6rg | j@example.com
            Pete (A (nice) \\) chap) <pete(his)@silly.test(host)> | Pete | pete@silly.test
            "Roe (Dev), Ann" <a@example.com> | Roe (Dev), Ann | a@example.com
            """)
    void decodesNamesLikeSubjects(String field, String name, String address) throws Exception {
        assertEquals(
                List.of(new MailAddress(name, address)),
                headers(("From: " + field + "\r\n\r\n").getBytes(StandardCharsets.UTF_8))
                        .addresses("From"));
    }

    @Test
    void decodesHostileFieldsInLinearTime() throws Exception {
        for (String unit : new String[] {
            "=?a?q?", "=?a?q?b", "=?", "?=", "=?a?q?b?=", "=?a?b?w7w?= ", "=?a?q?x =?b?q?", "=?utf-8?q?\u00fc?="
        }) {
            String value = unit.repeat(200_000 / unit.length());
            headers(("Subject: " + value + "\r\nFrom: " + value + " <a@b>\r\n\r\n").getBytes(StandardCharsets.UTF_8))
                    .subject();
            EncodedWords.masked(value);
        }
    }
}
