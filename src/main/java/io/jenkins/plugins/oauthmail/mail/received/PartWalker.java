package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.ArrayList;
import java.util.List;

/** Sorts the parts of a mail: what is its text, what its HTML, and what came along. */
public final class PartWalker {

    /** Nobody nests deeper for a good reason; what lies below is one attachment. */
    private static final int DEPTH = 30;

    /** Mails with pictures in the text have some ten; each that is read costs a part of a round trip. */
    public static final int MAX_TEXTS = 200;

    private final List<MailPart> texts = new ArrayList<>();
    private final List<MailPart> htmls = new ArrayList<>();
    private final List<MailPart> attachments = new ArrayList<>();
    private final ReadDeadline time;
    private boolean cut;
    private long leftOut;

    /**
     * @param time asked as the work goes along
     * @throws MailFailure if it is over
     */
    public PartWalker(MailPart root, ReadDeadline time) throws MailFailure {
        this.time = time;
        walk(root, 0);
    }

    /** Parts that make up the plain text, in order, {@link #MAX_TEXTS} at most. */
    public List<MailPart> texts() {
        return texts;
    }

    /** Parts that make up the HTML, in order, {@link #MAX_TEXTS} at most. */
    public List<MailPart> htmls() {
        return htmls;
    }

    /** Whether text or HTML has more parts than these. */
    boolean cut() {
        return cut;
    }

    /** Everything else, embedded mails and pictures included, the first {@link MailAssembler#MAX_ATTACHMENTS}. */
    List<MailPart> attachments() {
        return attachments;
    }

    /** How many more attachments there are, or at least are, where nobody can count them. */
    long leftOut() {
        return leftOut;
    }

    private void walk(MailPart part, int depth) throws MailFailure {
        time.step();
        List<MailPart> children = depth < DEPTH ? part.children() : List.of();
        if (!children.isEmpty()) {
            for (MailPart child : children) {
                walk(child, depth + 1);
            }
            if (part.incomplete()) {
                cut = true;
                leftOut++;
            }
        } else if (part.attached() || part.fileName() != null) {
            attach(part);
        } else if (part.type().equals("text/plain")) {
            add(texts, part);
        } else if (part.type().equals("text/html")) {
            add(htmls, part);
        } else {
            attach(part);
        }
    }

    private void add(List<MailPart> bodies, MailPart part) {
        if (bodies.size() < MAX_TEXTS) {
            bodies.add(part);
        } else {
            cut = true;
        }
    }

    private void attach(MailPart part) {
        if (attachments.size() < MailAssembler.MAX_ATTACHMENTS) {
            attachments.add(part);
        } else {
            leftOut++;
        }
    }
}
