package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.compose.BrokenAttachment;
import io.jenkins.plugins.oauthmail.mail.compose.Envelope;
import io.jenkins.plugins.oauthmail.mail.compose.MimeComposer;
import io.jenkins.plugins.oauthmail.mail.connect.Backoff;
import io.jenkins.plugins.oauthmail.mail.connect.KnownReply;
import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.connect.RateLimit;
import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import io.jenkins.plugins.oauthmail.mail.connect.WaitLimit;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MessageId;
import io.jenkins.plugins.oauthmail.mail.model.SendingStopped;
import io.jenkins.plugins.oauthmail.mail.model.SentMail;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import io.jenkins.plugins.oauthmail.token.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The submission of one message: waits for its turn and for a connection, and retries what the server deferred. No
 * recipient gets the message twice, and after an attempt of unknown fate there is no other.
 */
public final class Submission {
    private final Endpoint endpoint;
    private final SmtpPool pool;
    private final RateLimit pace;
    private final TimeSource time;
    private final int tries;
    private final WaitLimit limit;
    private final Consumer<String> notices;
    private final MimeComposer.Composed mail;
    private final List<String> accepted = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    /** Those of a transaction whose end is unknown. */
    private final Map<String, String> uncertain = new LinkedHashMap<>();
    /** The server's final replies to the transactions in which recipients were accepted. */
    private final List<String> receipts = new ArrayList<>();

    private List<String> pending;
    private SmtpReply refusal;
    /** How many recipients the server accepts for one message, as far as is known. */
    private int most = Integer.MAX_VALUE;

    private long bytes;

    /**
     * @param tries how often the message is offered if the server defers it
     * @param patience how long it may wait until it is submitted
     */
    public Submission(
            Endpoint endpoint,
            SmtpPool pool,
            RateLimit pace,
            TimeSource time,
            int tries,
            Duration patience,
            MimeComposer.Composed mail,
            Consumer<String> notices) {
        this.endpoint = endpoint;
        this.pool = pool;
        this.pace = pace;
        this.time = time;
        this.tries = tries;
        this.limit = new WaitLimit(time, patience);
        this.mail = mail;
        this.notices = notices;
        this.pending = mail.envelope().recipients();
    }

    public SentMail run() throws MailFailure, BrokenAttachment, InterruptedException {
        try {
            return send();
        } catch (InterruptedException interruption) {
            throw stopped(interruption);
        } catch (BrokenAttachment broken) {
            if (broken.getCause() instanceof InterruptedException interruption) {
                throw stopped(interruption);
            }
            throw broken;
        }
    }

    /** Nobody else knows who has received the message. */
    private InterruptedException stopped(InterruptedException interruption) {
        if (accepted.isEmpty()) {
            return interruption;
        }
        String sentence = Messages.Submission_stopped(String.join(", ", accepted), String.join(", ", pending));
        notices.accept(sentence);
        return new SendingStopped(sentence, delivered(), pending);
    }

    private SentMail send() throws MailFailure, BrokenAttachment, InterruptedException {
        int failed = 1;
        while (!pending.isEmpty()) {
            String putOff = attempt(failed == tries);
            if (putOff != null) {
                Duration wait = Backoff.after(failed, time.chance());
                failed++;
                notices.accept(Messages.Submission_again(putOff, Backoff.seconds(wait), failed, tries));
                time.pause(wait);
            }
        }
        return sent();
    }

