package io.jenkins.plugins.oauthmail.testing.mail;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;

/** A socket read and written by lines of Latin-1, so that octets survive. */
final class Wire implements Closeable {

    private final Socket plain;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final byte[] buffer = new byte[16_384];
    private int position;
    private int end;
    private volatile Tampering tampering;
    private volatile Thread reader;
    private final Object closing = new Object();
    private boolean closed;
    private volatile int patience;

    Wire(Socket socket) throws IOException {
        plain = socket;
        socket.setTcpNoDelay(true);
        use(socket);
    }

    private void use(Socket next) throws IOException {
        socket = next;
        in = next.getInputStream();
        position = end = 0;
        out = next.getOutputStream();
    }

    /** Reading fails when the other side has said nothing for so long; zero to wait for ever. */
    void patience(Duration most) throws IOException {
        patience = Math.toIntExact(most.toMillis());
        plain.setSoTimeout(patience);
    }

    /** Goes on under TLS; what the client sent before the handshake without being asked is forgotten. */
    void secure(SSLContext context) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        tls.setUseClientMode(false);
        tls.startHandshake();
        use(tls);
    }

    boolean secured() {
        return socket instanceof SSLSocket;
    }

    /** From now on everything said goes through this; the calling thread is the one that reads. */
    void tamper(Tampering with) {
        tampering = with;
        reader = Thread.currentThread();
    }

    Tampering tampering() {
        return tampering;
    }

    /** One line without its end, or null at the end of the connection. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (filled()) {
            int start = position;
            while (position < end && buffer[position] != '\n') {
                position++;
            }
            line.write(buffer, start, position - start);
            if (position < end) {
                position++;
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the client has gone, as far as can be seen at once; only for the thread that reads. */
    boolean gone() {
        try {
            plain.setSoTimeout(1);
            try {
                if (position == end) {
                    position = end = 0;
                }
                int more = in.read(buffer, end, buffer.length - end);
                end += Math.max(0, more);
                return more < 0;
            } catch (SocketTimeoutException e) {
                return false;
            } finally {
                plain.setSoTimeout(patience);
            }
        } catch (IOException e) {
            return true;
        }
    }

    /** Copies octets from the other side as they are. */
    void copy(Wire from, long count) throws IOException {
        if (tampering != null) {
            byte[] octets = from.octets((int) count);
            synchronized (this) {
                tampering.literal(octets, new Other());
            }
            return;
        }
        long left = count;
        while (left > 0) {
            if (!from.filled()) {
                throw new EOFException();
            }
            int n = (int) Math.min(from.end - from.position, left);
            synchronized (this) {
                out.write(from.buffer, from.position, n);
            }
            from.position += n;
            left -= n;
        }
        flush();
    }

    /** So many octets. */
    byte[] octets(int count) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(count);
        while (octets.size() < count) {
            if (!filled()) {
                throw new EOFException();
            }
            int n = Math.min(end - position, count - octets.size());
            octets.write(buffer, position, n);
            position += n;
        }
        return octets.toByteArray();
    }

    private boolean filled() throws IOException {
        if (position == end) {
            position = 0;
            hurry();
            end = Math.max(0, in.read(buffer));
        }
        return position < end;
    }

    /** GreenMail writes in small pieces and waits for each to be acknowledged, which Linux puts off for 40 ms. */
    private void hurry() throws IOException {
        if (plain.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
            plain.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
    }

    synchronized void say(String line) throws IOException {
        write(line);
        out.flush();
    }

    /** As {@link #say}, but leaves it to a later flush. */
    synchronized void write(String line) throws IOException {
        if (tampering == null) {
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        for (String one : line.split("\r\n", -1)) {
            tampering.line(one, new Other());
        }
    }

    synchronized void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            closing.notifyAll();
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
            return;
        }
    }

    private final class Other implements Tampering.Client {

        @Override
        public void send(byte[] octets) throws IOException {
            out.write(octets);
            out.flush();
        }

        /** Only one thread may read, so any other waits until that one has noticed. */
        @Override
        public boolean leaves(Duration most) throws IOException {
            long until = System.nanoTime() + most.toNanos();
            long left = most.toNanos();
            while (left > 0) {
                if (Thread.currentThread() == reader ? atEnd(left) : closedWithin(left)) {
                    return true;
                }
                left = until - System.nanoTime();
            }
            return false;
        }

        private boolean atEnd(long nanos) {
            try {
                plain.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
                boolean gone = in.read(buffer) < 0;
                plain.setSoTimeout(patience);
                return gone;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }

        private boolean closedWithin(long nanos) throws IOException {
            synchronized (closing) {
                try {
                    if (!closed) {
                        TimeUnit.NANOSECONDS.timedWait(closing, nanos);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new Dropped();
                }
                return closed;
            }
        }

        @Override
        public void close() {
            Wire.this.close();
        }
    }
}
