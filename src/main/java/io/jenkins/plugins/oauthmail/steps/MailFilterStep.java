package io.jenkins.plugins.oauthmail.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.jobs.MailFilter;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** The conditions of a step that searches for messages: a parameter for each field of {@link MailFilter}. */
@Restricted(NoExternalUse.class)
public abstract class MailFilterStep extends Step implements Serializable {
    private static final long serialVersionUID = 1;

    /** The filter, and the fields that older versions stored instead of it, to which nothing is added. */
    private static final ObjectStreamField[] serialPersistentFields = {
        new ObjectStreamField("filter", MailFilter.class),
        new ObjectStreamField("folder", String.class),
        new ObjectStreamField("from", Object.class),
        new ObjectStreamField("to", Object.class),
        new ObjectStreamField("subject", String.class),
        new ObjectStreamField("repliesTo", Object.class),
        new ObjectStreamField("since", String.class),
        new ObjectStreamField("unseen", boolean.class),
        new ObjectStreamField("text", String.class),
        new ObjectStreamField("hasAttachment", boolean.class),
        new ObjectStreamField("requireAuthenticated", boolean.class),
        new ObjectStreamField("id", Object.class),
        new ObjectStreamField("limit", Integer.class),
        new ObjectStreamField("newestFirst", Boolean.class)
    };

    private transient MailFilter filter = new MailFilter();

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.putFields().put("filter", filter);
        out.writeFields();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        ObjectInputStream.GetField saved = in.readFields();
        filter = (MailFilter) saved.get("filter", null);
        if (filter == null) {
            filter = before(saved);
        }
    }

    private static MailFilter before(ObjectInputStream.GetField saved) throws IOException, ClassNotFoundException {
        MailFilter filter = new MailFilter();
        filter.setFolder((String) saved.get("folder", null));
        filter.setFrom(saved.get("from", null));
        filter.setTo(saved.get("to", null));
        filter.setSubject((String) saved.get("subject", null));
        filter.setRepliesTo(saved.get("repliesTo", null));
        filter.setSince((String) saved.get("since", null));
        filter.setUnseen(saved.get("unseen", false));
        filter.setText((String) saved.get("text", null));
        filter.setHasAttachment(saved.get("hasAttachment", false));
        filter.setRequireAuthenticated(saved.get("requireAuthenticated", false));
        filter.setId(saved.get("id", null));
        if (saved.get("limit", null) instanceof Integer limit) {
            filter.setLimit(limit);
        }
        filter.setNewestFirst(saved.get("newestFirst", null) == null);
        return filter;
    }

    /** The conditions. */
    @NonNull
    final MailFilter filter() {
        return filter;
    }

    /** The folder's full name; defaults to INBOX. */
    @NonNull
    public String getFolder() {
        return filter.getFolder();
    }

    @DataBoundSetter
    public void setFolder(@CheckForNull String folder) {
        filter.setFolder(folder);
    }

    public boolean isUnseen() {
        return filter.isUnseen();
    }

    @DataBoundSetter
    public void setUnseen(boolean unseen) {
        filter.setUnseen(unseen);
    }

    /** A text or a list of texts; null for any. */
    @CheckForNull
    public Object getFrom() {
        return filter.getFrom();
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull Object from) {
        filter.setFrom(from);
    }

    /** A text or a list of texts; null for any. */
    @CheckForNull
    public Object getTo() {
        return filter.getTo();
    }

    @DataBoundSetter
    public void setTo(@CheckForNull Object to) {
        filter.setTo(to);
    }

    @CheckForNull
    public String getSubject() {
        return filter.getSubject();
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        filter.setSubject(subject);
    }

    /** A message ID or a list of them; null for any message. */
    @CheckForNull
    public Object getRepliesTo() {
        return filter.getRepliesTo();
    }

    @DataBoundSetter
    public void setRepliesTo(@CheckForNull Object repliesTo) {
        filter.setRepliesTo(repliesTo);
    }

    /** An ISO 8601 date or time; null for any. */
    @CheckForNull
    public String getSince() {
        return filter.getSince();
    }

    @DataBoundSetter
    public void setSince(@CheckForNull String since) {
        filter.setSince(since);
    }

    @CheckForNull
    public String getText() {
        return filter.getText();
    }

    @DataBoundSetter
    public void setText(@CheckForNull String text) {
        filter.setText(text);
    }

    public boolean isHasAttachment() {
        return filter.isHasAttachment();
    }

    @DataBoundSetter
    public void setHasAttachment(boolean hasAttachment) {
        filter.setHasAttachment(hasAttachment);
    }

    public boolean isRequireAuthenticated() {
        return filter.isRequireAuthenticated();
    }

    @DataBoundSetter
    public void setRequireAuthenticated(boolean requireAuthenticated) {
        filter.setRequireAuthenticated(requireAuthenticated);
    }

    /** An ID from an earlier read or a list of them; null for any message. */
    @CheckForNull
    public Object getId() {
        return filter.getId();
    }

    @DataBoundSetter
    public void setId(@CheckForNull Object id) {
        filter.setId(id);
    }

    public int getLimit() {
        return filter.getLimit();
    }

    @DataBoundSetter
    public void setLimit(int limit) {
        filter.setLimit(limit);
    }

    public boolean isNewestFirst() {
        return filter.isNewestFirst();
    }

    @DataBoundSetter
    public void setNewestFirst(boolean newestFirst) {
        filter.setNewestFirst(newestFirst);
    }
}