    /** @return why the pending recipients have to wait; null if there are none, or they need not wait */
    private String attempt(boolean last) throws MailFailure, BrokenAttachment, InterruptedException {
        List<String> turn = List.copyOf(pending.subList(0, Math.min(most, pending.size())));
        List<String> others = pending.subList(turn.size(), pending.size());
        Delivery delivery;
        try {
            delivery = deliver(turn);
        } catch (MailFailure failure) {
            if (turn.size() > 1
                    && !failure.fateUnknown()
                    && KnownReply.TOO_MANY_RECIPIENTS.fits(failure.getMessage())) {
                // The server refused the whole message, so nobody received it, and the limit is unknown.
                most = turn.size() / 2;
                return null;
            }
            if (failure.temporary() && !last) {
                return failure.getMessage();
            }
            if (accepted.isEmpty()) {
                throw failure;
            }
            if (failure.fateUnknown()) {
                turn.forEach(address -> uncertain.put(address, failure.getMessage()));
                pending = others;
                return giveUp(Messages.Submission_notTried());
            }
            return giveUp(failure.getMessage());
        } catch (BrokenAttachment broken) {
            if (accepted.isEmpty() || broken.getCause() instanceof InterruptedException) {
                throw broken;
            }
            return giveUp(Messages.Submission_attachment(broken.name()));
        }
        if (!delivery.accepted().isEmpty()) {
            receipts.add(delivery.lastReply());
            bytes = delivery.bytes();
        }
        accepted.addAll(delivery.accepted());
        boolean progress = !delivery.accepted().isEmpty();
        List<String> next = new ArrayList<>();
        List<String> later = new ArrayList<>();
        delivery.refused().forEach((address, reply) -> {
            if (progress && KnownReply.TOO_MANY_RECIPIENTS.fits(reply.text())) {
                next.add(address);
            } else if (reply.temporary() && !last) {
                later.add(address);
            } else {
                refused.put(address, QuotedText.clean(reply.text()));
                refusal = refusal == null || reply.temporary() ? reply : refusal;
            }
        });
        if (!next.isEmpty()) {
            // This is the server's limit; the other recipients get the message in further transactions.
            most = delivery.accepted().size();
        }
        next.addAll(others);
        boolean goesOn = progress && !next.isEmpty();
        pending = Stream.concat(next.stream(), later.stream()).toList();
        return later.isEmpty() || goesOn
                ? null
                : Messages.Submission_deferred(
                        String.join(", ", later),
                        QuotedText.quoted(delivery.refused().get(later.get(0)).text()));
    }

    /** Other recipients have received the message, so this is not a failure of the whole message. */
    private String giveUp(String why) {
        pending.forEach(address -> refused.put(address, why));
        pending = List.of();
        return null;
    }

    private Delivery deliver(List<String> recipients) throws MailFailure, BrokenAttachment, InterruptedException {
        Envelope envelope = mail.envelope().to(recipients);
        pace.awaitTurn(time, limit.left(), notices);
        boolean replaced = false;
        while (true) {
            SmtpPool.Lease lease = pool.borrow(limit.left(), notices);
            try {
                return lease.connection().deliver(mail.message(), envelope, lease.recentAt(time.now()), limit);
            } catch (MailFailure failure) {
                boolean anotherToken = pool.failed(lease, failure) && !replaced;
                if (!lease.connection().ended() || !lease.reused() && !anotherToken) {
                    throw failure;
                }
                // The server has ended the session since its last use, perhaps because the token expired; the next
                // attempt gets a new connection and a valid token.
                replaced |= !lease.reused();
            } finally {
                pool.giveBack(lease);
            }
        }
    }

    private SentMail sent() throws MailFailure {
        if (accepted.isEmpty()) {
            throw MailFailures.refused(
                    Messages.Submission_allRefused(endpoint, String.join(", ", withReasons(refused))), refusal);
        }
        return delivered();
    }

    private SentMail delivered() {
        String requested = mail.message().id();
        String kept = MessageId.sendableIn(receipts.get(0)).orElse(requested);
        List<String> others = receipts.stream()
                .flatMap(receipt -> MessageId.sendableIn(receipt).stream())
                .filter(id -> !id.equals(kept) && !id.equals(requested))
                .distinct()
                .toList();
        return new SentMail(kept, requested, others, accepted, withReasons(refused), withReasons(uncertain), bytes);
    }

    private List<String> withReasons(Map<String, String> reasons) {
        List<String> words = new ArrayList<>();
        for (String recipient : mail.envelope().recipients()) {
            if (reasons.containsKey(recipient)) {
                words.add(recipient + " (" + reasons.get(recipient) + ")");
            }
        }
        return words;
    }
}
