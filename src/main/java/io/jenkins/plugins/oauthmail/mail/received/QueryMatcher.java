package io.jenkins.plugins.oauthmail.mail.received;

import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.AddressPattern;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.replytext.HtmlToText;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks the conditions that a server's search cannot decide: servers differ in what matches, and some conditions
 * cannot be searched for at all.
 */
public final class QueryMatcher {

    /** The header fields that name the messages to which a message replies. */
    public static final List<String> ID_FIELDS = List.of("IN-REPLY-TO", "REFERENCES");

    private final MailQuery query;
    private final AuthenticationRule rule;
    private final String text;
    private final String subject;
    private final List<String> from;
    private final List<String> to;
    private final List<AddressPattern> vouched;

    public QueryMatcher(MailQuery query, AuthenticationRule rule) {
        this.query = query;
        this.rule = rule;
        this.text = Caseless.textOrNull(query.text());
        this.subject = Caseless.textOrNull(query.subject());
        this.from = names(query.from());
        this.to = names(query.to());
        this.vouched = query.authenticated()
                ? query.from().stream().map(AddressPattern::new).toList()
                : List.of();
    }

    /** Names match however they are written; in an address, only ASCII may match ASCII. */
    private static List<String> names(List<String> wanted) {
        return Stream.concat(
                        wanted.stream().map(Caseless::text), wanted.stream().map(CaseFolding::asciiLower))
                .distinct()
                .toList();
    }

    /** @param received null if the server does not say, which counts as later than any time */
    public boolean time(Instant received) {
        return query.since() == null || received == null || !received.isBefore(query.since());
    }

    public boolean flags(boolean seen) {
        return !(query.unseen() && seen);
    }

    public boolean headers(ReceivedHeaders headers) {
        return (subject == null || headers.caselessSubject().contains(subject))
                && (query.authenticated() ? vouchedFor(headers) : isNamed(from, headers.people("From")))
                && (to.isEmpty() || isNamed(to, headers.people("To")) || isNamed(to, headers.people("Cc")))
                && (query.repliesTo().isEmpty() || reply(headers))
                && (!query.authenticated() || headers.verdict(rule).passed());
    }

    public boolean parts(PartWalker parts) {
        return !query.hasAttachment() || parts.hasAttachment();
    }

    /**
     * Checks the text of the body, as far as it was read: nobody else decides about the rest, as servers search for words
     * only, in their own ways, or not at all.
     *
     * @param time checked during the search
     */
    public boolean bodies(String plain, String html, ReadDeadline time) throws MailFailure {
        if (text == null) {
            return true;
        }
        if (plain != null && holdsText(plain, time)) {
            return true;
        }
        return html != null && (holdsText(html, time) || holdsText(HtmlToText.of(html, time), time));
    }

    private boolean holdsText(String body, ReadDeadline time) throws MailFailure {
        time.check();
        return Caseless.text(body).contains(text);
    }

    private boolean reply(ReceivedHeaders headers) {
        return answers(headers) && !AutomaticMail.is(headers);
    }

    /** Whether it names one of the messages that it must answer; whether a person wrote it does not matter here. */
    public boolean answers(ReceivedHeaders headers) {
        return answers(headers, query.repliesTo());
    }

    /** Whether a header that contains the fields {@link #ID_FIELDS} names one of the message IDs. */
    public static boolean answers(ReceivedHeaders headers, List<String> ids) {
        return ID_FIELDS.stream().anyMatch(field -> headers.ids(field).stream().anyMatch(ids::contains));
    }

    /** Only the address matters, not the display name: the owner of a domain passes DMARC with any name. */
    private boolean vouchedFor(ReceivedHeaders headers) {
        return vouched.isEmpty()
                || headers.addresses("From").stream()
                        .anyMatch(person -> vouched.stream().anyMatch(pattern -> pattern.matches(person.address())));
    }

    private static boolean isNamed(List<String> wanted, List<String> people) {
        return wanted.isEmpty()
                || people.stream().anyMatch(person -> wanted.stream().anyMatch(person::contains));
    }
}
