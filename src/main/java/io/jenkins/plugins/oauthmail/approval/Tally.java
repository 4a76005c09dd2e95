package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * Counts votes. People agree if they chose the same with the same values. Nobody is counted twice: a member of a group
 * and the owner of an address that is not a named user's may be the same person, of which Jenkins knows nothing, since
 * addresses in profiles prove nothing; so members and such addresses do not add up, and the larger number counts.
 */
record Tally(
        @NonNull Question question,
        @NonNull List<Approver> approvers,
        boolean groups,
        @NonNull List<Vote> votes) {
    Tally {
        approvers = List.copyOf(approvers);
        votes = List.copyOf(votes);
    }

    /** How it ended; null if it is still open. */
    @CheckForNull
    Approval.Ending ending() {
        List<Vote> decisive = decisive();
        if (!decisive.isEmpty()) {
            return decisive.get(0).getChoice().equals(question.rejection())
                    ? Approval.Ending.REJECTED
                    : Approval.Ending.DECIDED;
        }
        return !groups && votes.size() >= approvers.size() ? Approval.Ending.NO_AGREEMENT : null;
    }

    /** The votes that decide: one rejection, or enough people who agree; empty if there are none. */
    @NonNull
    List<Vote> decisive() {
        List<Vote> rejections = votes.stream()
                .filter(vote -> vote.getChoice().equals(question.rejection()))
                .toList();
        if (!rejections.isEmpty()) {
            return rejections;
        }
        for (Vote vote : votes) {
            List<Vote> same = votes.stream().filter(vote::agreesWith).toList();
            if (people(same) >= question.required()) {
                return same;
            }
        }
        return List.of();
    }

    private int people(List<Vote> same) {
        int users = 0;
        int members = 0;
        int addresses = 0;
        for (Vote vote : same) {
            Approver approver =
                    approvers.stream().filter(vote::isOf).findFirst().orElse(null);
            if (approver == null) {
                members++;
            } else if (vote.isByMail() && approver.isOnlyAddress()) {
                addresses++;
            } else {
                users++;
            }
        }
        return users + Math.max(members, addresses);
    }

    /** Whether it matters that members and addresses do not add up. */
    boolean isAmbiguous() {
        return groups && question.required() > 1 && approvers.stream().anyMatch(Approver::isOnlyAddress);
    }
}
