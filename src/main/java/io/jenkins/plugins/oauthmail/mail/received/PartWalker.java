package io.jenkins.plugins.oauthmail.mail.received;

import java.util.ArrayList;
import java.util.List;

/** Sorts the parts of a mail: what is its text, what its HTML, and what came along. */
public final class PartWalker {

    /** Nobody nests deeper for a good reason; what lies below is one attachment. */
    private static final int DEPTH = 30;

    private final List<MailPart> texts = new ArrayList<>();
    private final List<MailPart> htmls = new ArrayList<>();
    private final List<MailPart> attachments = new ArrayList<>();

    public PartWalker(MailPart root) {
        walk(root, 0);
    }

    /** Parts that make up the plain text, in order. */
    public List<MailPart> texts() {
        return texts;
    }

    /** Parts that make up the HTML, in order. */
    public List<MailPart> htmls() {
        return htmls;
    }

    /** Everything else, embedded mails and pictures included. */
    List<MailPart> attachments() {
        return attachments;
    }

    private void walk(MailPart part, int depth) {
        List<MailPart> children = depth < DEPTH ? part.children() : List.of();
        if (!children.isEmpty()) {
            for (MailPart child : children) {
                walk(child, depth + 1);
            }
        } else if (part.attached() || part.fileName() != null) {
            attachments.add(part);
        } else if (part.type().equals("text/plain")) {
            texts.add(part);
        } else if (part.type().equals("text/html")) {
            htmls.add(part);
        } else {
            attachments.add(part);
        }
    }
}
