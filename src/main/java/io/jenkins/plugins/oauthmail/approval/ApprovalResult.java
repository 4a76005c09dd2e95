package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.ParameterDefinition;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What the step returns: maps, lists, strings, booleans and nulls, which need no script approval. */
final class ApprovalResult {
    private ApprovalResult() {}

    /**
     * @param rejected whether the pipeline takes it for a rejection
     * @param definitions of the parameters that were asked for
     * @throws AbortException if a password was given before a restart of the controller, which forgets it
     */
    @NonNull
    static Map<String, Object> of(
            @NonNull Approval approval, boolean rejected, @NonNull List<ParameterDefinition> definitions)
            throws AbortException {
        String decision =
                approval.decision() == null && rejected ? approval.question().rejection() : approval.decision();
        List<Vote> votes = approval.votes();
        List<Vote> decisive = approval.decisive();
        Date ended = approval.getEnded();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("decision", decision);
        map.put(
                "approved",
                decision != null && !decision.equals(approval.question().rejection()));
        map.put("state", approval.getState());
        map.put("by", Util.fixEmpty(decisive.stream().map(Vote::getBy).collect(Collectors.joining(", "))));
        map.put(
                "how",
                Util.fixEmpty(decisive.stream().map(Vote::getHow).distinct().collect(Collectors.joining(", "))));
        map.put("time", ended == null ? null : ended.toInstant().toString());
        map.put(
                "comment",
                decisive.stream().map(Vote::getComment).filter(Objects::nonNull).collect(Collectors.joining("\n")));
        map.put("parameters", parameters(approval, decisive, definitions));
        List<Object> all = new ArrayList<>();
        votes.forEach(vote -> all.add(vote.toMap()));
        map.put("votes", all);
        map.put("id", approval.getId());
        return map;
    }

    /** The values on which those agreed who decided; passwords are those of the last one. */
    private static Map<String, Object> parameters(
            Approval approval, List<Vote> decisive, List<ParameterDefinition> definitions) throws AbortException {
        Map<String, Object> values = new LinkedHashMap<>();
        if (approval.ending() != Approval.Ending.DECIDED) {
            return values;
        }
        Vote last = decisive.get(decisive.size() - 1);
        Map<String, String> secrets = last.isByMail() ? GivenValues.secretDefaults(definitions) : last.secrets();
        for (AskedParameter parameter : approval.getParameters()) {
            String name = parameter.getName();
            if (!parameter.isSecret()) {
                values.put(name, last.getParameters().get(name));
            } else if (secrets != null) {
                values.put(name, secrets.get(name));
            } else {
                throw new AbortException(Messages.ApprovalResult_lost(name));
            }
        }
        return values;
    }
}
