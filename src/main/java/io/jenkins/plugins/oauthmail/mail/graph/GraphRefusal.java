package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Permanence;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Errors of Microsoft Graph whose cause is known, with the fix for it. The code of the error decides, never its message.
 * The first entry that matches counts.
 *
 * @see <a href="https://learn.microsoft.com/graph/errors">Microsoft Graph error responses</a>
 */
enum GraphRefusal {
    TOKEN(
            "InvalidAuthenticationToken|CompactToken.*|AuthenticationError|UnauthenticatedError",
            Layer.LOGIN,
            Messages::GraphRefusal_token),
    SEND_AS("ErrorSendAsDenied|ErrorSendOnBehalfOfDenied", Layer.PERMISSION, Messages::GraphRefusal_sendAs),
    NO_MAILBOX(
            "MailboxNotEnabledForRESTAPI|MailboxNotSupportedForRESTAPI|ErrorNonExistentMailbox"
                    + "|ErrorMailboxNotEnabledForRESTAPI|MailboxNotHostedInExchangeOnline|OnPremiseMailbox.*",
            Layer.PERMISSION,
            Messages::GraphRefusal_noMailbox),
    UNKNOWN_USER(
            "ResourceNotFound|Request_ResourceNotFound|ErrorInvalidUser|UserNotFound",
            Layer.PERMISSION,
            Messages::GraphRefusal_unknownUser),
    ACCESS(
            "ErrorAccessDenied|Authorization_RequestDenied|AccessDenied|Forbidden|ErrorAccessRestricted",
            Layer.PERMISSION,
            Messages::GraphRefusal_access),
    TOO_LARGE(
            "ErrorMessageSizeExceeded|RequestEntityTooLarge|ErrorAttachmentSizeLimitExceeded|.*SizeLimitExceeded",
            Layer.MESSAGE,
            Messages::GraphRefusal_tooLarge),
    SUBMISSION_QUOTA(
            ".*SubmissionQuotaExceeded.*|ErrorExceededMessageLimit",
            Layer.SEND,
            Messages::GraphRefusal_submissionQuota),
    MAILBOX_FULL("ErrorQuotaExceeded|ErrorMailboxQuotaExceeded", Layer.SEND, Messages::GraphRefusal_mailboxFull),
    BLOCKED(
            "ErrorMessageSubmissionBlocked|ErrorAccountSuspend.*|ErrorExceededSpam.*",
            Layer.PERMISSION,
            Messages::GraphRefusal_blocked),
    RECIPIENTS("ErrorInvalidRecipients|ErrorTooManyRecipients.*", Layer.MESSAGE, Messages::GraphRefusal_recipients),
    BUSY(
            "ApplicationThrottled|MailboxConcurrency|TooManyRequests|ErrorServerBusy|ErrorMailboxStoreUnavailable"
                    + "|ErrorTooManyObjectsOpened|ErrorExceededConnectionCount|ServiceUnavailable|serviceNotAvailable"
                    + "|ErrorInternalServerTransientError|ErrorTimeoutExpired|ErrorMailboxMoveInProgress",
            null,
            Messages::GraphRefusal_later);

    private final Pattern codes;
    private final Layer layer;
    private final Supplier<String> fix;

    GraphRefusal(String codes, Layer layer, Supplier<String> fix) {
        this.codes = Pattern.compile(codes, Pattern.CASE_INSENSITIVE);
        this.layer = layer;
        this.fix = fix;
    }

    @NonNull
    static Optional<GraphRefusal> of(@NonNull GraphAnswer answer) {
        for (GraphRefusal known : values()) {
            if (known.codes.matcher(answer.code()).matches()) {
                return Optional.of(known);
            }
        }
        return switch (answer.status()) {
            case GraphAnswer.UNAUTHORIZED -> Optional.of(TOKEN);
            case GraphAnswer.FORBIDDEN -> Optional.of(ACCESS);
            case GraphAnswer.TOO_LARGE -> Optional.of(TOO_LARGE);
            case GraphAnswer.TOO_MANY, GraphAnswer.UNAVAILABLE -> Optional.of(BUSY);
            default -> Optional.empty();
        };
    }

    /** Whether a message or folder does not exist, and not the mailbox or the service. */
    static boolean isAboutItem(@NonNull GraphAnswer answer) {
        return answer.code().equalsIgnoreCase("ErrorItemNotFound")
                || answer.code().equalsIgnoreCase("ErrorFolderNotFound")
                || answer.code().equalsIgnoreCase("itemNotFound");
    }

    /** Whether the server certainly did nothing, and would do it later. */
    static boolean isBusy(@NonNull GraphAnswer answer) {
        return answer.status() == GraphAnswer.TOO_MANY
                || answer.status() == GraphAnswer.UNAVAILABLE
                || answer.status() < GraphAnswer.SERVER_ERROR
                        && of(answer).filter(BUSY::equals).isPresent();
    }

    /** Whether the server failed while processing a request that may have taken effect nevertheless. */
    static boolean isOutage(@NonNull GraphAnswer answer) {
        return answer.status() >= GraphAnswer.SERVER_ERROR
                && !isBusy(answer)
                && of(answer).filter(known -> known != BUSY).isEmpty();
    }

    /**
     * The failure for an answer that is not what was asked for.
     *
     * @param layer where it happened, unless the code says more
     * @param what what the server did not do
     */
    @NonNull
    static MailFailure failure(@NonNull Layer layer, @NonNull String what, @NonNull GraphAnswer answer) {
        if (answer.status() == GraphAnswer.PROXY_AUTHENTICATION) {
            return new MailFailure(Layer.CONNECT, Messages.GraphRefusal_proxy(what, answer.said()));
        }
        Optional<GraphRefusal> known = of(answer);
        Layer where = known.map(refusal -> refusal.layer).orElse(layer);
        boolean busy = isBusy(answer);
        boolean outage = isOutage(answer);
        String fix = known.map(refusal -> refusal.fix.get())
                .orElseGet(outage ? Messages::GraphRefusal_later : Messages::GraphRefusal_objection);
        MailFailure failure = MailFailure.refused(
                where,
                Messages.GraphRefusal_sentence(what, answer.said(), fix),
                busy || outage ? Permanence.TEMPORARY : Permanence.PERMANENT,
                answer.retryAfter(Instant.now()),
                null);
        return answer.status() == GraphAnswer.UNAUTHORIZED
                ? failure.withTokenRefused(Messages.GraphRefusal_said(what, answer.said()))
                : failure;
    }
}
