package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.connect.CountingInputStream;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import io.jenkins.plugins.oauthmail.mail.replytext.ReplyText;
import jakarta.mail.Flags;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Creates a {@link ReceivedMail} from its parts and passes attachments to the sink. */
public final class MailAssembler {

    private static final Map<Flags.Flag, String> SYSTEM_FLAGS = Map.of(
            Flags.Flag.ANSWERED, "\\Answered",
            Flags.Flag.DELETED, "\\Deleted",
            Flags.Flag.DRAFT, "\\Draft",
            Flags.Flag.FLAGGED, "\\Flagged",
            Flags.Flag.RECENT, "\\Recent",
            Flags.Flag.SEEN, "\\Seen");

    /** More have no good reason, and saving each one costs a round trip. */
    static final int MAX_ATTACHMENTS = 1000;

    private final AttachmentSink sink;
    private final QueryMatcher match;
    private final AuthenticationRule rule;
    private final MailQuery query;
    private final ReadBudget budget;
    private final ReadDeadline time;

    /** @param sink null to list attachments only */
    public MailAssembler(
            AttachmentSink sink, MailQuery query, AuthenticationRule rule, ReadBudget budget, ReadDeadline time) {
        this.sink = sink;
        this.match = new QueryMatcher(query, rule);
        this.rule = rule;
        this.query = query;
        this.budget = budget;
        this.time = time;
    }

    /** The server's data about a message, apart from its content. */
    public record About(MailId id, Flags flags, Instant received) {}

    /**
     * @return null if the body does not match
     * @throws IOException if a body cannot be read; no attachment has been fetched then
     * @throws MailFailure also if the time limit was reached, or the thread was interrupted
     */
    public ReceivedMail mail(About about, ReceivedHeaders headers, PartWalker parts)
            throws IOException, MailFailure, InterruptedException {
        time.check();
        // What other messages have used up must not decide whether this one matches.
        long most = query.text() == null ? budget.bodies() : Long.MAX_VALUE;
        BodyText text = join(query.needsBodies() ? parts.texts() : List.of(), most, parts);
        time.check();
        BodyText html = join(wantedHtmls(query, parts), most - text.octets(), parts);
        if (!match.bodies(text.read(), html.read(), time)) {
            return null;
        }
        if (!query.bodies()) {
            text = BodyText.NONE;
            html = BodyText.NONE;
        } else if (!query.html() && text.read() != null) {
            html = BodyText.NONE;
        }
        text = text.within(budget.bodies());
        html = html.within(budget.bodies() - text.octets());
        budget.body(text.octets() + html.octets());
        List<ReceivedMail.Attachment> attachments = attachments(about.id(), parts.attachments());
        return mail(about, headers, text, html, attachments, parts.leftOut());
    }

    private static BodyText join(List<MailPart> parts, long most, PartWalker of) throws IOException {
        return BodyText.join(parts, most, of.cut());
    }

    /** The HTML parts of a message that are needed for a query. */
    public static List<MailPart> wantedHtmls(MailQuery query, PartWalker parts) {
        boolean left = !query.needsBodies()
                || !query.html() && query.text() == null && !parts.texts().isEmpty();
        return left ? List.of() : parts.htmls();
    }

    /** Whether the envelope of a message is enough for a query, and its parts do not matter. */
    public boolean needsEnvelopesOnly() {
        return !query.needsParts() && sink == null;
    }

    /** A message of which nothing but the header is known. */
    public ReceivedMail envelope(About about, ReceivedHeaders headers) throws MailFailure {
        time.step();
        return mail(about, headers, BodyText.NONE, BodyText.NONE, List.of(), 0);
    }

