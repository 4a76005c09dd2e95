package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes safe, unique file names for the attachments of a message from the names that senders gave them. Removes
 * folders, control and bidirectional characters, device names that Windows reserves, leading dots, and the trailing
 * dots and spaces that Windows ignores.
 */
public final class AttachmentNames {

    private static final int MAX_LENGTH = 120;

    /** File systems count bytes and usually allow 255; the sink may add a prefix. */
    private static final int MAX_LENGTH_BYTES = 200;

    private static final int CONSIDERED = 1000;

    private static final Pattern UNWANTED = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");
    private static final Pattern FORBIDDEN = Pattern.compile("[<>:\"|?*]");
    /** Windows also ignores the extension, and spaces in front of it. */
    private static final Pattern DEVICE = Pattern.compile(
            "(?:con|prn|aux|nul|conin\\$|conout\\$|clock\\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\\..*)?",
            Pattern.CASE_INSENSITIVE);

    private static final String ROOM_FOR_NUMBER = "-99999";

    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> next = new HashMap<>();

    /**
     * @param written the name that the sender gave the part, or null
     * @param type MIME type of the part, for the extension of a part without a name
     * @return a safe name, different from all earlier ones
     */
    public String next(String written, String type) {
        String name = safe(written == null ? "" : decoded(written));
        if (name.isEmpty()) {
            name = type.equals("message/rfc822") ? "message.eml" : "attachment";
        }
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        if (extension.length() > 20) {
            stem = name;
            extension = "";
        }
        String candidate = fit(stem, extension);
        if (taken.add(caseless(candidate))) {
            return candidate;
        }
        // Long names that only differ at the end become equal when a number replaces it, so they share a counter.
        String alike = caseless(fit(stem, ROOM_FOR_NUMBER + extension));
        int number = next.getOrDefault(alike, 2);
        while (!taken.add(caseless(fit(stem, "-" + number + extension)))) {
            number++;
        }
        next.put(alike, number + 1);
        return fit(stem, "-" + number + extension);
    }

    private static String safe(String written) {
        // The end contains the file name and its extension; a name of a megabyte would take minutes below.
        String end = written.substring(Math.max(0, written.length() - CONSIDERED));
        String name = Normalizer.normalize(end, Normalizer.Form.NFC);
        name = UNWANTED.matcher(name).replaceAll("");
        name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        name = FORBIDDEN.matcher(name).replaceAll("_");
        name = trimmed(name);
        return withoutDevice(name);
    }

    private static String withoutDevice(String name) {
        return DEVICE.matcher(name).matches() ? "_" + name : name;
    }

    private static String fit(String stem, String end) {
        int keep = Math.min(stem.length(), MAX_LENGTH + 1);
        String name = stem.substring(0, keep) + end;
        while (name.length() > MAX_LENGTH || name.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH_BYTES) {
            keep = stem.offsetByCodePoints(keep, -1);
            name = trimmed(stem.substring(0, keep)) + end;
        }
        // What was cut off may be all that distinguished it.
        return withoutDevice(name);
    }

    /**
     * Not done with a pattern, because one for trailing characters takes quadratic time if there are many dots in the
     * middle.
     */
    private static String trimmed(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && dotOrBlank(name.charAt(from))) {
            from++;
        }
        while (to > from && dotOrBlank(name.charAt(to - 1))) {
            to--;
        }
        return name.substring(from, to);
    }

    private static boolean dotOrBlank(char c) {
        return c == '.' || c == ' ';
    }

    private static String caseless(String name) {
        return CaseFolding.fold(name);
    }

    /** Outlook uses encoded words, although RFC 2231 forbids them here. */
    private static String decoded(String written) {
        // Much more than what is used later, because encoded names are longer, but little compared with a megabyte.
        String end = written.substring(Math.max(0, written.length() - 10 * CONSIDERED));
        return EncodedWords.decode(Charsets.repaired(ReceivedHeaders.unfolded(end)));
    }
}
