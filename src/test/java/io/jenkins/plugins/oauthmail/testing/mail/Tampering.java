package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Stands between a fake server and its clients: sees each command before it is carried out and each line before it is
 * sent, and may have it otherwise. Called by the threads that serve the clients.
 */
public interface Tampering {

    /** What a server does in place of carrying a command out. */
    record Instead(@CheckForNull String reply, boolean drop) {}

    /** The client at the other end of one connection. */
    interface Client {
        /** Sends octets as they are, at once. */
        void send(@NonNull byte[] octets) throws IOException;

        /**
         * Waits until the client has closed the connection, deaf to what it says.
         *
         * @param most how long at most
         * @return whether it has
         */
        boolean leaves(@NonNull Duration most) throws IOException;

        /** Closes the connection. */
        void close();
    }

    /**
     * A command has come.
     *
     * @param command for IMAP without its tag; in parentheses what is no command: {@code (content)} when the first line
     *     of a mail's content has come, {@code (response)} for a line of a login, which only a drop can answer
     * @return what to do instead, with the reply as in {@link Script#reply(String, String)}; null to carry it out
     */
    @CheckForNull
    Instead command(@NonNull String command);

    /**
     * The server is about to say a line, which it is for this to send.
     *
     * @param line without its end
     * @throws IOException if the connection has ended
     */
    default void line(@NonNull String line, @NonNull Client client) throws IOException {
        client.send((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * The server is about to send the octets that it announced at the end of the line before.
     *
     * @throws IOException if the connection has ended
     */
    default void literal(@NonNull byte[] octets, @NonNull Client client) throws IOException {
        client.send(octets);
    }
}
