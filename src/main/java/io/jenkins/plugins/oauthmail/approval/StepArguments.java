package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.FileParameterDefinition;
import hudson.model.ParameterDefinition;
import io.jenkins.plugins.oauthmail.jobs.BoundSecrets;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes a question of the arguments that the author of a pipeline gave, and refuses those that make none. */
final class StepArguments {
    private static final int MAX_CHOICES = 10;

    /** Nothing that a mail program could take for a mark of its own, or break. */
    private static final Pattern CHOICE = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} _'.-]{0,38}");

    private StepArguments() {}

    /**
     * Checks all arguments and makes the record of a question that begins now.
     *
     * @param step of which nothing has been checked
     * @param id of {@link Reference#newQuestion}
     * @param secrets what the record must not show
     * @throws AbortException naming the invalid argument
     */
    @NonNull
    static Approval check(@NonNull OAuthMailApprovalStep step, @NonNull String id, @NonNull List<String> secrets)
            throws AbortException {
        String subject = subject(step);
        String text = text(step);
        oneOf("onReject", step.getOnReject(), OAuthMailApprovalStep.FAIL, OAuthMailApprovalStep.RETURN);
        oneOf(
                "onTimeout",
                step.getOnTimeout(),
                OAuthMailApprovalStep.FAIL,
                OAuthMailApprovalStep.REJECT,
                OAuthMailApprovalStep.RETURN);
        step.reminderTime();
        try {
            Addresses.parse("to", step.getTo());
            Addresses.parse("cc", step.getCc());
        } catch (MailFailure failure) {
            throw new AbortException(failure.getMessage());
        }
        List<Approver> people = ApproverList.parse(step.getApprovers());
        List<String> groups = ApproverList.entries("approverGroups", step.getApproverGroups());
        if (people.isEmpty() && groups.isEmpty()) {
            throw new AbortException(Messages.OAuthMailApprovalStep_noApprovers());
        }
        int required = step.getRequired();
        if (required < 1 || groups.isEmpty() && required > people.size()) {
            throw new AbortException(Messages.OAuthMailApprovalStep_required(required, people.size()));
        }
        Instant now = Instant.now();
        Question question = new Question(
                        id,
                        Util.fixNull(step.getAccount()),
                        BoundSecrets.mask(subject, secrets),
                        text == null ? null : BoundSecrets.mask(text, secrets),
                        words(step.getChoices()),
                        required,
                        now,
                        now.plus(step.waitTime()))
                .asking(asked(step.getParameters(), people));
        return new Approval(question, people, groups);
    }

    /** The subject as it is sent. */
    @NonNull
    static String subject(@NonNull OAuthMailApprovalStep step) throws AbortException {
        String subject = step.getSubject();
        if (subject == null || OneLine.of(subject).isEmpty()) {
            throw new AbortException(Messages.OAuthMailApprovalStep_subject());
        }
        return OneLine.of(Reference.remove(subject));
    }

    /** The text as it is sent; null for none. */
    @CheckForNull
    static String text(@NonNull OAuthMailApprovalStep step) {
        return step.getBody() == null ? null : OneLine.lines(step.getBody());
    }

    private static List<AskedParameter> asked(List<ParameterDefinition> definitions, List<Approver> people)
            throws AbortException {
        List<AskedParameter> asked = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ParameterDefinition definition : definitions) {
            if (definition == null || Util.fixEmptyAndTrim(definition.getName()) == null) {
                throw new AbortException(Messages.OAuthMailApprovalStep_parameterName());
            }
            if (definition instanceof FileParameterDefinition) {
                throw new AbortException(Messages.OAuthMailApprovalStep_fileParameter(definition.getName()));
            }
            if (!names.add(definition.getName())) {
                throw new AbortException(Messages.OAuthMailApprovalStep_sameParameter(definition.getName()));
            }
            AskedParameter parameter = AskedParameter.of(definition);
            for (Approver approver : people) {
                if (!parameter.isOptional() && approver.getUser() == null) {
                    throw new AbortException(
                            Messages.OAuthMailApprovalStep_pageOnly(parameter.getName(), approver.getName()));
                }
            }
            asked.add(parameter);
        }
        return asked;
    }

    /** The words to choose from, all different. */
    @NonNull
    static List<String> words(@NonNull Object choices) throws AbortException {
        List<String> words = ApproverList.entries("choices", choices);
        Set<String> different = new HashSet<>();
        for (String word : words) {
            if (!CHOICE.matcher(word).matches() || !different.add(Question.folded(word))) {
                throw new AbortException(Messages.OAuthMailApprovalStep_choice(OneLine.of(word)));
            }
        }
        if (words.size() < 2 || words.size() > MAX_CHOICES) {
            throw new AbortException(Messages.OAuthMailApprovalStep_choices(MAX_CHOICES));
        }
        return words;
    }

    private static void oneOf(String field, String value, String... allowed) throws AbortException {
        if (!List.of(allowed).contains(value)) {
            throw new AbortException(
                    Messages.OAuthMailApprovalStep_oneOf(field, OneLine.of(value), String.join(", ", allowed)));
        }
    }
}
