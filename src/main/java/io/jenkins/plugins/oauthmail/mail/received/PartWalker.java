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

    /** Types that programs add to a message: signatures, and data for other programs. */
    private static final Set<String> NO_FILES = Set.of(
            "application/pgp-signature",
            "application/pgp-encrypted",
            "application/pgp-keys",
            "application/pkcs7-signature",
            "application/x-pkcs7-signature",
            "message/delivery-status",
            "message/disposition-notification",
            "message/feedback-report");

    /** Text types that are not meant to be read by people. */
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
    /** Attachments that are used as the text if there is no other. */
    private final List<MailPart> textLike = new ArrayList<>();
    /** Attachments that a person attached. */
    private final List<MailPart> files = new ArrayList<>();
    /** Attachments that the HTML displays. */
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

    /** Whether a person attached something; signatures and embedded pictures do not count. */
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
        cut |= part.incomplete();
        if (!children.isEmpty()) {
            for (MailPart child : children) {
                walk(child, part.type(), child == children.get(0), depth + 1);
            }
            leftOut += part.incomplete() ? 1 : 0;
            return;
        }
        if (part.incomplete()) {
            // It becomes one attachment, but how many parts are in there, and whether they are text, is unknown.
            leftOut = Math.max(leftOut, 1);
        }
        String type = part.type();
        boolean text = type.equals("text/plain") || type.equals(HTML);
        boolean shown = part.fileName() == null || parent.equals(ALTERNATIVE) || parent.equals(RELATED) && first;
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

    /** RFC 2046 section 4.1.4: a text of an unknown subtype is treated as plain text. */
    private static boolean isTextLike(MailPart part) {
        String type = part.type();
        return type.equals("text/plain")
                || type.equals(HTML)
                || part.fileName() == null && type.startsWith("text/") && !NO_TEXT.contains(type);
    }
}
