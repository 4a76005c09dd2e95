package io.jenkins.plugins.oauthmail.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeUtility;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header of a received mail, decoded. What does not follow the rules is shown as it came, never an error. */
final class ReceivedHeaders {

    /** The fields that are looked at, as FETCH wants them. */
    static final String FIELDS = "DATE SUBJECT FROM TO CC REPLY-TO MESSAGE-ID IN-REPLY-TO REFERENCES";

    private static final Pattern ID = Pattern.compile("<[^<>\\s]{1,900}>");
    private static final int IDS = 200;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}]+");

    private final InternetHeaders headers;

    /** @param block header lines, up to the empty line or the end */
    ReceivedHeaders(InputStream block) throws MessagingException {
        headers = new InternetHeaders(block, true);
    }

    /** One line, decoded; empty if there is none. */
    String subject() {
        String raw = headers.getHeader("Subject", null);
        return raw == null ? "" : decoded(raw);
    }

    /** When the sender says it was sent, or null. */
    Instant sent() {
        String raw = headers.getHeader("Date", null);
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

    /** First id in a header, or null. */
    String id(String name) {
        List<String> ids = ids(name);
        return ids.isEmpty() ? null : ids.get(0);
    }

    /** All ids in a header, or the latest of very many. */
    List<String> ids(String name) {
        List<String> ids = new ArrayList<>();
        String raw = headers.getHeader(name, " ");
        if (raw != null) {
            Matcher matcher = ID.matcher(raw);
            while (matcher.find()) {
                ids.add(CONTROL.matcher(matcher.group()).replaceAll(""));
            }
        }
        return ids.size() > IDS ? ids.subList(ids.size() - IDS, ids.size()) : ids;
    }

    /** Everybody named in a header. */
    List<ReceivedMail.Address> addresses(String name) {
        List<ReceivedMail.Address> addresses = new ArrayList<>();
        String raw = headers.getHeader(name, ",");
        if (raw == null || raw.isBlank()) {
            return addresses;
        }
        try {
            for (InternetAddress address : InternetAddress.parseHeader(MimeUtility.unfold(raw), false)) {
                add(addresses, address);
            }
        } catch (AddressException e) {
            addresses.clear();
            addresses.add(new ReceivedMail.Address(null, decoded(raw)));
        }
        return addresses;
    }

    private static void add(List<ReceivedMail.Address> addresses, InternetAddress address) throws AddressException {
        if (address.isGroup()) {
            InternetAddress[] members = address.getGroup(false);
            for (InternetAddress member : members == null ? new InternetAddress[0] : members) {
                add(addresses, member);
            }
            return;
        }
        if (address.getAddress() == null) {
            return;
        }
        String personal = address.getPersonal();
        addresses.add(new ReceivedMail.Address(
                personal == null || personal.isBlank() ? null : oneLine(personal), oneLine(address.getAddress())));
    }

    private static String decoded(String raw) {
        String unfolded = MimeUtility.unfold(raw);
        try {
            return oneLine(MimeUtility.decodeText(unfolded));
        } catch (UnsupportedEncodingException e) {
            return oneLine(unfolded);
        }
    }

    /** Encoded words can hold line breaks, which nobody expects in a subject or a name. */
    private static String oneLine(String text) {
        return CONTROL.matcher(text).replaceAll(" ").trim();
    }
}
