package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a header, parsed strictly (RFC 5322 section 2.2): a field ends at CRLF, or at LF as in files, and
 * nowhere else; its name is printable ASCII. A parser that also accepts CR as a line end, or a long s as an s, finds
 * fields in what is only the text of others. Senders can use that to smuggle in fields that the server would have
 * removed.
 *
 * @param all the fields in order
 * @param ended whether the empty line after the header was found
 * @param ambiguous whether the header contains something that programs read in different ways: CR without LF, NUL, a
 *     line that is not a field, white space before a colon, or a byte order mark
 */
record HeaderFields(List<Field> all, boolean ended, boolean ambiguous) {

    /** @param value unchanged, including line breaks, except that NUL and CR without LF become spaces */
    record Field(String name, String value) {}

    static HeaderFields parse(byte[] octets) {
        return new Parser(octets).parse();
    }

    /** The value of the topmost field of this name, or null. */
    String first(String name) {
        return all.stream()
                .filter(field -> CaseFolding.equalsAscii(field.name(), name))
                .map(Field::value)
                .findFirst()
                .orElse(null);
    }

    /** The values of all fields of this name, topmost first. */
    List<String> all(String name) {
        return all.stream()
                .filter(field -> CaseFolding.equalsAscii(field.name(), name))
                .map(Field::value)
                .toList();
    }

    private static final class Parser {
        private final byte[] octets;
        private final List<Field> fields = new ArrayList<>();
        private final StringBuilder value = new StringBuilder();
        /** Name of the current field; null before the first one, and for a line that is not a field. */
        private String name;

        private boolean ambiguous;

        Parser(byte[] octets) {
            this.octets = octets;
        }

        HeaderFields parse() {
            boolean ended = false;
            int at = 0;
            while (at < octets.length && !ended) {
                int lf = at;
                while (lf < octets.length && octets[lf] != '\n') {
                    lf++;
                }
                int end = lf > at && lf < octets.length && octets[lf - 1] == '\r' ? lf - 1 : lf;
                ended = isEmpty(at, end) && lf < octets.length;
                if (!ended) {
                    line(at, end);
                }
                at = lf + 1;
            }
            finish();
            return new HeaderFields(List.copyOf(fields), ended, ambiguous);
        }

        /** Also true for a line that consists of CRs, into which some gateways turn an empty line. */
        private boolean isEmpty(int from, int to) {
            for (int i = from; i < to; i++) {
                if (octets[i] != '\r') {
                    return false;
                }
                ambiguous = true;
            }
            return true;
        }

        private void line(int from, int to) {
            for (int i = from; i < to; i++) {
                if (octets[i] == '\r' || octets[i] == 0) {
                    ambiguous = true;
                    octets[i] = ' ';
                }
            }
            if (from < to && (octets[from] == ' ' || octets[from] == '\t')) {
                if (fields.isEmpty() && name == null) {
                    ambiguous = true;
                }
                value.append("\r\n").append(text(from, to));
                return;
            }
            finish();
            int colon = from;
            if (to - from > 3 && isMark(from)) {
                // A byte order mark; servers that do not recognize it take it for a part of the field's name.
                ambiguous = true;
                colon += 3;
            }
            int begin = colon;
            while (colon < to && octets[colon] > ' ' && octets[colon] < 0x7f && octets[colon] != ':') {
                colon++;
            }
            int behind = colon;
            while (behind < to && (octets[behind] == ' ' || octets[behind] == '\t')) {
                behind++;
            }
            boolean field = colon > begin && behind < to && octets[behind] == ':';
            ambiguous |= !field || behind > colon;
            if (field) {
                name = new String(octets, begin, colon - begin, StandardCharsets.US_ASCII);
                value.append(text(behind + 1, to));
            }
        }

        private boolean isMark(int at) {
            return octets[at] == (byte) 0xef && octets[at + 1] == (byte) 0xbb && octets[at + 2] == (byte) 0xbf;
        }

        private void finish() {
            if (name != null) {
                fields.add(new Field(name, value.toString().stripLeading()));
            }
            name = null;
            value.setLength(0);
        }

        /** RFC 6532 requires UTF-8; older programs use any charset. */
        private String text(int from, int to) {
            return Charsets.repaired(new String(octets, from, to - from, StandardCharsets.ISO_8859_1));
        }
    }
}
