package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import io.jenkins.plugins.oauthmail.mail.model.OutgoingMail;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The attachments of one message on the controller's disk, one after another in one temporary file, from the moment
 * they are collected until the message is sent. So a message that waits for its turn, or is retried, needs no agent,
 * and contains what was checked. Where the platform allows it, the file is unlinked after it was opened, so that even a
 * killed controller does not leave it behind.
 */
final class Spool implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Spool.class.getName());

    private Path path;
    private RandomAccessFile file;
    private boolean closed;

    /** Begins another attachment. The previous one must be closed or abandoned. */
    @NonNull
    synchronized Entry entry() throws AbortException {
        try {
            return new Entry(open().length());
        } catch (IOException e) {
            throw full(e);
        }
    }

    private RandomAccessFile open() throws IOException {
        if (closed) {
            throw new IOException("the spool is closed");
        }
        if (file == null) {
            if (path == null) {
                path = Files.createTempFile("oauth-mail-", ".spool");
            }
            file = new RandomAccessFile(path.toFile(), "rw");
            try {
                Files.delete(path);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Cannot unlink " + path + " before it is closed");
            }
        }
        return file;
    }

    private static AbortException full(IOException e) {
        LOGGER.log(Level.WARNING, "Cannot store attachments in the temporary directory until they are sent", e);
        return new AbortException(Messages.Spool_full(FileFailure.reason(e)));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (path == null) {
            return;
        }
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot close " + path);
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The outcome of sending the message matters more.
            LOGGER.log(Level.WARNING, e, () -> "Cannot delete " + path);
        }
    }

    private synchronized int read(long place, byte[] target, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the spool is closed");
        }
        file.seek(place);
        return file.read(target, offset, length);
    }

    private synchronized void write(Entry entry, byte[] bytes, int offset, int length) throws IOException {
        if (closed || entry.finished) {
            throw new IOException("the attachment is already closed");
        }
        try {
            file.seek(entry.start + entry.size);
            file.write(bytes, offset, length);
        } catch (IOException e) {
            AbortException full = full(e);
            entry.problem = full.getMessage();
            throw full;
        }
        entry.size += length;
    }

    /** One attachment; written by one thread at a time, and readable by any number once it is closed. */
    final class Entry extends OutputStream {
        private final long start;
        private long size;
        private boolean finished;
        private String problem;

        private Entry(long start) {
            this.start = start;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(@NonNull byte[] bytes, int offset, int length) throws IOException {
            Spool.this.write(this, bytes, offset, length);
        }

        /** The number of bytes written so far. */
        long size() {
            synchronized (Spool.this) {
                return size;
            }
        }

        /** Ends the attachment; later writes fail. */
        @Override
        public void close() {
            synchronized (Spool.this) {
                finished = true;
            }
        }

        /** Why the controller could not store it; null if it could. */
        @CheckForNull
        String problem() {
            synchronized (Spool.this) {
                return problem;
            }
        }

        /** Discards it; the next attachment overwrites it. */
        void abandon() {
            synchronized (Spool.this) {
                finished = true;
                try {
                    if (!closed) {
                        file.setLength(start);
                    }
                } catch (IOException e) {
                    LOGGER.log(Level.FINE, e, () -> "Cannot shorten " + path);
                }
            }
        }

        /** The attachment; call after closing. */
        @NonNull
        OutgoingMail.Attachment as(@NonNull String name) {
            return new OutgoingMail.Attachment(name, size(), Content::new);
        }

        private final class Content extends InputStream {
            private long done;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(@NonNull byte[] target, int offset, int length) throws IOException {
                long left = size() - done;
                if (length == 0) {
                    return 0;
                }
                if (left <= 0) {
                    return -1;
                }
                int count = Spool.this.read(start + done, target, offset, (int) Math.min(length, left));
                if (count > 0) {
                    done += count;
                }
                return count;
            }
        }
    }
}
