package io.jenkins.plugins.oauthmail.testing.mail;

import com.icegreen.greenmail.store.StoredMessage;
import jakarta.mail.Address;
import jakarta.mail.BodyPart;
import jakarta.mail.Flags;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Searches as Exchange does: each trait makes it find less, or refuse, where others would find. */
final class ExchangeSearch {

    /** How many mails a search in bodies finds at most. */
    static final int MOST_BODIES = 60;

    /** How many keys may be nested. */
    private static final int MOST_KEYS = 5;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d-MMM-yyyy", Locale.ENGLISH);
    private static final Pattern TOKEN = Pattern.compile("\\G *(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([()])|([^ ()\"]+))");

    /** The search is not carried out. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reply) {
            super(reply);
        }
    }

    /** One mail among those to be searched. */
    record Candidate(int number, StoredMessage mail, boolean hasHeader) {}

    private final Exchange exchange;
    private final List<String> tokens = new ArrayList<>();
    private int at;
    private int alternatives;
    private boolean bodies;
    private boolean narrowed;

    /** @param parts of the command behind SEARCH: text and literals by turns, beginning with text */
    ExchangeSearch(Exchange exchange, List<String> parts) throws Refused {
        this.exchange = exchange;
        for (int i = 0; i < parts.size(); i++) {
            if (i % 2 == 1) {
                tokens.add("=" + parts.get(i));
                continue;
            }
            Matcher matcher = TOKEN.matcher(parts.get(i));
            while (matcher.find()) {
                if (matcher.group(1) != null) {
                    tokens.add("=" + matcher.group(1).replaceAll("\\\\(.)", "$1"));
                } else {
                    tokens.add(matcher.group(2) != null ? matcher.group(2) : "'" + matcher.group(3));
                }
            }
        }
        if (!exchange.has(ExchangeTrait.SEARCHES_ASCII_ONLY) && is("CHARSET")) {
            at = 2;
        }
    }

    /** The mails that are found, in their order. */
    List<Candidate> among(List<Candidate> mails) throws Refused {
        Predicate<Candidate> all = candidate -> true;
        while (at < tokens.size()) {
            all = all.and(key());
        }
        if (exchange.has(ExchangeTrait.LIMITS_NESTED_OR) && alternatives + 1 > MOST_KEYS) {
            throw new Refused(ExchangeSays.ARGUMENT_ERROR_12);
        }
        List<Candidate> found = mails.stream().filter(all).toList();
        return exchange.has(ExchangeTrait.LIMITS_BODY_SEARCHES)
                        && bodies
                        && (!narrowed || exchange.cutsAll())
                        && found.size() > MOST_BODIES
                ? found.subList(0, MOST_BODIES)
                : found;
    }

    private boolean is(String word) {
        return at < tokens.size() && tokens.get(at).equalsIgnoreCase("'" + word);
    }

    private String next() throws Refused {
        if (at == tokens.size()) {
            throw new Refused(ExchangeSays.ARGUMENT_ERROR_11);
        }
        return tokens.get(at++);
    }

