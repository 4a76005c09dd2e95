package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;

/** A message cannot be read, but others can. */
final class UnreadableMessage extends Exception {
    private static final long serialVersionUID = 1L;

    private final MailFailure failure;

    UnreadableMessage(@NonNull String why, @NonNull MailFailure failure) {
        super(why, failure);
        this.failure = failure;
    }

    /** What the server did not do; a temporary one if it may be unable to do it for any message at present. */
    @NonNull
    MailFailure failure() {
        return failure;
    }

    /**
     * What to throw for a message that was asked for.
     *
     * @param shared whether others wait, who must not be kept from other messages
     * @return the failure itself if the reason is not the message, which may be damaged or take the server too long
     */
    @NonNull
    static MailFailure or(@NonNull MailFailure failure, @NonNull GraphAnswer answer, boolean shared)
            throws UnreadableMessage {
        boolean objects = answer.status() < GraphAnswer.SERVER_ERROR
                && !failure.temporary()
                && (failure.layer() == Layer.MESSAGE || GraphRefusal.of(answer).isEmpty());
        // Whoever reads only once tries again at once.
        boolean takesTooLong =
                answer.status() == GraphAnswer.UNAVAILABLE || answer.status() == GraphAnswer.GATEWAY_TIMEOUT;
        boolean fails = answer.status() == GraphAnswer.SERVER_ERROR || shared && takesTooLong;
        boolean asksToWait = failure.retryAfter().isPresent();
        if (objects || fails && !asksToWait) {
            throw new UnreadableMessage(Messages.UnreadableMessage_said(answer.said()), failure);
        }
        return failure;
    }
}
