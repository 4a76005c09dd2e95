package io.jenkins.plugins.oauthmail.mail.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Addresses as mail programs copy them: separated by semicolons, with commas in unquoted names, and with invisible
 * characters.
 */
final class PastedAddresses {

    private static final Pattern UNSEEN = Pattern.compile(
            "[\\u00ad\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff]");
    private static final Pattern SPACE = Pattern.compile("[\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000]");

    private final String text;
    private final List<String> entries = new ArrayList<>();
    /** What may be the first part of a name, such as {@code Roe} in {@code Roe, Ann}. */
    private final StringBuilder name = new StringBuilder();

    private PastedAddresses(String text) {
        this.text = text;
    }

    /** @return separated by commas, with names in quotation marks where necessary (RFC 5322 section 3.4) */
    static String asList(String pasted) {
        String seen = SPACE.matcher(UNSEEN.matcher(pasted).replaceAll("")).replaceAll(" ");
        PastedAddresses addresses = new PastedAddresses(seen.strip());
        return addresses.text.indexOf(',') < 0 && addresses.text.indexOf(';') < 0 ? addresses.text : addresses.read();
    }

    private String read() {
        int from = 0;
        int comments = 0;
        boolean quoted = false;
        boolean angle = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && (quoted || comments > 0)) {
                i++;
            } else if (quoted || c == '"' && comments == 0) {
                quoted ^= c == '"';
            } else if (c == '(') {
                comments++;
            } else if (c == ')') {
                comments = Math.max(0, comments - 1);
            } else if (comments == 0 && (c == '<' || c == '>')) {
                angle = c == '<';
            } else if (c == ':' && comments == 0 && !angle) {
                // A group has semicolons of its own.
                return text;
            } else if ((c == ',' || c == ';') && comments == 0 && !angle) {
                entry(text.substring(from, i).strip(), c == ';');
                from = i + 1;
            }
        }
        entry(text.substring(from).strip(), true);
        return String.join(", ", entries);
    }

    /** @param ends whether nothing behind it can belong to it */
    private void entry(String entry, boolean ends) {
        int bracket = entry.indexOf('<');
        if (name.length() > 0 && bracket > 0 && entry.indexOf('"') < 0) {
            String whole = name + ", " + entry.substring(0, bracket).strip();
            entries.add('"' + whole.replace("\\", "\\\\") + "\" " + entry.substring(bracket));
            name.setLength(0);
            return;
        }
        boolean continues = name.length() > 0 && !ends && isName(entry);
        if (!continues && name.length() > 0) {
            entries.add(name.toString());
            name.setLength(0);
        }
        if (!ends && isName(entry)) {
            name.append(name.length() == 0 ? "" : ", ").append(entry);
        } else if (!entry.isEmpty()) {
            entries.add(entry);
        }
    }

    /** Names begin in upper case, or in a script without it; what does not may be an address without its domain. */
    private static boolean isName(String entry) {
        return !entry.isEmpty()
                && entry.chars().noneMatch(c -> c == '@' || c == '<' || c == '"' || c == '$')
                && Character.isLetter(entry.codePointAt(0))
                && !Character.isLowerCase(entry.codePointAt(0));
    }
}
