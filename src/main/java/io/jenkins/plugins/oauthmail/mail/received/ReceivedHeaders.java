package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.AuthenticationRule;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.MessageId;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import jakarta.mail.internet.MailDateFormat;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The decoded header of a received message. Invalid values are never an error; they are returned as they are. Many are
 * kept at a time, and parsed, some headers take fifty times as much memory, such as those with thousands of empty
 * fields or short addresses; so what is parsed is kept only while there is memory for it.
 */
public final class ReceivedHeaders {

    /** The fields of the envelope, as an argument of FETCH. */
    private static final String ENVELOPE =
            "DATE SUBJECT FROM TO CC REPLY-TO MESSAGE-ID " + String.join(" ", QueryMatcher.ID_FIELDS);

    /** The header fields that are fetched, as an argument of FETCH; add any other that is evaluated. */
    public static final String FIELDS = ENVELOPE + " "
            + "CONTENT-DISPOSITION CONTENT-TRANSFER-ENCODING CONTENT-ID " + AutomaticMail.FIELDS + " "
            + SenderAuthentication.FIELDS;

    /**
     * Maximum size of a header that is read, in bytes. Servers accept some hundred thousand bytes at most; usual
     * headers have a few thousand.
     */
    public static final int MAX_BYTES = 256 << 10;

    /** The fields that are needed if nothing but the envelope is wanted. */
    public static String envelope(MailQuery query) {
        return ENVELOPE
                + (query.repliesTo().isEmpty() ? "" : " " + AutomaticMail.FIELDS)
                + (query.authenticated() ? " " + SenderAuthentication.FIELDS : "");
    }

    private static final int MAX_VALUES = 1000;

    private static final int IDS = 200;
    private static final Pattern FOLD = Pattern.compile("(?:\r\n|[\r\n])(?=[ \t])");

    private final byte[] octets;
    private final boolean cut;
    private final boolean ambiguous;
    private final Map<AuthenticationRule, ReceivedMail.Authentication> verdicts = new HashMap<>();
    private SoftReference<Parsed> parsed;

    /** Kept, as many queries may ask about the same message. */
    private static final class Parsed {
        private final HeaderFields headers;
        private final Map<String, List<MailAddress>> addresses = new HashMap<>();
        private final Map<String, List<String>> people = new HashMap<>();
        private final Map<String, List<String>> ids = new HashMap<>();
        private String subject;
        private String caselessSubject;

        Parsed(HeaderFields headers) {
            this.headers = headers;
        }
    }

    /** @param block the header lines, up to the empty line or the end of the stream */
    public ReceivedHeaders(InputStream block) throws IOException {
        this(block.readAllBytes(), Integer.MAX_VALUE);
    }

    /**
     * @param octets the message from its beginning; must not be used for anything else
     * @param most the number of bytes that was requested
     */
    public ReceivedHeaders(byte[] octets, int most) {
        HeaderFields headers = HeaderFields.parse(octets);
        this.octets = octets;
        this.cut = octets.length >= most && !headers.ended();
        // Parsing has replaced what is ambiguous, so it is not found a second time.
        this.ambiguous = headers.ambiguous();
        this.parsed = new SoftReference<>(new Parsed(headers));
    }

    private Parsed parsed() {
        Parsed known = parsed.get();
        if (known == null) {
            known = new Parsed(HeaderFields.parse(octets));
            parsed = new SoftReference<>(known);
        }
        return known;
    }

    private HeaderFields headers() {
        return parsed().headers;
    }

    /** How many bytes are kept in any case. */
    public int size() {
        return octets.length;
    }

    /** Whether there may be more fields than were read. */
    public boolean cut() {
        return cut;
    }

    /** Whether servers may read this header differently, so that what a server vouches for may not be what we read. */
    boolean ambiguous() {
        return ambiguous;
    }

