package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;

/**
 * Whose addresses are meant. Upper and lower case of A to Z are the same, and nothing else passes for them.
 *
 * @param text a whole address, {@code @} and a domain, all of an address up to its {@code @}, or else anything within an
 *     address
 */
public record AddressPattern(@NonNull String text) {
    private static final Pattern EXACT = Pattern.compile("[^@*\\s<>\"]*@[^@*\\s<>\"]+");

    /** @param text what stands in front of angle brackets does not count, nor do the brackets */
    public AddressPattern {
        text = CaseFolding.asciiLower(
                text.substring(text.lastIndexOf('<') + 1).replace(">", "").strip());
    }

    /** Whether a text as it is names one address, or a domain with an {@code @} in front. */
    public static boolean isExact(@CheckForNull String text) {
        return text != null && EXACT.matcher(text).matches();
    }

    /** Whether an address without a name is meant. */
    public boolean matches(@NonNull String address) {
        String lower = CaseFolding.asciiLower(address);
        int at = text.indexOf('@');
        if (at < 0) {
            return lower.contains(text);
        }
        if (at == 0) {
            return lower.endsWith(text);
        }
        return at == text.length() - 1 ? lower.startsWith(text) : lower.equals(text);
    }
}
