package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
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

    /** @param rejected whether the pipeline takes it for a rejection */
    @NonNull
    static Map<String, Object> of(@NonNull Approval approval, boolean rejected) {
        String decision =
                approval.decision() == null && rejected ? approval.question().rejection() : approval.decision();
        List<Vote> votes = approval.votes();
        List<Vote> decisive = votes.stream()
                .filter(vote -> vote.getChoice().equals(approval.decision()))
                .toList();
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
        List<Object> all = new ArrayList<>();
        votes.forEach(vote -> all.add(vote.toMap()));
        map.put("votes", all);
        map.put("id", approval.getId());
        return map;
    }
}
