package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.BodyText;
import io.jenkins.plugins.oauthmail.mail.received.MailPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fetches the bodies of many messages in few round trips: one for all messages that have their bodies in the same
 * sections.
 */
final class TextPrefetch {

    /** The maximum number of bytes in memory at once, apart from the results. */
    private static final long BUDGET = 8L << 20;

    /**
     * Most servers limit command lines to 8192 octets, and a deeply nested section with its FETCH item may take a
     * hundred.
     */
    static final int SECTIONS = 40;

    private final ImapFolder folder;
    private final Map<List<String>, List<List<RemotePart>>> bySections = new LinkedHashMap<>();
    private long expected;

    TextPrefetch(ImapFolder folder) {
        this.folder = folder;
    }

    /**
     * Returns the expected number of bytes.
     *
     * @param texts the plain text parts of a message
     * @param htmls its HTML parts
     */
    long add(List<MailPart> texts, List<MailPart> htmls) {
        long before = expected;
        List<RemotePart> bodies = new ArrayList<>();
        List<String> sections = new ArrayList<>();
        for (List<MailPart> parts : List.of(texts, htmls)) {
            long octets = 0;
            for (MailPart part : parts) {
                if (octets >= BodyText.WIRE_LIMIT) {
                    // The body is truncated before it reaches this part; otherwise the part can still be fetched.
                    break;
                }
                if (!((RemotePart) part).isPrefetched()) {
                    bodies.add((RemotePart) part);
                    sections.add(((RemotePart) part).section());
                }
                octets += ((RemotePart) part).encodedSize();
            }
            expected += Math.min(octets, BodyText.WIRE_LIMIT);
        }
        if (!bodies.isEmpty()) {
            bySections.computeIfAbsent(sections, s -> new ArrayList<>()).add(bodies);
        }
        return expected - before;
    }

    /** Whether another message may be added. */
    boolean hasRoom() {
        return expected < BUDGET;
    }

    /** In one round trip, whatever sections the bodies are in. */
    void fetch() throws MailFailure {
        List<ImapFolder.Wanted> wanted = new ArrayList<>();
        for (List<List<RemotePart>> group : bySections.values()) {
            int sections = group.get(0).size();
            for (int from = 0; from < sections; from += SECTIONS) {
                wanted.add(some(group, from, Math.min(sections, from + SECTIONS)));
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        FetchResult fetched = folder.fetch(wanted);
        for (List<List<RemotePart>> group : bySections.values()) {
            for (List<RemotePart> mail : group) {
                for (RemotePart part : mail) {
                    boolean nil = fetched.isNil(part.number(), part.section());
                    part.prefetched(nil ? null : fetched.section(part.number(), part.section()));
                }
            }
        }
    }

    /** Some sections, the same of several messages. */
    private static ImapFolder.Wanted some(List<List<RemotePart>> mails, int from, int to) {
        StringBuilder items = new StringBuilder();
        for (RemotePart part : mails.get(0).subList(from, to)) {
            items.append(items.length() == 0 ? "" : " ")
                    .append("BODY.PEEK[" + part.section() + "]<0." + BodyText.WIRE_LIMIT + ">");
        }
        int[] numbers = new int[mails.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = mails.get(i).get(0).number();
        }
        return new ImapFolder.Wanted(numbers, items.toString());
    }
}
