package io.jenkins.plugins.oauthmail.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.Objects;

/**
 * Which mails to read. All conditions that are given must hold.
 *
 * @param folder name as the server shows it, with the server's separator between levels
 * @param unseen only mails that nobody has read
 * @param from text within the From header (name or address), case ignored; null or empty for any
 * @param subject text within the subject, case ignored; null or empty for any
 * @param since not received by the server before this moment, in the years 1 to 9999; null for any
 * @param limit at most this many, the ones that came into the folder last; 1 to 1000
 */
public record MailQuery(
        @NonNull String folder,
        boolean unseen,
        @CheckForNull String from,
        @CheckForNull String subject,
        @CheckForNull Instant since,
        int limit) {

    /** The folder that every IMAP account has. */
    public static final String INBOX = "INBOX";

    /** How many mails are read when nobody says. */
    public static final int DEFAULT_LIMIT = 20;

    /** How many mails can be read at once. */
    public static final int MAX_LIMIT = 1000;

    /** A date of IMAP has a year of four digits (RFC 9051 section 9), and the search begins a day early. */
    private static final Instant EARLIEST = Instant.parse("0001-01-02T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** @throws IllegalArgumentException with a sentence that names the component at fault */
    public MailQuery {
        Objects.requireNonNull(folder, "folder");
        if (folder.isBlank()) {
            throw new IllegalArgumentException("folder must not be empty; the usual one is INBOX.");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be between 1 and " + MAX_LIMIT + ", not " + limit + ".");
        }
        if (since != null && (since.isBefore(EARLIEST) || since.isAfter(LATEST))) {
            throw new IllegalArgumentException("since must be a moment from 0001-01-02 to 9999-12-31 (UTC), as mail"
                    + " servers know no other years, not " + since + ".");
        }
        from = searchText("from", from);
        subject = searchText("subject", subject);
        searchText("folder", folder);
    }

    /** @return the newest {@value #DEFAULT_LIMIT} mails of the inbox, seen or not */
    @NonNull
    public static MailQuery inbox() {
        return new MailQuery(INBOX, false, null, null, null, DEFAULT_LIMIT);
    }

    private static String searchText(String component, String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(component + " must not hold line breaks or other control characters.");
        }
        return value;
    }
}