    /** The decoded subject on one line; empty if there is none. */
    public String subject() {
        Parsed known = parsed();
        if (known.subject == null) {
            String raw = known.headers.first("Subject");
            known.subject = raw == null ? "" : decoded(raw);
        }
        return known.subject;
    }

    /** The subject as texts are compared. */
    String caselessSubject() {
        Parsed known = parsed();
        if (known.caselessSubject == null) {
            known.caselessSubject = Caseless.text(subject());
        }
        return known.caselessSubject;
    }

    /** The date according to the sender; null if it is missing or invalid. */
    public Instant sent() {
        String raw = headers().first("Date");
        if (raw == null) {
            return null;
        }
        try {
            Date date = new MailDateFormat().parse(raw.trim());
            return date == null ? null : date.toInstant();
        } catch (ParseException e) {
            return null;
        }
    }

    /** The content type of the whole message. */
    public ContentField type() {
        return ContentField.type(headers().first("Content-Type"));
    }

    public ContentField disposition() {
        return ContentField.disposition(headers().first("Content-Disposition"));
    }

    /** The value of the topmost field of this name, or null. */
    @CheckForNull
    public String first(String name) {
        return headers().first(name);
    }

    /** The values of a field, unfolded but not decoded, topmost first; empty if there is none. */
    List<String> values(String name) {
        return headers().all(name).stream()
                .limit(MAX_VALUES)
                .map(ReceivedHeaders::unfolded)
                .toList();
    }

    /**
     * Header fields for display, decoded, topmost first.
     *
     * @param names names of fields; may contain {@link MailQuery#ALL_HEADERS}
     * @return the values by name, as given or as written in the message; missing fields are left out
     */
    public Map<String, List<String>> fields(List<String> names) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        if (names.contains(MailQuery.ALL_HEADERS)) {
            Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers().all().stream().limit(MAX_VALUES).forEach(field -> all.computeIfAbsent(
                            field.name(), name -> new ArrayList<>())
                    .add(decoded(field.value())));
            fields.putAll(all);
        }
        for (String name : names) {
            List<String> values =
                    values(name).stream().map(ReceivedHeaders::decoded).toList();
            if (!values.isEmpty()) {
                fields.put(name, values);
            }
        }
        return fields;
    }

    /** The first id in a field, or null. */
    String id(String name) {
        List<String> all = ids(name);
        return all.isEmpty() ? null : all.get(0);
    }

    /** All ids in a field; only the latest if there are very many. */
    public List<String> ids(String name) {
        return parsed().ids.computeIfAbsent(name, this::parsedIds);
    }

    private List<String> parsedIds(String name) {
        List<String> all = MessageId.in(String.join(" ", headers().all(name))).stream()
                .map(id -> OneLine.of(id.value()).replace(" ", ""))
                .toList();
        return all.size() > IDS ? all.subList(all.size() - IDS, all.size()) : all;
    }

    /** All addresses in a field, the first thousand at most. */
    public List<MailAddress> addresses(String name) {
        return parsed().addresses
                .computeIfAbsent(
                        name,
                        field -> List.copyOf(
                                ReceivedAddresses.in(String.join(",", headers().all(field)))));
    }

    /** The people in a field, as texts are compared. */
    List<String> people(String name) {
        return parsed().people.computeIfAbsent(name, field -> addresses(field).stream()
                .map(Caseless::person)
                .toList());
    }

    /** Whether the receiving server vouches for the sender. */
    ReceivedMail.Authentication verdict(AuthenticationRule rule) {
        return verdicts.computeIfAbsent(rule, by -> new SenderAuthentication(by).verdict(this));
    }

    /** Removes line breaks. Jakarta Mail's method takes time quadratic in their number. */
    static String unfolded(String raw) {
        return FOLD.matcher(raw).replaceAll("");
    }

    public static String decoded(String raw) {
        return OneLine.of(EncodedWords.decode(unfolded(raw)));
    }
}
