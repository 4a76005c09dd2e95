package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.oauthmail.jobs.ListArgument;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.stapler.DataBoundSetter;

/** The conditions of a step that searches for messages. The fields are those of {@link MailQuery}. */
public abstract class MailFilterStep extends Step implements Serializable {
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

    @DataBoundSetter
    public void setFolder(@CheckForNull String folder) {
        String name = Util.fixEmptyAndTrim(folder);
        this.folder = MailQuery.INBOX.equals(name) ? null : name;
    }

    public boolean isUnseen() {
        return unseen;
    }

    @DataBoundSetter
    public void setUnseen(boolean unseen) {
        this.unseen = unseen;
    }

    /** A text or a list of texts; null for any. */
    @CheckForNull
    public Object getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull Object from) {
        this.from = ListArgument.kept(from);
    }

    /** A text or a list of texts; null for any. */
    @CheckForNull
    public Object getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull Object to) {
        this.to = ListArgument.kept(to);
    }

    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** A message ID or a list of them; null for any message. */
    @CheckForNull
    public Object getRepliesTo() {
        return repliesTo;
    }

    @DataBoundSetter
    public void setRepliesTo(@CheckForNull Object repliesTo) {
        this.repliesTo = ListArgument.kept(repliesTo);
    }

    /** An ISO 8601 date or time; null for any. */
    @CheckForNull
    public String getSince() {
        return since;
    }

    @DataBoundSetter
    public void setSince(@CheckForNull String since) {
        this.since = Util.fixEmptyAndTrim(since);
    }

    @CheckForNull
    public String getText() {
        return text;
    }

    @DataBoundSetter
    public void setText(@CheckForNull String text) {
        this.text = Util.fixEmptyAndTrim(text);
    }

    public boolean isHasAttachment() {
        return hasAttachment;
    }

    @DataBoundSetter
    public void setHasAttachment(boolean hasAttachment) {
        this.hasAttachment = hasAttachment;
    }

    public boolean isRequireAuthenticated() {
        return requireAuthenticated;
    }

    @DataBoundSetter
    public void setRequireAuthenticated(boolean requireAuthenticated) {
        this.requireAuthenticated = requireAuthenticated;
    }

    /** An ID from an earlier read or a list of them; null for any message. */
    @CheckForNull
    public Object getId() {
        return id;
    }

    @DataBoundSetter
    public void setId(@CheckForNull Object id) {
        this.id = ListArgument.kept(id);
    }

    public int getLimit() {
        return limit == null ? MailQuery.DEFAULT_LIMIT : limit;
    }

    @DataBoundSetter
    public void setLimit(int limit) {
        this.limit = limit == MailQuery.DEFAULT_LIMIT ? null : limit;
    }

    public boolean isNewestFirst() {
        return newestFirst == null;
    }

    @DataBoundSetter
    public void setNewestFirst(boolean newestFirst) {
        this.newestFirst = newestFirst ? null : Boolean.FALSE;
    }

    /**
     * Builds and validates the query.
     *
     * @param headers names of further header fields to return for each message
     */
    final MailQuery query(List<String> headers) throws AbortException {
        Instant earliest = since == null ? null : Since.parse(since);
        try {
            List<MailId> ids =
                    ListArgument.words("id", id).stream().map(MailId::new).toList();
            return MailQuery.in(getFolder())
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
                    .newestFirst(isNewestFirst())
                    .headers(headers)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }
}
