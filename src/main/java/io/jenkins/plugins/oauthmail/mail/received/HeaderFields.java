package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a header as RFC 5322 section 2.2 has them: one ends at CRLF, or at LF as in files, and nowhere else, and
 * its name is printable ASCII. Whoever takes CR alone for the end of a line, or a long s for an s, finds fields that are
 * only the text of others, written by the sender under the eyes of a server that takes such fields away.
 *
 * @param all in their order
 * @param ended whether the empty line behind them was there
 * @param ambiguous whether something is in it that programs read in different ways: CR without LF, NUL, a line that is
 *     no field, white space in front of a colon, or a byte order mark
 */
record HeaderFields(List<Field> all, boolean ended, boolean ambiguous) {

    /** @param value as it came, with its line breaks; CR alone and NUL are spaces */
    record Field(String name, String value) {}

    static HeaderFields parse(byte[] octets) {
        return new Parser(octets).parse();
    }

    /** The value of the topmost field of that name, or null. */
    String first(String name) {
        return all.stream()
                .filter(field -> CaseFolding.equalsAscii(field.name(), name))
                .map(Field::value)
                .findFirst()
                .orElse(null);
    }

    /** The values of all fields of that name, topmost first. */
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
        /** Null for none yet, or one that is no field. */
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

        /** Also a line of CRs alone, which some gateways make of an empty one. */
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
                // A byte order mark: servers that do not know it take the field for another one.
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

        /** RFC 6532 has UTF-8; older programs write whatever they have. */
        private String text(int from, int to) {
            return Charsets.repaired(new String(octets, from, to - from, StandardCharsets.ISO_8859_1));
        }
    }
}
