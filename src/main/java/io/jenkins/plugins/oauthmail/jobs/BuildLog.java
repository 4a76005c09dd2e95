package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.console.PlainTextConsoleOutputStream;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.mail.OutgoingMail;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * The log of a build as an attachment: all of it or its last lines, compressed or not.
 *
 * @param lines how many of the last lines; 0 for all
 * @param gzip whether to compress it
 */
public record BuildLog(@NonNull Run<?, ?> build, int lines, boolean gzip) {
    private static final long MEGABYTE = 1024 * 1024;

    /** More lines would be a matter of the whole log. */
    private static final int MOST_LINES = 100_000;

    /**
     * What a user asks for.
     *
     * @param wanted {@code true} for the whole log, a number for so many of its last lines, {@code gzip} to compress it,
     *     or number and {@code gzip}; empty, null or {@code false} for none
     * @return null for none
     * @throws AbortException if it is none of these
     */
    @CheckForNull
    public static BuildLog of(@CheckForNull String wanted, @NonNull Run<?, ?> build) throws AbortException {
        String text = Util.fixNull(wanted).strip().toLowerCase(Locale.ROOT);
        if (text.isEmpty() || text.equals("false")) {
            return null;
        }
        int lines = 0;
        boolean gzip = false;
        for (String word : text.split("[\\s,]+")) {
            if (word.equals("gzip")) {
                gzip = true;
            } else if (word.matches("\\d{1,6}") && Integer.parseInt(word) > 0 && Integer.parseInt(word) <= MOST_LINES) {
                lines = Integer.parseInt(word);
            } else if (!word.equals("true")) {
                throw new AbortException(Messages.BuildLog_wanted(MOST_LINES));
            }
        }
        return new BuildLog(build, lines, gzip);
    }

    /** Copies it as it is now, as the build goes on writing. */
    @NonNull
    Copy copy(@NonNull MailAccount account) throws IOException {
        Path file = Files.createTempFile("oauth-mail-", ".log");
        Copy copy = new Copy(file, gzip ? "build.log.gz" : "build.log");
        boolean done = false;
        try (OutputStream limited = new Limited(Files.newOutputStream(file), account);
                OutputStream target = gzip ? new GZIPOutputStream(limited) : limited;
                // Takes out what is for the web page only.
                OutputStream plain = new PlainTextConsoleOutputStream(target);
                InputStream log = new BufferedInputStream(build.getLogInputStream())) {
            if (lines > 0) {
                skip(log, lineEnds() - lines);
            }
            log.transferTo(plain);
            done = true;
            return copy;
        } finally {
            if (!done) {
                copy.close();
            }
        }
    }

    private long lineEnds() throws IOException {
        try (InputStream log = new BufferedInputStream(build.getLogInputStream())) {
            return Long.MAX_VALUE - skip(log, Long.MAX_VALUE);
        }
    }

    /** Skips lines, in memory that does not depend on their length; gives how many were not there to be skipped. */
    private static long skip(InputStream log, long count) throws IOException {
        long left = count;
        int octet;
        while (left > 0 && (octet = log.read()) >= 0) {
            if (octet == '\n') {
                left--;
            }
        }
        return left;
    }

    /**
     * A log on the controller's disk until the mail is sent.
     *
     * @param file null for none
     * @param name in the mail
     */
    record Copy(@CheckForNull Path file, @NonNull String name) implements AutoCloseable {
        static final Copy NONE = new Copy(null, "");

        List<OutgoingMail.Attachment> attachments() throws IOException {
            return file == null
                    ? List.of()
                    : List.of(new OutgoingMail.Attachment(name, Files.size(file), () -> Files.newInputStream(file)));
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Takes no more than a mail of the account may hold, so that an endless log does not fill the disk. */
    private static final class Limited extends FilterOutputStream {
        private final int megabytes;
        private long left;

        Limited(OutputStream out, MailAccount account) {
            super(out);
            megabytes = account.getMaximumMegabytes();
            left = megabytes * MEGABYTE;
        }

        @Override
        public void write(int octet) throws IOException {
            take(1);
            out.write(octet);
        }

        @Override
        public void write(@NonNull byte[] octets, int offset, int length) throws IOException {
            take(length);
            out.write(octets, offset, length);
        }

        private void take(int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new AbortException(Messages.BuildLog_tooLarge(megabytes));
            }
        }
    }
}
