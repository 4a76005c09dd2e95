package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Which mails to read. All conditions that are given must hold. Texts are found whatever their case. Made by
 * {@link #in}.
 *
 * @param folder name as the server shows it, with the server's separator between levels
 * @param from texts of which one must stand in the From header (name or address); empty for any. If
 *     {@code authenticated}, names do not count, and a text with an {@code @} must be the whole address, or all of it
 *     from the {@code @} on
 * @param to texts of which one must stand in the To or Cc header; empty for any
 * @param subject text within the subject, or null
 * @param repliesTo message ids with angle brackets, of which one must stand in In-Reply-To or References; automatic
 *     replies and bounces never match then; empty for any mail
 * @param since not received by the server before this moment, in the years 1 to 9999; null for any
 * @param unseen only mails that nobody has read
 * @param text text within the body, attachments not counted, or null
 * @param hasAttachment only mails with an attachment
 * @param ids {@link ReceivedMail#id()} of the mails to choose from, all of one folder; empty for all
 * @param authenticated only mails whose sender the receiving server vouches for ({@link AuthenticationRule})
 * @param headers names of further header fields for {@link ReceivedMail#headers()}, {@link #ALL_HEADERS} for all
 * @param limit at most this many; 1 to 1000
 * @param newestFirst whether the mails that came into the folder last are taken, in that order, or else the first ones
 */
public record MailQuery(
        @NonNull String folder,
        @NonNull List<String> from,
        @NonNull List<String> to,
        @CheckForNull String subject,
        @NonNull List<String> repliesTo,
        @CheckForNull Instant since,
        boolean unseen,
        @CheckForNull String text,
        boolean hasAttachment,
        @NonNull List<MailId> ids,
        boolean authenticated,
        @NonNull List<String> headers,
        int limit,
        boolean newestFirst) {

    /** The folder that every IMAP account has. */
    public static final String INBOX = "INBOX";

    /** How many mails are read when nobody says. */
    public static final int DEFAULT_LIMIT = 20;

    /** How many mails can be read at once. */
    public static final int MAX_LIMIT = 1000;

    /** In place of the name of a header field. */
    public static final String ALL_HEADERS = "*";

    /** @throws IllegalArgumentException with a sentence that names the component at fault */
    public MailQuery {
        Objects.requireNonNull(folder, "folder");
        if (folder.isBlank()) {
            throw new IllegalArgumentException(Messages.MailQuery_folder());
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(Messages.MailQuery_limit(MAX_LIMIT, limit));
        }
        QueryRules.since(since);
        QueryRules.text("folder", folder);
        subject = QueryRules.text("subject", subject);
        text = QueryRules.text("text", text);
        from = QueryRules.texts("from", from);
        to = QueryRules.texts("to", to);
        repliesTo = QueryRules.messageIds(repliesTo);
        ids = QueryRules.ids(ids);
        headers = QueryRules.headers(headers);
    }

    /** @return the newest {@value #DEFAULT_LIMIT} mails of the inbox, seen or not */
    @NonNull
    public static MailQuery inbox() {
        return in(INBOX).build();
    }

    /** @return a query for the newest {@value #DEFAULT_LIMIT} mails of a folder, to be narrowed */
    @NonNull
    public static Builder in(@NonNull String folder) {
        return new Builder(folder);
    }

    /** @return a builder that begins with what this query asks for */
    @NonNull
    public Builder toBuilder() {
        return new Builder(folder)
                .from(from)
                .to(to)
                .subject(subject)
                .repliesTo(repliesTo)
                .since(since)
                .unseen(unseen)
                .text(text)
                .hasAttachment(hasAttachment)
                .ids(ids)
                .authenticated(authenticated)
                .headers(headers)
                .limit(limit)
                .newestFirst(newestFirst);
    }

    /** Whether mails must be looked at that the server could not tell apart. */
    public boolean decidedHere() {
        return hasAttachment || authenticated || !repliesTo.isEmpty();
    }

    /** Takes one condition after the other; what is not said is not asked for. */
    public static final class Builder {
        private final String folder;
        private List<String> from = List.of();
        private List<String> to = List.of();
        private String subject;
        private List<String> repliesTo = List.of();
        private Instant since;
        private boolean unseen;
        private String text;
        private boolean hasAttachment;
        private List<MailId> ids = List.of();
        private boolean authenticated;
        private List<String> headers = List.of();
        private int limit = DEFAULT_LIMIT;
        private boolean newestFirst = true;

        private Builder(String folder) {
            this.folder = folder;
        }

        @NonNull
        public Builder from(@NonNull List<String> texts) {
            from = texts;
            return this;
        }

        @NonNull
        public Builder to(@NonNull List<String> texts) {
            to = texts;
            return this;
        }

        @NonNull
        public Builder subject(@CheckForNull String wanted) {
            subject = wanted;
            return this;
        }

        /** @param messageIds with or without angle brackets */
        @NonNull
        public Builder repliesTo(@NonNull List<String> messageIds) {
            repliesTo = messageIds;
            return this;
        }

        @NonNull
        public Builder since(@CheckForNull Instant earliest) {
            since = earliest;
            return this;
        }

        @NonNull
        public Builder unseen(boolean only) {
            unseen = only;
            return this;
        }

        @NonNull
        public Builder text(@CheckForNull String wanted) {
            text = wanted;
            return this;
        }

        @NonNull
        public Builder hasAttachment(boolean only) {
            hasAttachment = only;
            return this;
        }

        @NonNull
        public Builder ids(@NonNull List<MailId> only) {
            ids = only;
            return this;
        }

        @NonNull
        public Builder authenticated(boolean only) {
            authenticated = only;
            return this;
        }

        @NonNull
        public Builder headers(@NonNull List<String> names) {
            headers = names;
            return this;
        }

        @NonNull
        public Builder limit(int most) {
            limit = most;
            return this;
        }

        @NonNull
        public Builder newestFirst(boolean newest) {
            newestFirst = newest;
            return this;
        }

        /** @throws IllegalArgumentException with a sentence that names the component at fault */
        @NonNull
        public MailQuery build() {
            return new MailQuery(
                    folder,
                    from,
                    to,
                    subject,
                    repliesTo,
                    since,
                    unseen,
                    text,
                    hasAttachment,
                    ids,
                    authenticated,
                    headers,
                    limit,
                    newestFirst);
        }
    }
}
