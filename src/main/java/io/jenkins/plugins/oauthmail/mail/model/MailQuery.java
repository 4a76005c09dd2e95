package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Which messages to read. All given conditions must match. Texts match regardless of case. Created with {@link #in}.
 *
 * @param folder full name as the server lists it, with the server's separator between levels
 * @param from texts, one of which must occur in the From header (name or address); empty for any sender. If
 *     {@code authenticated}, display names are ignored, and a text with an {@code @} must be the complete address, or
 *     everything from the {@code @} on
 * @param to texts, one of which must occur in the To or Cc header; empty for any recipient
 * @param subject text that must occur in the subject, or null
 * @param repliesTo message ids in angle brackets, one of which must occur in In-Reply-To or References; automatic
 *     replies and bounces then never match; empty to match any message
 * @param since the earliest time at which the server received the message, in the years 1 to 9999; null for any
 * @param unseen only messages that are not marked as seen
 * @param text text that must occur in the body, but not in attachments, or null
 * @param hasAttachment only messages with an attachment
 * @param ids {@link ReceivedMail#id()} of the messages to choose from, all of the same folder; empty for all
 * @param authenticated only messages whose sender the receiving server vouches for ({@link AuthenticationRule})
 * @param headers names of more header fields for {@link ReceivedMail#headers()}, or {@link #ALL_HEADERS}
 * @param limit the maximum number of messages, 1 to 1000
 * @param newestFirst true for the messages that arrived last, newest first; false for those that arrived first, oldest
 *     first
 * @param bodies whether to return what takes more than the envelope: bodies, the list of attachments (unless they are
 *     saved, or {@code hasAttachment}), whether it was sent automatically, and whether the server vouches for it (unless
 *     {@code authenticated})
 * @param html whether to return the HTML body of messages that have a plain text body as well
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
        boolean newestFirst,
        boolean bodies,
        boolean html) {

    /** The folder that every IMAP account has. */
    public static final String INBOX = "INBOX";

    /** The limit that applies if none is given. */
    public static final int DEFAULT_LIMIT = 20;

    /** The highest limit that can be given. */
    public static final int MAX_LIMIT = 1000;

    /** The most message ids in {@code repliesTo}: for twenty messages, each of which may have two. */
    public static final int MAX_MESSAGE_IDS = 40;

    /** Stands for the names of all header fields. */
    public static final String ALL_HEADERS = "*";

    /** @throws IllegalArgumentException with a sentence that names the wrong component */
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

    /** @return a query for the newest {@value #DEFAULT_LIMIT} messages of the inbox, seen or not */
    @NonNull
    public static MailQuery inbox() {
        return in(INBOX).build();
    }

    /**
     * @return a builder of a query for the newest {@value #DEFAULT_LIMIT} messages of a folder, to which conditions can
     *     be added
     */
    @NonNull
    public static Builder in(@NonNull String folder) {
        return new Builder(folder);
    }

    /** @return a builder with all conditions of this query */
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
                .newestFirst(newestFirst)
                .bodies(bodies)
                .html(html);
    }

    /** Whether bodies have to be fetched, to return them or to look into them. */
    public boolean needsBodies() {
        return bodies || text != null;
    }

    /** Whether the parts of a message matter, to return them or for a condition. */
    public boolean needsParts() {
        return needsBodies() || hasAttachment;
    }

    /** Whether every message of the folder matches, because no condition is set. */
    public boolean matchesAll() {
        // What is not copied here is a condition.
        return in(folder)
                .headers(headers)
                .limit(limit)
                .newestFirst(newestFirst)
                .bodies(bodies)
                .html(html)
                .build()
                .equals(this);
    }

    /** Whether a condition is set that no server can check, so that probably few of the messages found match. */
    public boolean needsMessageCheck() {
        return hasAttachment || authenticated || !repliesTo.isEmpty();
    }

    /** Builds a query. Components that are not set impose no condition. */
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
        private boolean bodies = true;
        private boolean html = true;

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

        @NonNull
        public Builder bodies(boolean wanted) {
            bodies = wanted;
            return this;
        }

        @NonNull
        public Builder html(boolean wanted) {
            html = wanted;
            return this;
        }

        /** @throws IllegalArgumentException with a sentence that names the wrong component */
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
                    newestFirst,
                    bodies,
                    html);
        }
    }
}
