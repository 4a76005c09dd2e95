package io.jenkins.plugins.oauthmail.mail.received;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentFieldTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            text | text/plain | charset |
            html; charset=utf-8 | text/plain | charset | utf-8
            "text/html"; charset=utf-8 | text/html | charset | utf-8
            Text/HTML;charset="utf-8";format=flowed | text/html | format | flowed
            text/plain charset=utf-8 format=flowed | text/plain | charset | utf-8
            text / html ; charset = utf-8 | text/html | charset | utf-8
            multipart/mixed; boundary=----=_Part_1.2 | multipart/mixed | boundary | ----=_Part_1.2
            multipart/mixed boundary="b" | multipart/mixed | boundary | b
            application/pdf; name=my report (1).pdf | application/pdf | name | my report (1).pdf
            application/pdf; name="C:\\temp\\r.pdf" | application/pdf | name | C:\\temp\\r.pdf
            application/pdf; name="a\\"b" | application/pdf | name | a"b
            application/pdf; name="half | application/pdf | name | half
            text/plain; charset=\\"utf-8\\" | text/plain | charset | utf-8
            text/plain;; charset=utf-8; | text/plain | charset | utf-8
            a/b; name*=UTF-8''Pr%C3%BCfung.pdf | a/b | name | Pr\u00fcfung.pdf
            a/b; name*=cp932''%87%40.pdf | a/b | name | \u2460.pdf
            a/b; name*0*=UTF-8''Pr%C3; name*1*=%BCfung; name*2=.pdf | a/b | name | Pr\u00fcfung.pdf
            a/b; name*1="b.pdf"; name*0="a" | a/b | name | ab.pdf
            a/b; name=x; name*=UTF-8''y | a/b | name | y
            a/b; name="x;y"; charset=utf-8 size=1 | a/b | charset | utf-8
            a/b; name="x;y" charset=a;z size=1;b=2 | a/b | charset | a
            a/b; name="x;y" charset=a;z size=1;b=2 | a/b | b | 2
            """)
    void parsesAnyNotation(String field, String type, String parameter, String value) {
        ContentField read = ContentField.type(field);
        assertEquals(type, read.value());
        assertEquals(value, read.parameter(parameter));
    }

    @Test
    void missingTypeIsPlainText() {
        assertEquals("text/plain", ContentField.type(null).value());
        assertEquals("text/plain", ContentField.type("").value());
        assertEquals("", ContentField.disposition("filename=x").value());
        assertEquals("x", ContentField.disposition("filename=x").parameter("filename"));
        assertNull(ContentField.disposition("attachment").parameter("filename"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            quoted-printable|a=20=\\n b|a  b
            Quoted_Printable;|one = \\ntwo \\t\\nx|one two\\nx
            quoted-printable|100 = 50=XY=3D=|100 = 50=XY=
            "base64" (rfc 2045)|w7w=|\u00fc
            BASE-64|w7w=|\u00fc
            8-bit|a=20|a=20
            """)
    void recognizesMisspelledEncodings(String name, String encoded, String decoded) throws Exception {
        byte[] raw = encoded.replace("\\n", "\r\n").replace("\\t", "\t").getBytes(StandardCharsets.UTF_8);
        String text = new String(
                TransferDecoding.decode(new ByteArrayInputStream(raw), name).readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(decoded.replace("\\n", "\r\n"), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            a \\nb|false|a b
            a \\nb|true|ab
            > a \\n> b\\n>> c|false|> a b\\n>> c
            > a \\nb|false|> a \\nb
            -- \\nAnn|false|-- \\nAnn
            a \\n-- \\nAnn|false|a \\n-- \\nAnn
             From\\n >x|false|From\\n>x
            """)
    void joinsFlowedLines(String folded, boolean deletes, String text) {
        assertEquals(text.replace("\\n", "\n"), FlowedText.unfold(folded.replace("\\n", "\n"), deletes));
    }
}
