package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Api;
import hudson.model.BuildBadgeAction;
import hudson.model.Item;
import hudson.model.ParameterDefinition;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.oauthmail.jobs.SubmittedForm;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.RunAction2;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/**
 * The questions of a build and its page, on which approvers decide. Opening it changes nothing; a decision is a POST with
 * crumb. Stored with the build for as long as the build is kept.
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public final class ApprovalAction implements RunAction2, BuildBadgeAction {
    static final String URL = "mail-approval";

    private static final Logger LOGGER = Logger.getLogger(ApprovalAction.class.getName());

    private volatile ArrayList<Approval> approvals = new ArrayList<>();

    private transient volatile Run<?, ?> run;

    /** Called by Jenkins. In builds, things are named by what they are, so that moving a class loses nothing. */
    @Initializer(before = InitMilestone.PLUGINS_STARTED)
    @Restricted(DoNotUse.class)
    public static void nameInBuilds() {
        Run.XSTREAM2.alias("oauthMail.approvals", ApprovalAction.class);
        Run.XSTREAM2.alias("oauthMail.approval", Approval.class);
        Run.XSTREAM2.alias("oauthMail.approvalQuestion", Question.class);
        Run.XSTREAM2.alias("oauthMail.approver", Approver.class);
        Run.XSTREAM2.alias("oauthMail.approvalVote", Vote.class);
        Run.XSTREAM2.alias("oauthMail.approvalParameter", AskedParameter.class);
        Run.XSTREAM2.alias("oauthMail.approvalUncounted", RejectedAnswer.class);
    }

    /** The action of a build, which is added if there is none. Branches of a pipeline may ask at the same time. */
    @NonNull
    static synchronized ApprovalAction of(@NonNull Run<?, ?> build) {
        ApprovalAction known = build.getAction(ApprovalAction.class);
        if (known == null) {
            known = new ApprovalAction();
            known.onAttached(build);
            build.addAction(known);
        }
        return known;
    }

    /** Adds a question and saves the build. */
    void add(@NonNull Approval approval) throws IOException {
        synchronized (this) {
            approval.of(Objects.requireNonNull(run));
            ArrayList<Approval> more = new ArrayList<>(approvals);
            more.add(approval);
            approvals = more;
        }
        approval.save();
    }

    /** The question with this ID; null if there is none. */
    @CheckForNull
    Approval find(@CheckForNull String id) {
        return approvals.stream()
                .filter(approval -> approval.getId().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void onAttached(@NonNull Run<?, ?> build) {
        onLoad(build);
    }

    @Override
    public void onLoad(@NonNull Run<?, ?> build) {
        run = build;
        approvals.forEach(approval -> approval.of(build));
    }

    @NonNull
    public Run<?, ?> getRun() {
        return Objects.requireNonNull(run, "attached to a build");
    }

    /** The questions, the newest first. */
    @Exported
    @NonNull
    public List<Approval> getApprovals() {
        List<Approval> newest = new ArrayList<>(approvals);
        Collections.reverse(newest);
        return newest;
    }

    /** Those that are not decided yet. */
    @NonNull
    public List<Approval> getOpen() {
        return getRun().isBuilding()
                ? getApprovals().stream().filter(Approval::isOpen).toList()
                : List.of();
    }

    @NonNull
    @Override
    public String getIconFileName() {
        return "symbol-mail plugin-oauth-mail";
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.ApprovalAction_displayName();
    }

    @NonNull
    @Override
    public String getUrlName() {
        return URL;
    }

    /** The remote API, for auditors. */
    @NonNull
    public Api getApi() {
        return new Api(this);
    }

    /** How long there is to answer, for people. */
    @NonNull
    @Restricted(DoNotUse.class) // Jelly only
    public String getTimeLeft(@NonNull Approval approval) {
        return Util.getTimeSpanString(
                Math.max(0, approval.getDeadline().getTime() - Instant.now().toEpochMilli()));
    }

    /** Whether the user who looks at the page may answer the question now. */
    @Restricted(DoNotUse.class) // Jelly only
    public boolean mayDecide(@NonNull Approval approval) {
        Vote vote = voteOf(approval, "", null);
        return getRun().isBuilding()
                && approval.isOpen()
                && vote != null
                && !vote.isLate(approval.question())
                && approval.votes().stream().noneMatch(vote::isOfSamePerson);
    }

    /** What to ask for with a decision; null if the build has not been resumed yet. */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public List<ParameterDefinition> getDefinitions(@NonNull Approval approval) {
        return approval.getParameters().isEmpty() ? List.of() : approval.definitions();
    }

    /**
     * Counts the answer of the user, who must be an approver by ID or by a group. An address proves nothing here: users
     * can type any into their own profiles.
     *
     * @param approval ID of the question
     */
    @POST
    @Restricted(DoNotUse.class) // Stapler only
    public HttpResponse doDecide(
            StaplerRequest2 request,
            @QueryParameter String approval,
            @QueryParameter String choice,
            @QueryParameter String comment)
            throws IOException {
        getRun().checkPermission(Item.READ);
        Approval asked = find(approval);
        String word = asked == null ? null : asked.question().choice(choice);
        Vote vote = word == null ? null : voteOf(asked, word, comment);
        if (vote == null) {
            throw new AccessDeniedException(Messages.ApprovalAction_denied());
        }
        if (!getRun().isBuilding()) {
            // A build that was killed had no chance to end its questions.
            asked.end(Approval.Ending.ABORTED, Instant.now());
        }
        if (asked.isOpen()
                && !asked.getParameters().isEmpty()
                && !word.equals(asked.question().rejection())) {
            List<ParameterDefinition> definitions = asked.definitions();
            if (definitions == null) {
                return page("?resuming=" + asked.getId());
            }
            try {
                vote = vote.giving(GivenValues.of(
                        SubmittedForm.isIn(request) ? SubmittedForm.of(request) : null, definitions, request));
            } catch (GivenValues.InvalidValue e) {
                LOGGER.log(Level.FINE, e, () -> "A value of a parameter is not valid in " + getRun());
                return page("?invalid=" + asked.getId() + "&parameter=" + Util.rawEncode(e.getMessage()));
            }
        }
        Refusal refusal = asked.vote(vote);
        asked.wakeStep(refusal == null ? vote : null);
        return page(refusal == null ? "" : "?late=" + asked.getId());
    }

    private HttpResponse page(String query) {
        return HttpResponses.redirectViaContextPath(getRun().getUrl() + URL + "/" + query);
    }

    /**
     * What somebody is told whose answer did not count; null for nothing.
     *
     * @param late ID of a question that had ended or been answered
     * @param resuming ID of a question whose build is not there yet
     * @param invalid ID of a question for which a value was not valid
     * @param parameter whose value that was
     */
    @CheckForNull
    @Restricted(DoNotUse.class) // Jelly only
    public String getProblem(
            @CheckForNull String late,
            @CheckForNull String resuming,
            @CheckForNull String invalid,
            @CheckForNull String parameter) {
        Approval asked = find(late);
        if (asked != null) {
            return Messages.ApprovalAction_late(asked.summary());
        }
        if (find(resuming) != null) {
            return Messages.ApprovalAction_resuming();
        }
        asked = find(invalid);
        return asked == null
                ? null
                : asked.getParameters().stream()
                        .map(AskedParameter::getName)
                        .filter(name -> name.equals(parameter))
                        .findFirst()
                        .map(Messages::ApprovalAction_invalid)
                        .orElse(null);
    }

    /** The vote of the current user; null for somebody who may not decide. */
    @CheckForNull
    private static Vote voteOf(Approval approval, String choice, @CheckForNull String comment) {
        Authentication who = Jenkins.getAuthentication2();
        if (!Jenkins.get().isUseSecurity() || ACL.isAnonymous2(who) || who.equals(ACL.SYSTEM2)) {
            return null;
        }
        String id = who.getName();
        Approver approver = approval.user(id);
        if (approver == null && !mayDecideAsMember(approval, who)) {
            return null;
        }
        return new Vote(
                choice,
                approver == null || approver.getUser() == null ? id : approver.getUser(),
                approver == null ? null : approver.getAddress(),
                Vote.How.PAGE,
                Instant.now().toEpochMilli(),
                Answer.comment(comment),
                null);
    }

    /**
     * Whether the current user is a member of a group that may decide, and was not asked by an address: who was, answers
     * by mail, and nobody has two votes. The vote itself has no address, or a member could take that of a colleague by
     * typing the colleague's address into their own profile.
     */
    private static boolean mayDecideAsMember(Approval approval, Authentication who) {
        if (who.getAuthorities().stream().map(GrantedAuthority::getAuthority).noneMatch(approval.groups()::contains)) {
            return false;
        }
        User user = User.getById(who.getName(), false);
        String address = user == null ? null : UserAddresses.find(user);
        return address == null || approval.approver(address) == null;
    }
}
