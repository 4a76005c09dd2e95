package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.MessageId;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import jakarta.mail.internet.MailDateFormat;
import java.io.IOException;
import java.io.InputStream;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The header of a received mail, decoded. What does not follow the rules is shown as it came, never an error. */
public final class ReceivedHeaders {

    /** The fields that are looked at, as FETCH wants them. */
    public static final String FIELDS = "DATE SUBJECT FROM TO CC REPLY-TO MESSAGE-ID IN-REPLY-TO REFERENCES "
            + "CONTENT-DISPOSITION CONTENT-TRANSFER-ENCODING CONTENT-ID " + AutomaticMail.FIELDS + " " + SenderAuthentication.FIELDS;

    /** Octets of a header that are read; servers take some hundred thousand at most, people write a few thousand. */
    public static final int MAX_BYTES = 256 << 10;

    private static final int MAX_VALUES = 1000;

    private static final int IDS = 200;
    private static final Pattern FOLD = Pattern.compile("(?:\r\n|[\r\n])(?=[ \t])");

    private final HeaderFields headers;
    private final boolean cut;

    /** @param block header lines, up to the empty line or the end */
    public ReceivedHeaders(InputStream block) throws IOException {
        this(block.readAllBytes(), Integer.MAX_VALUE);
    }

    /**
     * @param octets beginning with a header
     * @param most as many were asked for
     */
    public ReceivedHeaders(byte[] octets, int most) {
        headers = HeaderFields.parse(octets);
        cut = octets.length >= most && !headers.ended();
    }

    /** Whether there may be more fields than are known. */
    public boolean cut() {
        return cut;
    }

    /** Whether servers may read another header in it than we do: what one of them vouches for may be another's word. */
    boolean ambiguous() {
        return headers.ambiguous();
    }

    /** One line, decoded; empty if there is none. */
    public String subject() {
        String raw = headers.first("Subject");
        return raw == null ? "" : decoded(raw);
    }

    /** When the sender says it was sent, or null. */
    public Instant sent() {
        String raw = headers.first("Date");
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

    /** What the mail as a whole says that it is. */
    public ContentField type() {
        return ContentField.type(headers.first("Content-Type"));
    }

    public ContentField disposition() {
        return ContentField.disposition(headers.first("Content-Disposition"));
    }

    /** The value of the topmost field of that name, or null. */
    @CheckForNull
    public String first(String name) {
        return headers.first(name);
    }

    /** The values of a field as they came, unfolded but not decoded, topmost first; empty if there is none. */
    List<String> values(String name) {
        return headers.all(name).stream()
                .limit(MAX_VALUES)
                .map(ReceivedHeaders::unfolded)
                .toList();
    }

    /**
     * Fields for people, decoded, topmost first.
     *
     * @param names {@link MailQuery#ALL_HEADERS} among them for all there are
     * @return by the names as given, or as they stand in the mail; a field that is missing is left out
     */
    public Map<String, List<String>> fields(List<String> names) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        if (names.contains(MailQuery.ALL_HEADERS)) {
            Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.all().stream().limit(MAX_VALUES).forEach(field -> all.computeIfAbsent(
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

    /** First id in a header, or null. */
    String id(String name) {
        List<String> ids = ids(name);
        return ids.isEmpty() ? null : ids.get(0);
    }

    /** All ids in a header, or the latest of very many. */
    public List<String> ids(String name) {
        List<String> ids = MessageId.in(String.join(" ", headers.all(name))).stream()
                .map(id -> OneLine.of(id.value()).replace(" ", ""))
                .toList();
        return ids.size() > IDS ? ids.subList(ids.size() - IDS, ids.size()) : ids;
    }

    /** Everybody named in a header, the first thousand at most. */
    public List<MailAddress> addresses(String name) {
        return ReceivedAddresses.in(String.join(",", headers.all(name)));
    }

    /** Without line breaks. Jakarta Mail's own way takes a time that grows with the square of their number. */
    static String unfolded(String raw) {
        return FOLD.matcher(raw).replaceAll("");
    }

    public static String decoded(String raw) {
        return OneLine.of(EncodedWords.decode(unfolded(raw)));
    }
}
