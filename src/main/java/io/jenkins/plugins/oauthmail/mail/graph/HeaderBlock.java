package io.jenkins.plugins.oauthmail.mail.graph;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.received.ReceivedHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Header lines in UTF-8 (RFC 6532), of which as many bytes are kept as with IMAP. */
final class HeaderBlock {
    private static final Pattern NAME = Pattern.compile("[!-9;-~]+");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n\\x00]+[ \\t]*");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean cut;

    /** Adds a field; one that has no value, or no possible name, is left out. */
    void field(@CheckForNull String name, @CheckForNull String value) {
        if (cut || name == null || value == null || !NAME.matcher(name).matches()) {
            return;
        }
        byte[] line =
                (name + ": " + LINE_BREAK.matcher(value).replaceAll(" ") + "\r\n").getBytes(StandardCharsets.UTF_8);
        int left = ReceivedHeaders.MAX_BYTES - bytes.size();
        cut = line.length > left;
        bytes.write(line, 0, Math.min(line.length, left));
    }

    /** The fields so far; {@link ReceivedHeaders#cut} if not all of them are kept. */
    @NonNull
    ReceivedHeaders headers() {
        // A header that is cut has as many bytes as are wanted, and no empty line at its end.
        if (!cut) {
            bytes.writeBytes(new byte[] {'\r', '\n'});
        }
        return new ReceivedHeaders(bytes.toByteArray(), ReceivedHeaders.MAX_BYTES);
    }
}