    private String text() throws Refused {
        String token = next();
        if (!token.startsWith("=") && !token.startsWith("'")) {
            throw new Refused(ExchangeSays.ARGUMENT_ERROR_11);
        }
        String text = token.substring(1);
        if (text.chars().anyMatch(c -> c > 127)) {
            if (exchange.has(ExchangeTrait.SEARCHES_ASCII_ONLY)) {
                throw new Refused(ExchangeSays.ARGUMENT_ERROR_11);
            }
            return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
        return text;
    }

    private Predicate<Candidate> key() throws Refused {
        String token = next();
        if (token.equals("(")) {
            Predicate<Candidate> all = candidate -> true;
            while (at < tokens.size() && !tokens.get(at).equals(")")) {
                all = all.and(key());
            }
            next();
            return all;
        }
        String word = token.substring(1).toUpperCase(Locale.ROOT);
        if (word.matches("[\\d:,*]+")) {
            return candidate -> in(word, candidate.number());
        }
        switch (word) {
            case "ALL":
                return candidate -> true;
            case "SEEN":
                return candidate -> candidate.mail().isSet(Flags.Flag.SEEN);
            case "UNSEEN":
                return candidate -> !candidate.mail().isSet(Flags.Flag.SEEN);
            case "DELETED":
                return candidate -> candidate.mail().isSet(Flags.Flag.DELETED);
            case "UNDELETED":
                return candidate -> !candidate.mail().isSet(Flags.Flag.DELETED);
            case "CHARSET":
                throw new Refused(ExchangeSays.US_ASCII_ONLY);
            case "UID":
                narrowed = true;
                String set = text();
                return candidate -> in(set, candidate.mail().getUid());
            case "SINCE":
                narrowed = true;
                LocalDate day = LocalDate.parse(text(), DAY);
                return candidate -> !LocalDate.ofInstant(
                                candidate.mail().getReceivedDate().toInstant(), ZoneOffset.UTC)
                        .isBefore(day);
            case "NOT":
                return key().negate();
            case "OR":
                alternatives++;
                return key().or(key());
            case "SUBJECT":
                String subject = text();
                return candidate -> holds(header(candidate, MimeMessage::getSubject), subject);
            case "FROM":
                return people(text(), "From", Message::getFrom);
            case "TO":
                return people(text(), "To", mail -> mail.getRecipients(Message.RecipientType.TO));
            case "CC":
                return people(text(), "Cc", mail -> mail.getRecipients(Message.RecipientType.CC));
            case "HEADER":
                return header(text(), text());
            case "BODY":
                bodies = true;
                String body = text();
                return candidate -> holds(body(candidate.mail().getMimeMessage()), body);
            default:
                throw new Refused(ExchangeSays.ARGUMENT_ERROR_11);
        }
    }

    private static boolean in(String set, long number) {
        for (String range : set.split(",")) {
            String[] ends = range.split(":");
            long one = ends[0].equals("*") ? Long.MAX_VALUE : Long.parseLong(ends[0]);
            String last = ends[ends.length - 1];
            long other = last.equals("*") ? Long.MAX_VALUE : Long.parseLong(last);
            if (number >= Math.min(one, other) && number <= Math.max(one, other)) {
                return true;
            }
        }
        return false;
    }

    private interface Reading<T> {
        T of(MimeMessage mail) throws MessagingException;
    }

    private static <T> T header(Candidate candidate, Reading<T> reading) {
        try {
            return reading.of(candidate.mail().getMimeMessage());
        } catch (MessagingException e) {
            return null;
        }
    }

    private static boolean holds(String text, String part) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private Predicate<Candidate> people(String wanted, String field, Reading<Address[]> reading) {
        if (!exchange.has(ExchangeTrait.SEARCHES_DISPLAY_NAMES_ONLY)) {
            return candidate -> holds(raw(candidate, field), wanted) || named(candidate, reading, wanted);
        }
        return candidate -> named(candidate, reading, wanted);
    }

    private static boolean named(Candidate candidate, Reading<Address[]> reading, String wanted) {
        Address[] people = header(candidate, reading);
        for (Address person : people == null ? new Address[0] : people) {
            if (person instanceof InternetAddress address && holds(address.getPersonal(), wanted)) {
                return true;
            }
        }
        return false;
    }

    private Predicate<Candidate> header(String field, String text) {
        if (exchange.has(ExchangeTrait.SEARCHES_STORED_HEADERS)) {
            return candidate -> candidate.hasHeader() && holds(rawHeader(candidate), text);
        }
        return candidate -> holds(raw(candidate, field), text);
    }

    private static String raw(Candidate candidate, String field) {
        return header(candidate, mail -> mail.getHeader(field, ","));
    }

    private static String rawHeader(Candidate candidate) {
        return header(candidate, mail -> String.join("\r\n", Collections.list(mail.getAllHeaderLines())));
    }

    /** What people read: the text parts, decoded. */
    private static String body(Part part) {
        try {
            if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart multipart) {
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < multipart.getCount(); i++) {
                    BodyPart child = multipart.getBodyPart(i);
                    all.append(body(child)).append('\n');
                }
                return all.toString();
            }
            return part.isMimeType("text/*") && part.getContent() instanceof String text ? text : "";
        } catch (MessagingException | IOException e) {
            return "";
        }
    }
}
