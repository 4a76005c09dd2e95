package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sorts the parts of a message into plain text, HTML and attachments. */
public final class PartWalker {

    /** Deeper nesting has no good reason; what is below becomes one attachment. */
    private static final int DEPTH = 30;

    /** Messages with pictures between paragraphs have about ten text parts; reading each costs part of a round trip. */
    public static final int MAX_TEXTS = 200;

    private static final String HTML = "text/html";
    private static final String ALTERNATIVE = "multipart/alternative";
    private static final String RELATED = "multipart/related";

    /** What programs put beside a text: signatures, and what other programs read. */
    private static final Set<String> NO_FILES = Set.of(
            "application/pgp-signature",
            "application/pgp-encrypted",
            "application/pgp-keys",
            "application/pkcs7-signature",
            "application/x-pkcs7-signature",
            "message/delivery-status",
            "message/disposition-notification",
            "message/feedback-report");

    /** Texts that nobody reads as they are. */
    private static final Set<String> NO_TEXT = Set.of(
            "text/calendar",
            "text/css",
            "text/csv",
            "text/directory",
            "text/rfc822-headers",
            "text/vcard",
            "text/watch-html",
            "text/x-amp-html",
            "text/x-vcard",
            "text/xml");

    private final List<MailPart> texts = new ArrayList<>();
    private final List<MailPart> htmls = new ArrayList<>();
    private final List<MailPart> attachments = new ArrayList<>();
    /** Of the attachments: what is the text if nothing else is. */
    private final List<MailPart> textLike = new ArrayList<>();
    /** Of the attachments: what somebody attached. */
    private final List<MailPart> files = new ArrayList<>();
    /** Of the attachments: what the HTML shows. */
    private final List<MailPart> pictures = new ArrayList<>();

    private final ReadDeadline time;
    private boolean cut;
    private long leftOut;

    /**
     * @param time checked for each part
     * @throws MailFailure if the time limit is reached
     */
    public PartWalker(MailPart root, ReadDeadline time) throws MailFailure {
        this.time = time;
        walk(root, "", true, 0);
        if (texts.isEmpty() && htmls.isEmpty() && !textLike.isEmpty()) {
            MailPart body = textLike.get(0);
            attachments.remove(body);
            files.remove(body);
            add(body.type().equals(HTML) ? htmls : texts, body);
        }
    }

    /** Whether somebody attached something: neither a signature nor a picture in the text is meant by that. */
    boolean hasAttachment() {
        return !files.isEmpty() || leftOut > 0 || htmls.isEmpty() && !pictures.isEmpty();
    }

    /** The plain text parts in order, {@link #MAX_TEXTS} at most. */
    public List<MailPart> texts() {
        return texts;
    }

    /** The HTML parts in order, {@link #MAX_TEXTS} at most. */
    public List<MailPart> htmls() {
        return htmls;
    }

    /** Whether there are more text or HTML parts than were returned. */
    boolean cut() {
        return cut;
    }

    /**
     * All other parts, including embedded messages and pictures; the first {@link MailAssembler#MAX_ATTACHMENTS} of
     * them.
     */
    List<MailPart> attachments() {
        return attachments;
    }

    /** How many more attachments there are; a lower bound if they cannot be counted. */
    long leftOut() {
        return leftOut;
    }

    private void walk(MailPart part, String parent, boolean first, int depth) throws MailFailure {
        time.step();
        List<MailPart> children = depth < DEPTH ? part.children() : List.of();
        if (!children.isEmpty()) {
            for (MailPart child : children) {
                walk(child, part.type(), child == children.get(0), depth + 1);
            }
            if (part.incomplete()) {
                cut = true;
                leftOut++;
            }
            return;
        }
        String type = part.type();
        boolean text = type.equals("text/plain") || type.equals(HTML);
        boolean shown = part.fileName() == null
                || parent.equals(ALTERNATIVE)
                || parent.equals(RELATED) && first;
        if (text && shown && !part.attached()) {
            add(type.equals(HTML) ? htmls : texts, part);
        } else {
            attach(part, parent, first);
        }
    }

    private void add(List<MailPart> bodies, MailPart part) {
        if (bodies.size() < MAX_TEXTS) {
            bodies.add(part);
        } else {
            cut = true;
        }
    }

    private void attach(MailPart part, String parent, boolean first) {
        if (attachments.size() >= MailAssembler.MAX_ATTACHMENTS) {
            leftOut++;
            return;
        }
        attachments.add(part);
        String type = part.type();
        if (!part.attached() && isTextLike(part)) {
            textLike.add(part);
        }
        if (NO_FILES.contains(type) || parent.equals("multipart/signed") && !first) {
            return;
        }
        if (part.attached()) {
            files.add(part);
        } else if (type.startsWith("image/") && (parent.equals(RELATED) || part.contentId() != null)) {
            pictures.add(part);
        } else if (!parent.equals(ALTERNATIVE)) {
            files.add(part);
        }
    }

    /** RFC 2046 section 4.1.4: a text of a kind that nobody knows is plain. */
    private static boolean isTextLike(MailPart part) {
        String type = part.type();
        return type.equals("text/plain")
                || type.equals(HTML)
                || part.fileName() == null && type.startsWith("text/") && !NO_TEXT.contains(type);
    }
}
