package io.jenkins.plugins.oauthmail.testing.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speaks SMTP until the login, then passes commands on to GreenMail one by one. */
final class SmtpSession {

    private static final String HOST = "AM0PR01CA0001.outlook.office365.com";
    private static final Pattern SIZE = Pattern.compile(" SIZE=(\\d+)", Pattern.CASE_INSENSITIVE);

    private final Gate gate;
    private final Wire client;
    private Wire backend;
    private boolean begun;
    private boolean anybody;
    private int recipients;
    private int mails;

    SmtpSession(Gate gate, Wire client) {
        this.gate = gate;
        this.client = client;
    }

    private Exchange exchange() {
        return gate.exchange();
    }

    void run() throws IOException {
        if (gate.traits().greeting() != null) {
            client.say(gate.traits().greeting());
            return;
        }
        client.say(
                exchange().has(ExchangeTrait.OWN_SMTP_GREETING_AND_LOGIN)
                        ? "220 " + HOST + " Microsoft ESMTP MAIL Service ready at Sat, 28 Nov 2026 12:00:00 +0000"
                        : "220 fake.test ESMTP");
        try {
            String line;
            while ((line = client.line()) != null) {
                gate.hear(line);
                if (backend != null && line.startsWith("BDAT ")) {
                    counted(line);
                } else if (!scripted(line) && !command(line)) {
                    return;
                }
            }
        } catch (Dropped e) {
            return;
        } finally {
            if (backend != null) {
                backend.close();
            }
        }
    }

    private boolean scripted(String line) throws IOException {
        Script.Rule rule = gate.match(client, line);
        if (rule == null) {
            return false;
        }
        if (rule.reply() != null) {
            client.say(rule.reply());
        }
        if (rule.drops()) {
            throw new Dropped();
        }
        return true;
    }

    /** @return whether the conversation goes on */
    private boolean command(String line) throws IOException {
        String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        String later;
        if (mails > 0 && !begun && exchange().idleTooLong()) {
            client.say(ExchangeSays.IDLE_TOO_LONG);
            return false;
        }
        if (line.length() > gate.traits().longestLine() - 2) {
            client.say("500 5.5.2 Line too long");
        } else if (verb.equals("EHLO")) {
            startOver();
            client.say(extensions());
        } else if (verb.equals("QUIT")) {
            client.say("221 2.0.0 Bye");
            return false;
        } else if (verb.equals("STARTTLS") && gate.traits().startTls() && !client.secured()) {
            client.say("220 2.0.0 Go ahead");
            client.secure(gate.tls());
        } else if (verb.equals("AUTH")) {
            authenticate(line.split(" "));
        } else if (backend == null) {
            client.say(ExchangeSays.NOT_AUTHENTICATED);
        } else if (verb.equals("MAIL") && (later = exchange().later()) != null) {
            client.say(later);
        } else if (verb.equals("MAIL") && tooLarge(line)) {
            client.say(ExchangeSays.TOO_LARGE);
        } else if (verb.equals("RCPT") && !begun) {
            client.say("503 5.5.1 MAIL first");
        } else if (verb.equals("RCPT")
                && recipients
                        >= Math.min(gate.traits().mostRecipients(), exchange().recipients())) {
            client.say(ExchangeSays.TOO_MANY_RECIPIENTS);
        } else if (verb.equals("DATA")) {
            if (anybody) {
                data();
            } else {
                client.say("554 5.5.1 No valid recipients");
            }
        } else {
            pass(SIZE.matcher(line).replaceAll(""));
        }
        return true;
    }

    /** RFC 5321 section 4.1.4: EHLO after the first does what RSET does. */
    private void startOver() throws IOException {
        begun = false;
        anybody = false;
        if (backend != null) {
            backend.say("RSET");
            reply();
        }
    }

    private String extensions() {
        if (exchange().has(ExchangeTrait.OWN_SMTP_EXTENSIONS)) {
            return exchangeExtensions();
        }
        List<String> lines = new ArrayList<>(List.of("fake.test"));
        if (gate.traits().startTls() && !client.secured()) {
            lines.add("STARTTLS");
        }
        if (gate.traits().size() > 0) {
            lines.add("SIZE " + gate.traits().size());
        }
        if (gate.traits().pipelining()) {
            lines.add("PIPELINING");
        }
        if (gate.traits().chunking()) {
            lines.add("CHUNKING");
            lines.add("ENHANCEDSTATUSCODES");
        }
        if (!gate.traits().mechanisms().isEmpty()) {
            lines.add("AUTH " + String.join(" ", gate.traits().mechanisms()));
        }
        String last = "250 " + lines.remove(lines.size() - 1);
        return lines.isEmpty() ? last : "250-" + String.join("\r\n250-", lines) + "\r\n" + last;
    }

    private String exchangeExtensions() {
        List<String> lines = new ArrayList<>(List.of(HOST + " Hello [127.0.0.1]"));
        if (gate.traits().size() > 0) {
            lines.add("SIZE " + gate.traits().size());
        }
        if (gate.traits().pipelining()) {
            lines.add("PIPELINING");
        }
        lines.addAll(List.of("DSN", "ENHANCEDSTATUSCODES"));
        if (gate.traits().startTls() && !client.secured()) {
            lines.add("STARTTLS");
        }
        if (!gate.traits().mechanisms().isEmpty()) {
            lines.add("AUTH LOGIN " + String.join(" ", gate.traits().mechanisms()));
        }
        lines.addAll(List.of("8BITMIME", "BINARYMIME"));
        if (gate.traits().chunking()) {
            lines.add("CHUNKING");
        }
        return "250-" + String.join("\r\n250-", lines) + "\r\n250 SMTPUTF8";
    }

