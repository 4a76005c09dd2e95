package io.jenkins.plugins.oauthmail.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fetches the bodies of many mails in few round trips: one for all mails that have them in the same places. */
final class TextPrefetch {

    /** What may be in memory at once beside the results. */
    private static final long BUDGET = 16L << 20;

    /** Of one body; further ones are fetched one by one, as far as they are needed. */
    private static final int MOST_PARTS = 20;

    private final ImapFolder folder;
    private final Map<List<String>, List<List<ServerPart>>> bySections = new LinkedHashMap<>();

    TextPrefetch(ImapFolder folder) {
        this.folder = folder;
    }

    void add(PartWalker mail) {
        List<ServerPart> bodies = new ArrayList<>();
        List<String> sections = new ArrayList<>();
        for (List<MailPart> parts : List.of(mail.texts(), mail.htmls())) {
            long octets = 0;
            for (MailPart part : parts.subList(0, Math.min(parts.size(), MOST_PARTS))) {
                if (octets > BodyText.WIRE_LIMIT) {
                    break; // The text ends before this part.
                }
                ServerPart body = (ServerPart) part;
                bodies.add(body);
                sections.add(body.section());
                octets += body.encodedSize();
            }
        }
        if (!bodies.isEmpty()) {
            bySections.computeIfAbsent(sections, s -> new ArrayList<>()).add(bodies);
        }
    }

    void fetch() throws MailFailure {
        for (Map.Entry<List<String>, List<List<ServerPart>>> group : bySections.entrySet()) {
            List<List<ServerPart>> batch = new ArrayList<>();
            long octets = 0;
            for (List<ServerPart> mail : group.getValue()) {
                long more = 0;
                for (ServerPart part : mail) {
                    more += Math.min(part.encodedSize(), BodyText.WIRE_LIMIT);
                }
                if (!batch.isEmpty() && octets + more > BUDGET) {
                    fetch(group.getKey(), batch);
                    batch.clear();
                    octets = 0;
                }
                batch.add(mail);
                octets += more;
            }
            fetch(group.getKey(), batch);
        }
    }

    private void fetch(List<String> sections, List<List<ServerPart>> mails) throws MailFailure {
        StringBuilder items = new StringBuilder();
        for (String section : sections) {
            items.append(items.length() == 0 ? "" : " ")
                    .append("BODY.PEEK[" + section + "]<0." + BodyText.WIRE_LIMIT + ">");
        }
        int[] numbers = new int[mails.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = mails.get(i).get(0).number();
        }
        Fetched fetched = folder.fetch(numbers, items.toString());
        for (List<ServerPart> mail : mails) {
            for (ServerPart part : mail) {
                part.prefetched(fetched.section(part.number(), part.section()));
            }
        }
    }
}
