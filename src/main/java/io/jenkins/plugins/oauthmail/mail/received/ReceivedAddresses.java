package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Parses the addresses in a field of a received message. Jakarta Mail's parser takes quadratic time, so a long field is
 * parsed in pieces.
 */
public final class ReceivedAddresses {
    /** Twice Exchange's default limit for recipients; each address takes some hundred bytes of a build's memory. */
    private static final int MAX = 1000;

    private static final int PIECE = 4096;

    /** One mailbox, with comments and quoted strings removed. */
    private static final Pattern ONE = Pattern.compile("[^<>,:;]*<[^<>]+>|[^<>,:; ]+");

    private static final Pattern ADDRESS =
            Pattern.compile("(?:[^@\\p{C}\\p{Z}\"]+|\"[^\"\\p{C}]*\")@[^@\\p{C}\\p{Z}\"]+");

    private final List<MailAddress> addresses = new ArrayList<>();

    private ReceivedAddresses() {}

    static List<MailAddress> in(String field) {
        ReceivedAddresses found = new ReceivedAddresses();
        String line = ReceivedHeaders.unfolded(field);
        for (int from = 0; from < line.length() && found.addresses.size() < MAX; ) {
            int to = end(line, from);
            found.add(line.substring(from, to));
            from = to < line.length() && line.charAt(to) == ',' ? to + 1 : to;
        }
        return found.addresses.size() > MAX ? new ArrayList<>(found.addresses.subList(0, MAX)) : found.addresses;
    }

    /**
     * The address in a field that strictly follows RFC 5322; null if it does not, or contains no address, several, or a
     * group. Servers may read an invalid field in another way, which would allow one person to pass for another.
     */
    @CheckForNull
    public static String only(String field) {
        if (field.length() > PIECE
                || !ONE.matcher(AuthenticationResults.Bare.of(field).text().strip())
                        .matches()) {
            return null;
        }
        try {
            InternetAddress[] all = InternetAddress.parseHeader(field, true);
            String address = all.length == 1 ? all[0].getAddress() : null;
            return address == null || !ADDRESS.matcher(address).matches() ? null : address;
        } catch (AddressException e) {
            return null;
        }
    }

    /** The end of a piece: the last comma outside quotes, or the maximum length if there is none. */
    private static int end(String line, int from) {
        if (line.length() - from <= PIECE) {
            return line.length();
        }
        int end = from + PIECE;
        boolean quoted = false;
        for (int i = from; i < from + PIECE; i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                end = i;
            }
        }
        return end;
    }

    private void add(String piece) {
        if (piece.isBlank()) {
            return;
        }
        int before = addresses.size();
        try {
            String masked = EncodedWords.masked(piece);
            for (InternetAddress address : InternetAddress.parseHeader(stripComments(masked), false)) {
                add(address);
            }
        } catch (AddressException e) {
            addresses.subList(before, addresses.size()).clear();
            addresses.add(new MailAddress(null, ReceivedHeaders.decoded(piece)));
        }
    }

    /**
     * Removes the comments of an address in angle brackets; without angle brackets, the comment is used as the name.
     */
    private static String stripComments(String piece) {
        if (piece.indexOf('(') < 0 || piece.indexOf('<') < 0) {
            return piece;
        }
        StringBuilder kept = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (c == '\\' && i + 1 < piece.length()) {
                if (depth == 0) {
                    kept.append(c).append(piece.charAt(i + 1));
                }
                i++;
            } else if (depth == 0 && c == '"') {
                quoted = !quoted;
                kept.append(c);
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0) {
                kept.append(c);
            }
        }
        return depth == 0 && !quoted ? kept.toString() : piece;
    }

    private void add(InternetAddress address) throws AddressException {
        if (address.isGroup()) {
            InternetAddress[] members = address.getGroup(false);
            for (InternetAddress member : members == null ? new InternetAddress[0] : members) {
                add(member);
            }
            return;
        }
        if (address.getAddress() == null) {
            return;
        }
        String personal = address.getPersonal();
        String name = personal == null ? "" : ReceivedHeaders.decoded(EncodedWords.unmasked(personal));
        addresses.add(new MailAddress(
                name.isBlank() ? null : name, OneLine.ofName(EncodedWords.unmasked(address.getAddress()))));
    }
}
