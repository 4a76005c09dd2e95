package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.connect.ReadDeadline;
import io.jenkins.plugins.oauthmail.mail.model.AddressPattern;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.reply.HtmlToText;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks the conditions that a server's search cannot decide: servers differ in what matches, and some conditions
 * cannot be searched for at all.
 */
public final class QueryMatcher {

    /**
     * More than thirty combining marks in a row, which occur in no language: normalizing them takes quadratic time.
     *
     * @see <a href="https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format">UAX 15, stream-safe text format</a>
     */
    private static final Pattern MARKS = Pattern.compile("([\\p{M}\uff9e\uff9f]{30})[\\p{M}\uff9e\uff9f]+");

    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\x85]+");

    private final MailQuery query;
    private final AuthenticationRule rule;
    private final String text;
    private final String subject;

    public QueryMatcher(MailQuery query, AuthenticationRule rule) {
        this.query = query;
        this.rule = rule;
        this.text = caselessOrNull(query.text());
        this.subject = caselessOrNull(query.subject());
    }

    /** @param received null if the server does not say, which counts as later than any time */
    public boolean time(Instant received) {
        return query.since() == null || received == null || !received.isBefore(query.since());
    }

    public boolean headers(ReceivedHeaders headers) {
        return (query.authenticated() ? vouchedFor(headers) : named(query.from(), headers.addresses("From")))
                && named(query.to(), both(headers.addresses("To"), headers.addresses("Cc")))
                && (subject == null || caseless(headers.subject()).contains(subject))
                && (query.repliesTo().isEmpty() || reply(headers))
                && (!query.authenticated()
                        || new SenderAuthentication(rule).verdict(headers).passed());
    }

    public boolean parts(PartWalker parts) {
        return !query.hasAttachment() || parts.hasAttachment();
    }

    /**
     * Checks the text of the body. If it is truncated, the server's result is trusted.
     *
     * @param time checked during the search
     */
    public boolean bodies(String plain, String html, boolean cut, ReadDeadline time) throws MailFailure {
        if (text == null || cut) {
            return true;
        }
        if (plain != null && holdsText(plain, time)) {
            return true;
        }
        return html != null && (holdsText(html, time) || holdsText(HtmlToText.of(html, time), time));
    }

    private boolean holdsText(String body, ReadDeadline time) throws MailFailure {
        time.check();
        return caseless(body).contains(text);
    }

    private boolean reply(ReceivedHeaders headers) {
        if (AutomaticMail.is(headers)) {
            return false;
        }
        return headers.ids("In-Reply-To").stream().anyMatch(query.repliesTo()::contains)
                || headers.ids("References").stream().anyMatch(query.repliesTo()::contains);
    }

    /** Only the address matters, not the display name: the owner of a domain passes DMARC with any name. */
    private boolean vouchedFor(ReceivedHeaders headers) {
        List<AddressPattern> wanted =
                query.from().stream().map(AddressPattern::new).toList();
        return wanted.isEmpty()
                || headers.addresses("From").stream()
                        .anyMatch(person -> wanted.stream().anyMatch(pattern -> pattern.matches(person.address())));
    }

    private static boolean named(List<String> wanted, List<MailAddress> people) {
        if (wanted.isEmpty()) {
            return true;
        }
        // Names match however they are written; in an address, only ASCII may match ASCII.
        List<String> texts =
                new ArrayList<>(wanted.stream().map(QueryMatcher::caseless).toList());
        wanted.stream().map(CaseFolding::asciiLower).forEach(texts::add);
        for (MailAddress person : people) {
            String name = caselessOrNull(person.name());
            String shown = (name == null ? "" : name) + " <" + CaseFolding.asciiLower(person.address()) + ">";
            if (texts.stream().anyMatch(shown::contains)) {
                return true;
            }
        }
        return false;
    }

    private static List<MailAddress> both(List<MailAddress> some, List<MailAddress> more) {
        List<MailAddress> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    @CheckForNull
    private static String caselessOrNull(@CheckForNull String text) {
        return text == null ? null : caseless(text);
    }

    /** Line breaks count as spaces, because text may be folded anywhere. */
    private static String caseless(String text) {
        String plain = MARKS.matcher(OneLine.inOrder(text)).replaceAll("$1");
        String folded = CaseFolding.fold(Normalizer.normalize(plain, Normalizer.Form.NFKC));
        return SPACE.matcher(folded).replaceAll(" ");
    }
}