    private LoginRefusal refusal() {
        return gate.exchange().has(ExchangeTrait.REFUSES_TOKENS_WITHOUT_REASON)
                ? LoginRefusal.EXCHANGE
                : gate.traits().refusal();
    }

    private void authenticate(String[] words) throws IOException {
        if (words.length < 2
                || !words[1].equalsIgnoreCase("XOAUTH2")
                || !gate.traits().mechanisms().contains("XOAUTH2")) {
            client.say("504 5.7.4 Unrecognized authentication type");
            return;
        }
        boolean oneStep = words.length > 2;
        if (oneStep ? !gate.traits().initialResponse() : !gate.traits().twoSteps()) {
            client.say("501 5.5.4 Unsupported form of AUTH");
            return;
        }
        String response = oneStep ? words[2] : ask("334 ");
        Optional<String> user = TokenCheck.user(response, gate.tokens());
        if (user.isPresent()) {
            backend = gate.backend();
            reply();
            backend.say("EHLO gate.test");
            reply();
            client.say("235 2.7.0 Authentication successful");
            return;
        }
        if (refusal() == LoginRefusal.JSON
                && !ask("334 " + TokenCheck.encoded(LoginRefusal.CHALLENGE)).isEmpty()) {
            client.say("501 5.5.2 An empty line was expected");
            return;
        }
        client.say(refusal().smtp());
    }

    private String ask(String challenge) throws IOException {
        client.say(challenge);
        String answer = client.line();
        if (answer == null) {
            throw new Dropped();
        }
        gate.hear(answer);
        if (gate.match(client, "(response)") != null) {
            throw new Dropped();
        }
        return answer;
    }

    private boolean tooLarge(String line) {
        Matcher size = SIZE.matcher(line);
        return gate.traits().size() > 0
                && size.find()
                && Long.parseLong(size.group(1)) > gate.traits().size();
    }

    /** GreenMail hears of a mail only when it is complete and nobody objects to it. */
    private void data() throws IOException {
        boolean keeping = gate.traits().keeping();
        client.say("354 Start mail input; end with <CRLF>.<CRLF>");
        List<String> content = new ArrayList<>();
        boolean first = true;
        String line;
        while (!".".equals(line = client.line())) {
            if (line == null) {
                throw new Dropped();
            }
            if (first && gate.match(client, "(content)") != null) {
                throw new Dropped();
            }
            first = false;
            gate.content().addAndGet(line.length() + 2);
            if (keeping) {
                content.add(line);
            }
        }
        gate.hear(line);
        finish(line, content, keeping);
    }

    /** A mail in one piece; other pieces than the last are not understood. */
    private void counted(String line) throws IOException {
        String[] words = line.split(" ");
        String content = new String(client.octets(Integer.parseInt(words[1])), StandardCharsets.ISO_8859_1);
        gate.content().addAndGet(content.length());
        if (exchange().has(ExchangeTrait.STALLS_AFTER_BDAT)) {
            return;
        }
        if (!gate.traits().chunking() || words.length != 3 || !content.endsWith("\r\n")) {
            client.say("503 5.5.1 Not here");
            return;
        }
        List<String> lines = new ArrayList<>();
        for (String piece : content.substring(0, content.length() - 2).split("\r\n", -1)) {
            lines.add(piece.startsWith(".") ? "." + piece : piece);
        }
        finish(line, lines, gate.traits().keeping());
    }

    private void finish(String line, List<String> content, boolean keeping) throws IOException {
        begun = false;
        anybody = false;
        Script.Rule rule = gate.match(client, line);
        String reply = rule == null ? exchange().blocked() : rule.reply();
        if (rule == null && reply == null || reply != null && reply.startsWith("2")) {
            String real = receipt(content, keeping ? store(content) : "250 2.0.0 counted");
            reply = reply == null ? real : reply;
        }
        if (reply != null) {
            client.say(reply);
        }
        if (rule != null && rule.drops()) {
            throw new Dropped();
        }
    }

    private String receipt(List<String> content, String real) {
        mails++;
        if (!exchange().has(ExchangeTrait.ASSIGNS_MESSAGE_IDS) || !real.startsWith("250")) {
            return real;
        }
        String id = content.stream()
                .filter(line -> line.regionMatches(true, 0, "Message-ID: ", 0, 12))
                .findFirst()
                .map(line -> line.substring(12))
                .orElse("<none@exchangelabs.com>");
        return "250 2.0.0 OK " + id + " [Hostname=AM0PR01MB0001.eurprd01.prod.exchangelabs.com]";
    }

    private String store(List<String> content) throws IOException {
        List<String> kept = exchange().has(ExchangeTrait.REWRITES_MESSAGES) ? ExchangeMime.anew(content) : content;
        backend.say("DATA");
        String go = reply();
        if (!go.startsWith("354")) {
            return go;
        }
        for (String line : kept) {
            backend.write(line);
        }
        backend.say(".");
        return reply();
    }

    private void pass(String line) throws IOException {
        backend.say(line);
        String reply = reply();
        boolean recipient = line.startsWith("RCPT");
        recipients = recipient && reply.startsWith("25") ? recipients + 1 : recipient ? recipients : 0;
        begun = recipient || line.startsWith("MAIL") && reply.startsWith("25");
        anybody = recipient && (anybody || reply.startsWith("25"));
        client.say(reply);
    }

    private String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line;
        while ((line = backend.line()) != null) {
            reply.append(reply.length() == 0 ? "" : "\r\n").append(line);
            if (line.length() < 4 || line.charAt(3) != '-') {
                return reply.toString();
            }
        }
        throw new Dropped();
    }
}
