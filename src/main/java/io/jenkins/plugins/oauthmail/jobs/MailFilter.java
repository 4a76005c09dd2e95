package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The conditions on messages of a step or trigger, as specified by its user. Only this class converts them to a
 * {@link MailQuery}; the fields are the same. It is stored with steps and triggers, so fields may be added but not
 * renamed.
 */
@Restricted(NoExternalUse.class)
public final class MailFilter implements Serializable {
    private static final long serialVersionUID = 1;

    private String folder;
    private Object from;
    private Object to;
    private String subject;
    private Object repliesTo;
    private String since;
    private boolean unseen;
    private String text;
    private boolean hasAttachment;
    private boolean requireAuthenticated;
    private Object id;
    private Integer limit;
    private Boolean newestFirst;

    /** The folder's full name; defaults to INBOX. */
    @NonNull
    public String getFolder() {
        return folder == null ? MailQuery.INBOX : folder;
    }

    public void setFolder(@CheckForNull String folder) {
        String name = Util.fixEmptyAndTrim(folder);
        this.folder = MailQuery.INBOX.equals(name) ? null : name;
    }

    /** A text or a list of texts; null for any. */
    @CheckForNull
    public Object getFrom() {
        return from;
    }

    public void setFrom(@CheckForNull Object from) {
        this.from = ListArgument.kept(from);
    }

    /** A text or a list of texts; null for any. */
    @CheckForNull
    public Object getTo() {
        return to;
    }

    public void setTo(@CheckForNull Object to) {
        this.to = ListArgument.kept(to);
    }

    @CheckForNull
    public String getSubject() {
        return subject;
    }

    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** A message ID or a list of them; null for any message. */
    @CheckForNull
    public Object getRepliesTo() {
        return repliesTo;
    }

    public void setRepliesTo(@CheckForNull Object repliesTo) {
        this.repliesTo = ListArgument.kept(repliesTo);
    }

    /** An ISO 8601 date or time; null for any. */
    @CheckForNull
    public String getSince() {
        return since;
    }

    public void setSince(@CheckForNull String since) {
        this.since = Util.fixEmptyAndTrim(since);
    }

    public boolean isUnseen() {
        return unseen;
    }

    public void setUnseen(boolean unseen) {
        this.unseen = unseen;
    }

    @CheckForNull
    public String getText() {
        return text;
    }

    public void setText(@CheckForNull String text) {
        this.text = Util.fixEmptyAndTrim(text);
    }

    public boolean isHasAttachment() {
        return hasAttachment;
    }

    public void setHasAttachment(boolean hasAttachment) {
        this.hasAttachment = hasAttachment;
    }

    public boolean isRequireAuthenticated() {
        return requireAuthenticated;
    }

    public void setRequireAuthenticated(boolean requireAuthenticated) {
        this.requireAuthenticated = requireAuthenticated;
    }

    /** An ID from an earlier read or a list of them; null for any message. */
    @CheckForNull
    public Object getId() {
        return id;
    }

    public void setId(@CheckForNull Object id) {
        this.id = ListArgument.kept(id);
    }

    public int getLimit() {
        return limit == null ? MailQuery.DEFAULT_LIMIT : limit;
    }

    public void setLimit(int limit) {
        this.limit = limit == MailQuery.DEFAULT_LIMIT ? null : limit;
    }

    public boolean isNewestFirst() {
        return newestFirst == null;
    }

    public void setNewestFirst(boolean newestFirst) {
        this.newestFirst = newestFirst ? null : Boolean.FALSE;
    }

    /** The conditions in words, without the folder; empty if there are none. */
    @NonNull
    public String inWords() {
        List<String> words = new ArrayList<>();
        add(words, Messages::MailFilter_from, ListArgument.joined(from));
        add(words, Messages::MailFilter_to, ListArgument.joined(to));
        add(words, Messages::MailFilter_subject, subject);
        add(words, Messages::MailFilter_text, text);
        add(words, Messages::MailFilter_repliesTo, ListArgument.joined(repliesTo));
        add(words, Messages::MailFilter_since, since);
        add(words, Messages::MailFilter_id, ListArgument.joined(id));
        add(words, unused -> Messages.MailFilter_unseen(), unseen ? "" : null);
        add(words, unused -> Messages.MailFilter_hasAttachment(), hasAttachment ? "" : null);
        add(words, unused -> Messages.MailFilter_authenticated(), requireAuthenticated ? "" : null);
        return String.join("; ", words);
    }

    private static void add(List<String> words, Function<Object, String> sentence, @CheckForNull String value) {
        if (value != null) {
            words.add(sentence.apply(OneLine.of(value)));
        }
    }

    /**
     * Builds and validates the query.
     *
     * @param further adds or overrides conditions that the filter does not know
     * @throws AbortException with a message that names the invalid field
     */
    @NonNull
    public MailQuery query(@NonNull UnaryOperator<MailQuery.Builder> further) throws AbortException {
        Instant earliest = since == null ? null : Since.parse(since);
        try {
            List<MailId> ids =
                    ListArgument.words("id", id).stream().map(MailId::new).toList();
            return further.apply(MailQuery.in(getFolder())
                            .from(ListArgument.texts("from", from))
                            .to(ListArgument.texts("to", to))
                            .subject(subject)
                            .repliesTo(ListArgument.words("repliesTo", repliesTo))
                            .since(earliest)
                            .unseen(unseen)
                            .text(text)
                            .hasAttachment(hasAttachment)
                            .authenticated(requireAuthenticated)
                            .ids(ids)
                            .limit(limit == null ? Math.max(ids.size(), MailQuery.DEFAULT_LIMIT) : limit)
                            .newestFirst(isNewestFirst()))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }
}
