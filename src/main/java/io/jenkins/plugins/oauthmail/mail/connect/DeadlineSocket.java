package io.jenkins.plugins.oauthmail.mail.connect;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.util.WriteTimeoutSocket;

/**
 * The plain socket of a connection with a {@link ConnectionDeadline}. It belongs to a channel, because an interrupt
 * closes a blocked socket only if it has one.
 */
final class DeadlineSocket extends WriteTimeoutSocket {

    private final ConnectionDeadline deadline;

    private DeadlineSocket(Socket channel, int writeTimeout, ConnectionDeadline deadline) throws IOException {
        super(channel, writeTimeout, ConnectionDeadline.TIMER);
        this.deadline = deadline;
        // Several commands may be sent before the first is answered; none must wait for the acknowledgement of another.
        channel.setTcpNoDelay(true);
        deadline.watch(channel);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                int octet = super.read();
                deadline.moved(octet < 0 ? 0 : 1);
                return octet;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int count = super.read(b, off, len);
                deadline.moved(Math.max(0, count));
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                out.write(b, off, len);
                deadline.moved(len);
            }
        };
    }

    /** Creates unconnected sockets. */
    static final class Plain extends SocketFactory {

        private final int writeTimeout;
        private final ConnectionDeadline deadline;

        /** @param writeTimeout milliseconds */
        Plain(int writeTimeout, ConnectionDeadline deadline) {
            this.writeTimeout = writeTimeout;
            this.deadline = deadline;
        }

        @Override
        public Socket createSocket() throws IOException {
            return new DeadlineSocket(SocketChannel.open().socket(), writeTimeout, deadline);
        }

        Socket wrap(Socket connected) throws IOException {
            return connected instanceof DeadlineSocket
                    ? connected
                    : new DeadlineSocket(connected, writeTimeout, deadline);
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new UnsupportedOperationException();
        }
    }

    /** Adds TLS to connected sockets. */
    static final class Tls extends SSLSocketFactory {

        private final Plain plain;
        private final SSLSocketFactory tls;

        Tls(Plain plain, SSLSocketFactory tls) {
            this.plain = plain;
            this.tls = tls;
        }

        @Override
        public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
            return tls.createSocket(plain.wrap(connected), host, port, autoClose);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return tls.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return tls.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
