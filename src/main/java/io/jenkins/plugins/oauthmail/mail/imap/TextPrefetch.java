package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.received.BodyText;
import io.jenkins.plugins.oauthmail.mail.received.MailPart;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fetches the bodies of many mails in few round trips: one for all mails that have them in the same places. */
final class TextPrefetch {

    /** What may be in memory at once beside the results. */
    private static final long BUDGET = 8L << 20;

    /** A command line has 8192 octets on most servers, and a nested section with its FETCH item can take a hundred. */
    static final int SECTIONS = 40;

    private final ImapFolder folder;
    private final Map<List<String>, List<List<RemotePart>>> bySections = new LinkedHashMap<>();
    private long expected;

    TextPrefetch(ImapFolder folder) {
        this.folder = folder;
    }

    void add(PartWalker mail) {
        List<RemotePart> bodies = new ArrayList<>();
        List<String> sections = new ArrayList<>();
        for (List<MailPart> parts : List.of(mail.texts(), mail.htmls())) {
            long octets = 0;
            for (MailPart part : parts) {
                if (octets >= BodyText.WIRE_LIMIT) {
                    // The body is cut before it comes to this part; and if not, the part can still be asked for.
                    break;
                }
                bodies.add((RemotePart) part);
                sections.add(((RemotePart) part).section());
                octets += ((RemotePart) part).encodedSize();
            }
            expected += Math.min(octets, BodyText.WIRE_LIMIT);
        }
        if (!bodies.isEmpty()) {
            bySections.computeIfAbsent(sections, s -> new ArrayList<>()).add(bodies);
        }
    }

    /** Whether one more mail may be added. */
    boolean hasRoom() {
        return expected < BUDGET;
    }

    void fetch() throws MailFailure {
        for (List<List<RemotePart>> group : bySections.values()) {
            fetch(group);
        }
    }

    /** All these mails have the same sections. */
    private void fetch(List<List<RemotePart>> mails) throws MailFailure {
        int sections = mails.get(0).size();
        for (int from = 0; from < sections; from += SECTIONS) {
            int begin = from;
            int end = Math.min(sections, from + SECTIONS);
            fetchSome(mails.stream().map(mail -> mail.subList(begin, end)).toList());
        }
    }

    private void fetchSome(List<List<RemotePart>> mails) throws MailFailure {
        StringBuilder items = new StringBuilder();
        for (RemotePart part : mails.get(0)) {
            items.append(items.length() == 0 ? "" : " ")
                    .append("BODY.PEEK[" + part.section() + "]<0." + BodyText.WIRE_LIMIT + ">");
        }
        int[] numbers = new int[mails.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = mails.get(i).get(0).number();
        }
        FetchResult fetched = folder.fetch(numbers, items.toString());
        for (List<RemotePart> mail : mails) {
            for (RemotePart part : mail) {
                boolean nil = fetched.isNil(part.number(), part.section());
                part.prefetched(nil ? null : fetched.section(part.number(), part.section()));
            }
        }
    }
}
