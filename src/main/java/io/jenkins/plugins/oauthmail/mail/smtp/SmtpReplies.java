package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Reads replies of an SMTP server, up to a maximum length. */
final class SmtpReplies {

    /**
     * Maximum size of a reply with all its lines, in bytes. Real servers need less than two KiB; RFC 5321 section
     * 4.5.3.1.5 limits a line to 512 octets.
     */
    static final int MAX_BYTES = 64 * 1024;

    private static final Pattern LINE = Pattern.compile("[2-5]\\d\\d(?:[ -].*)?", Pattern.DOTALL);

    private final InputStream in;

    SmtpReplies(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * Waits for the next reply.
     *
     * @throws EOFException if the server has closed the connection
     * @throws BrokenConversation if it is not a reply, or too long
     */
    SmtpReply next() throws IOException {
        StringBuilder text = new StringBuilder();
        int left = MAX_BYTES;
        String line;
        do {
            line = line(left);
            left -= line.length() + 2;
            if (!LINE.matcher(line).matches() || text.length() > 0 && !line.startsWith(text.substring(0, 3))) {
                throw new BrokenConversation(text + line);
            }
            text.append(line).append('\n');
        } while (line.length() > 3 && line.charAt(3) == '-');
        text.setLength(text.length() - 1);
        return new SmtpReply(Integer.parseInt(line.substring(0, 3)), text.toString());
    }

    /** Whether bytes have been read that belong to no expected reply. */
    boolean buffered() throws IOException {
        return in.available() > 0;
    }

    /**
     * Waits for a byte without consuming it.
     *
     * @return false if the server has closed the connection
     * @throws java.net.SocketTimeoutException if there is no byte yet
     */
    boolean peek() throws IOException {
        in.mark(1);
        boolean there = in.read() >= 0;
        in.reset();
        return there;
    }

    private String line(int most) throws IOException {
        byte[] line = new byte[128];
        int count = 0;
        int octet;
        while ((octet = in.read()) != '\n') {
            if (octet < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (count >= most) {
                throw new BrokenConversation(Messages.SmtpReplies_tooLong(MAX_BYTES));
            }
            if (count == line.length) {
                line = Arrays.copyOf(line, 2 * count);
            }
            line[count++] = (byte) octet;
        }
        if (count > 0 && line[count - 1] == '\r') {
            count--;
        }
        return new String(line, 0, count, StandardCharsets.ISO_8859_1);
    }
}
