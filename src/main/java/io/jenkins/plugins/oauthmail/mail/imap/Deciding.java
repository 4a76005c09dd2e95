package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.received.ContentField;
import io.jenkins.plugins.oauthmail.mail.received.PartWalker;
import io.jenkins.plugins.oauthmail.mail.received.QueryMatcher;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import io.jenkins.plugins.oauthmail.mail.received.SenderAuthentication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/**
 * Leaves out messages that certainly do not match a query, before everything else about them is fetched: for the
 * conditions that no server can search for, fetches the one item that decides about most messages. What it does not
 * leave out is checked later as if there were no such step.
 */
final class Deciding {

    /** Longer fields do not decide. */
    private static final int MAX_FIELDS = 8192;

    /** Messages whose items are requested by one command. */
    private static final int AT_ONCE = 1000;

    /** Commands that are sent before the first of them is answered. */
    private static final int AHEAD = 16;

    private static final ReceivedHeaders NO_HEADER = new ReceivedHeaders(new byte[0], 1);

    private final ImapFolder folder;
    private final MailQuery query;
    private final AuthenticationRule rule;
    private final QueryMatcher match;
    private final List<Step> steps = new ArrayList<>();

    private enum Decision {
        NO,
        /** The next item may decide. */
        OPEN,
        /** The next item cannot decide. */
        MAYBE
    }

    /** Decides with one item of a message. */
    private interface Rule {
        Decision of(int number, FetchResponse fetch) throws MailFailure;
    }

    /** @param items for FETCH */
    private record Step(String items, Rule rule) {}

    /** @param open whether the server cannot search for one of the conditions on the header */
    Deciding(ImapFolder folder, MailQuery query, AuthenticationRule rule, boolean open) {
        this.folder = folder;
        this.query = query;
        this.rule = rule;
        this.match = new QueryMatcher(query, rule);
        if (query.authenticated()) {
            SenderAuthentication authentication = new SenderAuthentication(rule);
            for (String field : authentication.deciding()) {
                step(field, headers -> decision(authentication.chance(headers, field)));
            }
        }
        if (!query.repliesTo().isEmpty()) {
            step(
                    String.join(" ", QueryMatcher.ID_FIELDS),
                    headers -> match.answers(headers) ? Decision.OPEN : Decision.NO);
        }
        String fields = open ? searched() : "";
        if (!fields.isEmpty()) {
            // Only the conditions on these fields: others cannot be checked without theirs.
            QueryMatcher searched = new QueryMatcher(
                    MailQuery.in(query.folder())
                            .from(query.authenticated() ? List.of() : query.from())
                            .to(query.to())
                            .subject(query.subject())
                            .build(),
                    rule);
            step(fields, headers -> searched.headers(headers) ? Decision.OPEN : Decision.NO);
        }
        if (query.hasAttachment()) {
            step("CONTENT-TYPE CONTENT-DISPOSITION", Deciding::attachmentByHeader);
            steps.add(new Step("BODYSTRUCTURE", this::attachment));
        }
    }

    private String searched() {
        List<String> fields = new ArrayList<>();
        if (!query.from().isEmpty() && !query.authenticated()) {
            fields.add("FROM");
        }
        if (!query.to().isEmpty()) {
            fields.add("TO CC");
        }
        if (query.subject() != null) {
            fields.add("SUBJECT");
        }
        return String.join(" ", fields);
    }

    private interface HeaderRule {
        Decision of(ReceivedHeaders headers);
    }

    private void step(String fields, HeaderRule decides) {
        String items = "BODY.PEEK[HEADER.FIELDS (" + fields + ")]<0." + MAX_FIELDS + ">";
        steps.add(new Step(items, (number, fetch) -> {
            byte[] header = header(fetch);
            if (header == null) {
                return Decision.OPEN;
            }
            ReceivedHeaders headers = new ReceivedHeaders(header, MAX_FIELDS);
            return headers.cut() || header.length >= MAX_FIELDS ? Decision.MAYBE : decides.of(headers);
        }));
    }

