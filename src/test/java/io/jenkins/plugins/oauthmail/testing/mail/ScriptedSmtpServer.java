package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An SMTP server that takes any login and says what it is told to one kind of command, having carried it out or not. It
 * knows who really got a mail, and how often.
 */
public final class ScriptedSmtpServer implements AutoCloseable {

    /** How a command is answered out of the ordinary. */
    public enum Manner {
        /** With the text in place of the usual reply. */
        REPLY,
        /** With the usual reply and the text right behind it. */
        EXTRA,
        /** Not at all. */
        SILENT,
        /** Not at all, and the connection is closed. */
        CLOSE,
        /** With the text, and the connection is closed. */
        REPLY_AND_CLOSE
    }

    /**
     * @param start of the commands that are answered so; {@code .} is the end of the content
     * @param text of the reply, without line end
     * @param carriedOut whether the command is carried out all the same
     */
    public record Fault(
            @NonNull String start,
            @NonNull Manner manner,
            @NonNull String text,
            boolean carriedOut) {}

    private final ServerSocket server;
    private final Fault fault;
    private final boolean pipelining;
    private final boolean chunking;
    private final String greeting;
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    public ScriptedSmtpServer(@NonNull Fault fault, boolean pipelining, boolean chunking) {
        this(fault, pipelining, chunking, "220 ready");
    }

    /** @param greeting the first line */
    public ScriptedSmtpServer(@NonNull Fault fault, boolean pipelining, boolean chunking, @NonNull String greeting) {
        this.greeting = greeting;
        this.fault = fault;
        this.pipelining = pipelining;
        this.chunking = chunking;
        try {
            server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new IllegalStateException("no free port on loopback", e);
        }
        start(this::accept);
    }

    @NonNull
    public Endpoint endpoint() {
        return new Endpoint("localhost", server.getLocalPort(), Security.NONE);
    }

    /** Addresses that got a mail, once for each time. */
    @NonNull
    public List<String> delivered() {
        return delivered;
    }

    /** Every command. */
    @NonNull
    public List<String> heard() {
        return heard;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "reply smtp");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: the test is over.
            return;
        }
    }

    private void serve(Socket client) {
        try (Wire wire = new Wire(client)) {
            new Conversation(wire).run();
        } catch (IOException e) {
            // The client went away.
            return;
        }
    }

    private final class Conversation {

        private final Wire wire;
        private boolean sender;
        private final List<String> recipients = new ArrayList<>();

        Conversation(Wire wire) {
            this.wire = wire;
        }

        void run() throws IOException {
            wire.say(greeting);
            String line;
            while ((line = wire.line()) != null) {
                heard.add(line);
                if (line.startsWith("BDAT ")) {
                    wire.octets(Integer.parseInt(line.split(" ")[1]));
                }
                if (!answer(line)) {
                    return;
                }
                if (line.equals("QUIT")) {
                    return;
                }
            }
        }

        /** @return whether the conversation goes on */
        private boolean answer(String line) throws IOException {
            boolean usual = !line.startsWith(fault.start());
            String reply = usual || fault.carriedOut() || fault.manner() == Manner.EXTRA ? carryOut(line) : null;
            if (usual) {
                wire.say(reply);
            } else {
                switch (fault.manner()) {
                    case REPLY, REPLY_AND_CLOSE -> wire.say(fault.text());
                    case EXTRA -> wire.say(reply + "\r\n" + fault.text());
                    default -> {}
                }
                if (fault.manner() == Manner.CLOSE || fault.manner() == Manner.REPLY_AND_CLOSE) {
                    return false;
                }
            }
            return !line.equals("DATA") || reply == null || !reply.startsWith("354") || content();
        }

        private boolean content() throws IOException {
            String line;
            do {
                line = wire.line();
                if (line == null) {
                    return false;
                }
            } while (!line.equals("."));
            heard.add(line);
            return answer(line);
        }

        private String carryOut(String line) {
            String verb = line.split("[ :]", 2)[0];
            switch (verb) {
                case "EHLO":
                    sender = false;
                    recipients.clear();
                    return "250-reply.test\r\n" + (pipelining ? "250-PIPELINING\r\n" : "")
                            + (chunking ? "250-CHUNKING\r\n250-ENHANCEDSTATUSCODES\r\n" : "") + "250 AUTH XOAUTH2";
                case "AUTH":
                    return "235 2.7.0 welcome";
                case "MAIL":
                    sender = true;
                    recipients.clear();
                    return "250 2.1.0 sender";
                case "RCPT":
                    if (!sender) {
                        return "503 5.5.1 MAIL first";
                    }
                    recipients.add(line.replaceFirst(".*<(.*)>.*", "$1"));
                    return "250 2.1.5 recipient";
                case "DATA":
                    return recipients.isEmpty() ? "554 5.5.1 nobody" : "354 go ahead";
                case "BDAT":
                case ".":
                    return deliver();
                case "RSET":
                    sender = false;
                    recipients.clear();
                    return "250 2.0.0 reset";
                case "QUIT":
                    return "221 2.0.0 bye";
                default:
                    return "500 5.5.2 what?";
            }
        }

        private String deliver() {
            if (recipients.isEmpty()) {
                return "554 5.5.1 nobody";
            }
            delivered.addAll(recipients);
            sender = false;
            recipients.clear();
            return "250 2.0.0 delivered";
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
