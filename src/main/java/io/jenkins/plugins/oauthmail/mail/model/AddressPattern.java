package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;

/**
 * A pattern for email addresses. A to Z match regardless of case; every other character matches only itself.
 *
 * @param text a complete address; a domain that begins with {@code @}; the part of an address up to and including the
 *     {@code @}; or any other text, which may occur anywhere in the address
 */
public record AddressPattern(@NonNull String text) {
    private static final Pattern EXACT = Pattern.compile("[^@*\\s<>\"]*@[^@*\\s<>\"]+");

    /** @param text if it contains an address in angle brackets, only that address is used */
    public AddressPattern {
        text = CaseFolding.asciiLower(
                text.substring(text.lastIndexOf('<') + 1).replace(">", "").strip());
    }

    /**
     * Whether the text, as it is, can only match one address, or the addresses of one domain that begins with {@code
     * @}.
     */
    public static boolean isExact(@CheckForNull String text) {
        return text != null && EXACT.matcher(text).matches();
    }

    /**
     * Whether this pattern matches an address.
     *
     * @param address the address without a display name
     */
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
