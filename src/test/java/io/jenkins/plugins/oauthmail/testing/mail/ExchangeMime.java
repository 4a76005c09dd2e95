package io.jenkins.plugins.oauthmail.testing.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a mail anew as Exchange does, which keeps no mail as it was sent: other boundaries, and the header in an
 * order and folding of its own. Fields of the same name, and those that servers add on top, stay in their order.
 */
final class ExchangeMime {

    private static final int LINE = 76;
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]+)\"|([^\"; \t]+))", Pattern.CASE_INSENSITIVE);
    private static final Pattern FIELD = Pattern.compile("[!-9;-~]+[ \t]*:.*", Pattern.DOTALL);
    private static final List<String> ORDER =
            List.of("from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to");

    private ExchangeMime() {}

    static byte[] anew(byte[] raw) {
        String mail = new String(raw, StandardCharsets.ISO_8859_1);
        // Clients see CR LF in any case.
        String lines = mail.replace("\r\n", "\n");
        if (lines.indexOf('\r') >= 0) {
            return raw;
        }
        return String.join("\r\n", anew(List.of(lines.split("\n", -1)))).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** @param mail lines without their ends */
    static List<String> anew(List<String> mail) {
        int end = mail.indexOf("");
        List<String> fields = end < 0 ? null : fields(mail.subList(0, end));
        if (fields == null) {
            return mail;
        }
        fields.sort((one, other) -> Integer.compare(place(one), place(other)));
        List<String> anew = new ArrayList<>();
        fields.forEach(field -> fold(field, anew));
        anew.addAll(mail.subList(end, mail.size()));
        return boundaries(anew);
    }

    /** The unfolded fields of a header; null if it is not quite one. */
    private static List<String> fields(List<String> header) {
        List<String> fields = new ArrayList<>();
        for (String line : header) {
            if (line.startsWith(" ") || line.startsWith("\t")) {
                if (fields.isEmpty()) {
                    return null;
                }
                fields.set(fields.size() - 1, fields.get(fields.size() - 1) + line);
            } else if (FIELD.matcher(line).matches()) {
                fields.add(line);
            } else {
                return null;
            }
        }
        return fields;
    }

    private static int place(String field) {
        String name = field.substring(0, field.indexOf(':')).strip().toLowerCase(Locale.ROOT);
        int place = ORDER.indexOf(name);
        return place >= 0 ? place + 1 : name.startsWith("content-") || name.equals("mime-version") ? 100 : 0;
    }

    /** Breaks lines before white space that is there. */
    private static void fold(String field, List<String> to) {
        String rest = field;
        while (rest.length() > LINE) {
            int at = -1;
            for (int i = field.indexOf(':') + 2; i < rest.length(); i++) {
                boolean blank = rest.charAt(i) == ' ' || rest.charAt(i) == '\t';
                if (blank && i <= LINE || blank && at < 0) {
                    at = i;
                }
            }
            if (at < 0 || rest.substring(0, at).isBlank() || rest.substring(at).isBlank()) {
                break;
            }
            to.add(rest.substring(0, at));
            rest = rest.substring(at);
        }
        to.add(rest);
    }

    private static List<String> boundaries(List<String> mail) {
        Map<String, String> replaced = new HashMap<>();
        Matcher matcher = BOUNDARY.matcher(String.join("\n", mail));
        while (matcher.find()) {
            String old = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            replaced.putIfAbsent(old, String.format(Locale.ROOT, "_%03d_AM0PR01MB0001_", replaced.size()));
        }
        List<String> anew = new ArrayList<>();
        for (String line : mail) {
            String stripped = line.stripTrailing();
            boolean last = stripped.endsWith("--") && stripped.length() > 4;
            String old = stripped.startsWith("--")
                    ? stripped.substring(2, last ? stripped.length() - 2 : stripped.length())
                    : "";
            if (replaced.containsKey(old)) {
                anew.add("--" + replaced.get(old) + (last ? "--" : ""));
            } else {
                anew.add(BOUNDARY.matcher(line).replaceAll(found -> {
                    String name = found.group(1) == null ? found.group(2) : found.group(1);
                    return Matcher.quoteReplacement("boundary=\"" + replaced.getOrDefault(name, name) + "\"");
                }));
            }
        }
        return anew;
    }
}