    private ReceivedMail mail(
            About about,
            ReceivedHeaders headers,
            BodyText text,
            BodyText html,
            List<ReceivedMail.Attachment> attachments,
            long leftOut)
            throws MailFailure {
        return new ReceivedMail(
                about.id(),
                headers.id("Message-ID"),
                headers.id("In-Reply-To"),
                headers.ids("References"),
                headers.addresses("From"),
                headers.addresses("To"),
                headers.addresses("Cc"),
                headers.addresses("Reply-To"),
                headers.subject(),
                headers.sent(),
                about.received(),
                text.text(),
                html.text(),
                ReplyText.of(text.text(), html.text(), time),
                flags(about.flags()),
                headers.fields(query.headers()),
                AutomaticMail.is(headers),
                needsEnvelopesOnly() && !query.authenticated()
                        ? ReceivedMail.Authentication.none(Messages.MailAssembler_notChecked())
                        : headers.verdict(rule),
                attachments,
                leftOut,
                problems(text.cut() || html.cut(), attachments, leftOut));
    }

    private static List<String> problems(boolean cut, List<ReceivedMail.Attachment> attachments, long leftOut) {
        List<String> problems = new ArrayList<>();
        if (cut) {
            problems.add(Messages.MailAssembler_cut());
        }
        for (ReceivedMail.Attachment attachment : attachments) {
            if (attachment.problem() != null) {
                problems.add(Messages.MailAssembler_attachment(attachment.name(), attachment.problem()));
            }
        }
        if (leftOut > 0) {
            problems.add(Messages.MailAssembler_leftOut(leftOut, attachments.size()));
        }
        return problems;
    }

    private List<ReceivedMail.Attachment> attachments(MailId id, List<MailPart> parts)
            throws MailFailure, InterruptedException {
        List<ReceivedMail.Attachment> attachments = new ArrayList<>();
        AttachmentNames names = new AttachmentNames();
        for (MailPart part : parts) {
            time.step();
            String name = names.next(part.fileName(), part.type());
            attachments.add(
                    sink == null
                            ? new ReceivedMail.Attachment(name, part.type(), part.size(), null, null)
                            : saved(id, name, part));
        }
        return attachments;
    }

    private ReceivedMail.Attachment saved(MailId id, String name, MailPart part)
            throws MailFailure, InterruptedException {
        CountingInputStream content;
        InputStream decoded;
        try {
            budget.expect(part.size());
            decoded = part.open();
            content = new CountingInputStream(budget.limited(decoded));
        } catch (IOException e) {
            return lost(name, part, e);
        }
        try (content) {
            String path = sink.save(id, name, content);
            return new ReceivedMail.Attachment(
                    name,
                    part.type(),
                    path == null ? Math.max(part.size(), content.count()) : content.count(),
                    path,
                    path == null ? null : problem(part, decoded));
        } catch (IOException e) {
            if (content.failure() != null) {
                return lost(name, part, content.failure());
            }
            throw new MailFailure(Layer.MESSAGE, Messages.MailAssembler_notStored(name, FileFailure.reason(e)), e);
        }
    }

    /** Null unless the saved content is known to differ from what was sent. */
    private static String problem(MailPart part, InputStream decoded) {
        if (part.missing() > 0) {
            return Messages.MailAssembler_short(part.missing());
        }
        return decoded instanceof Damaged decoding && decoding.damaged() ? Messages.MailAssembler_damaged() : null;
    }

    /** An attachment that cannot be fetched must not prevent the message from being read. */
    private static ReceivedMail.Attachment lost(String name, MailPart part, IOException why) throws MailFailure {
        if (why.getCause() instanceof MailFailure) {
            throw (MailFailure) why.getCause();
        }
        return new ReceivedMail.Attachment(name, part.type(), part.size(), null, FileFailure.reason(why));
    }

    private static List<String> flags(Flags flags) {
        List<String> names = new ArrayList<>();
        if (flags != null) {
            for (Flags.Flag flag : flags.getSystemFlags()) {
                if (SYSTEM_FLAGS.containsKey(flag)) {
                    names.add(SYSTEM_FLAGS.get(flag));
                }
            }
            names.addAll(List.of(flags.getUserFlags()));
        }
        return names;
    }
}
