package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.User;
import io.jenkins.plugins.oauthmail.account.FailureText;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * Somebody who is asked by name. Kept with the build. Lists are replaced instead of modified, since the build may be saved
 * at any time.
 */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class Approver {
    private final String user;
    private final String address;
    private final boolean answersByMail;
    private volatile ArrayList<String> references = new ArrayList<>();
    private volatile ArrayList<String> messageIds = new ArrayList<>();
    private volatile long asked;
    private volatile String problem;
    private volatile boolean uncertain;

    private Approver(@CheckForNull String user, @CheckForNull String address, boolean answersByMail) {
        this.user = StoredXml.storable(user);
        this.address = StoredXml.storable(address);
        this.answersByMail = answersByMail;
    }

    /**
     * Somebody whose address the author of the pipeline gave.
     *
     * @param user ID of the Jenkins user, who may decide on the page as well; null for none
     */
    @NonNull
    static Approver named(@CheckForNull String user, @NonNull String address) {
        return new Approver(user, address, true);
    }

    /**
     * A Jenkins user, who may decide on the page only: an address in a profile may be somebody else's, as the Git plugin
     * takes it from a commit of anybody.
     *
     * @param address where the question is sent; null for none
     */
    @NonNull
    static Approver user(@NonNull String id, @CheckForNull String address) {
        return new Approver(id, address, false);
    }

    /** The ID of the user, or else the address. */
    @Exported
    @NonNull
    public String getName() {
        return user == null ? String.valueOf(address) : user;
    }

    @Exported
    @CheckForNull
    public String getUser() {
        return user;
    }

    @Exported
    @CheckForNull
    public String getAddress() {
        return address;
    }

    /** When the question was last sent to this person; null if it was not. */
    @Exported
    @CheckForNull
    public Date getAsked() {
        return asked == 0 ? null : new Date(asked);
    }

    /** The message IDs of the questions. */
    @Exported
    @NonNull
    public List<String> getMessageIds() {
        return new ArrayList<>(messageIds);
    }

    /** Why the question could not be sent, or may not have been; null if it was. */
    @Exported
    @CheckForNull
    public String getProblem() {
        return problem;
    }

    /** Whether it is unknown if the question has reached this person. */
    @Exported
    public boolean isUncertain() {
        return uncertain;
    }

    /** The same for a page. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public FailureText getProblemReason() {
        return FailureText.ofNullable(problem);
    }

    /** Whether an answer by mail from the address is this person's. */
    boolean isByMail() {
        return address != null && (user == null || answersByMail);
    }

    /**
     * Whether an answer by mail says nothing of who somebody is in Jenkins. A user whose ID is the address may be nobody
     * who signs in: the Git plugin can make such users of commits.
     */
    boolean isOnlyAddress() {
        return user == null || hasAddress(user);
    }

    boolean isUser(@NonNull String id) {
        return user != null && User.idStrategy().equals(user, id);
    }

    boolean hasAddress(@CheckForNull String other) {
        return address != null && CaseFolding.equalsAscii(address, other);
    }

    /** Whether this may be the same person, who must not have two votes. */
    boolean isSameAs(@NonNull Approver other) {
        return other.user != null && isUser(other.user) || hasAddress(other.address);
    }

    /** Whether this person was given the reference. */
    boolean knows(@NonNull Reference reference) {
        byte[] hash = reference.hash().getBytes(StandardCharsets.US_ASCII);
        boolean known = false;
        for (String one : references) {
            known |= MessageDigest.isEqual(one.getBytes(StandardCharsets.US_ASCII), hash);
        }
        return known;
    }

    /** Whether the question has been sent to this person, or may have been. */
    boolean mayHaveBeenAsked() {
        return !references.isEmpty();
    }

    /** Adds a reference that is about to be sent. */
    synchronized void addReference(@NonNull Reference reference) {
        references = with(references, reference.hash());
    }

    synchronized void asked(@NonNull List<String> ids, long when) {
        for (String id : ids) {
            if (!messageIds.contains(id)) {
                messageIds = with(messageIds, id);
            }
        }
        asked = when;
        problem = null;
        uncertain = false;
    }

    /** @param perhaps whether the question may have been sent nevertheless, which holds whatever becomes of another one */
    synchronized void notAsked(@NonNull String why, boolean perhaps) {
        if (perhaps || !uncertain) {
            problem = StoredXml.storable(why);
            uncertain = perhaps;
        }
    }

    private static ArrayList<String> with(List<String> list, String one) {
        ArrayList<String> more = new ArrayList<>(list);
        more.add(one);
        return more;
    }
}
