package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The log of a build as an attachment: all of it or the last lines, optionally compressed.
 *
 * @param lines the number of last lines; 0 for all
 * @param gzip whether to compress it
 */
@Restricted(NoExternalUse.class)
public record BuildLog(@NonNull Run<?, ?> build, int lines, boolean gzip) {
    private static final Logger LOGGER = Logger.getLogger(BuildLog.class.getName());

    /** For more lines than this, attach the whole log. */
    private static final int MAX_LINES = 100_000;

    /**
     * Parses a user's {@code attachLog}.
     *
     * @param wanted {@code true} for the whole log, a number for that many of its last lines, {@code gzip} to compress
     *     it, or a number and {@code gzip}; empty, null or {@code false} for none
     * @return null if no log is to be attached
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
            } else if (word.matches("\\d{1,6}") && Integer.parseInt(word) > 0 && Integer.parseInt(word) <= MAX_LINES) {
                lines = Integer.parseInt(word);
            } else if (!word.equals("true")) {
                throw new AbortException(Messages.BuildLog_wanted(MAX_LINES));
            }
        }
        return new BuildLog(build, lines, gzip);
    }

    /**
     * Copies the current log; the build goes on writing to it.
     *
     * @param spool where it is copied to
     * @param limit maximum size in bytes
     * @param megabytes the account's limit, for the error message
     * @throws AbortException if it is larger, or cannot be read
     */
    @NonNull
    OutgoingMail.Attachment copy(@NonNull Spool spool, long limit, int megabytes) throws AbortException {
        Spool.Entry entry = spool.entry();
        boolean done = false;
        try {
            try (OutputStream limited = new Limited(entry, limit, megabytes);
                    OutputStream target = gzip ? new GZIPOutputStream(limited) : limited;
                    InputStream log = new BufferedInputStream(build.getLogInputStream())) {
                if (lines > 0) {
                    skip(log, lineEnds() - lines);
                }
                PlainLog.copy(log, target);
            }
            done = true;
            return entry.as(gzip ? "build.log.gz" : "build.log");
        } catch (AbortException e) {
            throw e;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot read the log of " + build);
            throw new AbortException(Messages.BuildLog_unreadable(FileFailure.reason(e)));
        } finally {
            if (!done) {
                entry.abandon();
            }
        }
    }

    private long lineEnds() throws IOException {
        try (InputStream log = new BufferedInputStream(build.getLogInputStream())) {
            return Long.MAX_VALUE - skip(log, Long.MAX_VALUE);
        }
    }

    /** Skips lines using constant memory regardless of their length; returns how many lines were missing. */
    private static long skip(InputStream log, long count) throws IOException {
        long left = count;
        int value;
        while (left > 0 && (value = log.read()) >= 0) {
            if (value == '\n') {
                left--;
            }
        }
        return left;
    }

    /** Stops at the size limit, so that an endless log does not fill the disk. */
    private static final class Limited extends FilterOutputStream {
        private final int megabytes;
        private long left;

        Limited(OutputStream out, long limit, int megabytes) {
            super(out);
            this.megabytes = megabytes;
            left = limit;
        }

        @Override
        public void write(int value) throws IOException {
            take(1);
            out.write(value);
        }

        @Override
        public void write(@NonNull byte[] bytes, int offset, int length) throws IOException {
            take(length);
            out.write(bytes, offset, length);
        }

        private void take(int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new AbortException(Messages.BuildLog_tooLarge(megabytes));
            }
        }
    }
}