    private static Decision decision(SenderAuthentication.Chance chance) {
        return switch (chance) {
            case NONE -> Decision.NO;
            case OPEN -> Decision.OPEN;
            case GOOD -> Decision.MAYBE;
        };
    }

    /** A message that consists of a text has no attachment; its header counts more than the server's description. */
    private static Decision attachmentByHeader(ReceivedHeaders headers) {
        boolean clear = ContentField.isType(headers.first("Content-Type"));
        String type = headers.type().value();
        boolean text = type.equals("text/plain") || type.equals("text/html");
        boolean named = headers.type().parameter("name") != null
                || headers.disposition().parameter("filename") != null
                || headers.disposition().value().equals("attachment");
        return clear && text && !named ? Decision.NO : Decision.OPEN;
    }

    private Decision attachment(int number, FetchResponse fetch) throws MailFailure {
        BODYSTRUCTURE structure = fetch.getItem(BODYSTRUCTURE.class);
        if (structure == null) {
            return Decision.OPEN;
        }
        if (!structure.isMulti()) {
            return Decision.MAYBE;
        }
        RemotePart root = RemotePart.root(folder, number, structure, NO_HEADER);
        return match.parts(new PartWalker(root, folder.time())) ? Decision.OPEN : Decision.NO;
    }

    private static byte[] header(FetchResponse fetch) {
        for (int i = 0; i < fetch.getItemCount(); i++) {
            if (fetch.getItem(i) instanceof BODY body && body.isHeader() && body.getByteArray() != null) {
                return body.getByteArray().getNewBytes();
            }
        }
        return null;
    }

    /** Whether there is something to decide. */
    boolean isWorthwhile() {
        return !steps.isEmpty();
    }

    /** Those of some messages that may match, in the same order. */
    int[] among(int[] numbers) throws MailFailure {
        if (query.authenticated() && !rule.trustsAnyServer()) {
            return new int[0];
        }
        BitSet maybe = new BitSet();
        BitSet open = new BitSet();
        for (int number : numbers) {
            open.set(number);
        }
        for (Step step : steps) {
            decide(step, open, maybe);
        }
        open.or(maybe);
        return open.stream().toArray();
    }

    private void decide(Step step, BitSet open, BitSet maybe) throws MailFailure {
        int[] numbers = open.stream().toArray();
        List<MailFailure> failed = new ArrayList<>();
        Deque<Pipeline.Asked> sent = new ArrayDeque<>();
        folder.drain();
        int atOnce = folder.maxConverted(AT_ONCE);
        for (int from = 0; from < numbers.length; ) {
            int count = Math.min(atOnce, folder.fitting(numbers, from));
            int[] some = Arrays.copyOfRange(numbers, from, from + count);
            sent.add(folder.send(some, step.items(), response -> take(step, response, open, maybe, failed)));
            from += count;
            if (sent.size() == AHEAD) {
                folder.fetched(sent.removeFirst());
            }
            folder.time().check();
        }
        for (Pipeline.Asked one : sent) {
            folder.fetched(one);
        }
        if (!failed.isEmpty()) {
            throw failed.get(0);
        }
    }

    private void take(Step step, Response response, BitSet open, BitSet maybe, List<MailFailure> failed) {
        try {
            if (response instanceof IMAPResponse told) {
                folder.heed(told);
            }
            if (!(response instanceof FetchResponse fetch) || !open.get(fetch.getNumber())) {
                return;
            }
            switch (step.rule().of(fetch.getNumber(), fetch)) {
                case NO -> open.clear(fetch.getNumber());
                case MAYBE -> {
                    open.clear(fetch.getNumber());
                    maybe.set(fetch.getNumber());
                }
                default -> {}
            }
        } catch (MailFailure e) {
            failed.add(e);
        }
    }
}
