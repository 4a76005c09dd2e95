package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.EnumSet;
import java.util.Set;

/** Why an answer does not count. */
enum Refusal {
    /** No person wrote it. */
    AUTOMATIC {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_automatic();
        }
    },
    /** Its sender is not known for sure, so that nobody can be answered either. */
    UNAUTHENTICATED {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_unauthenticated();
        }
    },
    /** Its sender is not one of those who are asked. */
    STRANGER {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_stranger();
        }

        @Override
        String advice(Approval approval) {
            return Messages.Refusal_strangerAdvice();
        }
    },
    /** It has no reference, somebody else's, or several. */
    WRONG_REFERENCE {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_wrongReference();
        }

        @Override
        String advice(Approval approval) {
            return Messages.Refusal_wrongReferenceAdvice();
        }
    },
    /** Its first line is not one of the choices. */
    NO_CHOICE {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_noChoice(approval.question().words());
        }

        @Override
        String advice(Approval approval) {
            return Messages.Refusal_noChoiceAdvice(approval.question().words());
        }
    },
    /** It would need values that are only asked on the page. */
    PAGE_ONLY {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_pageOnly(approval.question().pageOnly());
        }

        @Override
        String advice(Approval approval) {
            return Messages.Refusal_pageOnlyAdvice(
                    approval.question().pageOnly(), approval.question().rejection());
        }
    },
    /** Its sender is only known by the address in the profile of a user. */
    PROFILE {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_profile();
        }

        @Override
        String advice(Approval approval) {
            return Messages.Refusal_profileAdvice();
        }
    },
    /** This person has answered before. */
    ANSWERED {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_answered();
        }

        @Override
        String advice(Approval approval) {
            return Messages.Refusal_answeredAdvice();
        }
    },
    /** It came after the end. */
    ENDED {
        @Override
        String reason(Approval approval) {
            return Messages.Refusal_ended();
        }

        @Override
        String advice(Approval approval) {
            return Messages.Refusal_endedAdvice(approval.summary());
        }
    };

    /**
     * Why a message that is refused for this reason may have been refused before. An answer of an approver that did not
     * count is taken for another one once this person has answered or the question has ended. That does not hold for what
     * anybody can send in the name of an approver.
     */
    @NonNull
    Set<Refusal> before() {
        return this == ANSWERED || this == ENDED
                ? EnumSet.of(NO_CHOICE, PAGE_ONLY, PROFILE, ANSWERED, ENDED)
                : EnumSet.of(this);
    }

    /** For the build log and the build's page. */
    @NonNull
    abstract String reason(@NonNull Approval approval);

    /** The advice for the sender; null if the sender gets no reply. */
    @CheckForNull
    String advice(@NonNull Approval approval) {
        return null;
    }
}
