package io.jenkins.plugins.oauthmail.testing.mail;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speaks IMAP until the login, then passes lines and literals between client and GreenMail. */
final class ImapSession {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\+?}$");

    private final Gate gate;
    private final Wire client;
    private Wire backend;

    ImapSession(Gate gate, Wire client) {
        this.gate = gate;
        this.client = client;
    }

    void run() throws IOException {
        if (gate.traits().greeting() != null) {
            client.say(gate.traits().greeting());
            return;
        }
        client.say("* OK fake.test IMAP4rev1");
        try {
            String line;
            while ((line = client.line()) != null) {
                gate.hear(line);
                String[] words = line.split(" ", 2);
                if (words.length < 2 && backend != null) {
                    pass(line); // the DONE after an IDLE has no tag
                } else if (words.length < 2) {
                    client.say("* BAD what?");
                } else if (!scripted(words[0], words[1]) && !command(words[0], words[1], line)) {
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

    private boolean scripted(String tag, String command) throws IOException {
        Script.Rule rule = gate.script().match(command);
        if (rule == null) {
            return false;
        }
        if (rule.reply() != null) {
            for (String line : rule.reply().split("\r\n")) {
                client.say(line.startsWith("*") || line.startsWith("+") ? line : tag + " " + line);
            }
        }
        if (rule.drops()) {
            throw new Dropped();
        }
        return true;
    }

    private boolean command(String tag, String command, String line) throws IOException {
        String verb = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        if (line.length() > gate.traits().longestLine() - 2) {
            client.say(tag + " BAD Line too long");
        } else if (backend != null) {
            pass(line);
        } else if (verb.equals("CAPABILITY")) {
            client.say("* CAPABILITY " + capabilities());
            client.say(tag + " OK done");
        } else if (verb.equals("LOGOUT")) {
            client.say("* BYE see you");
            client.say(tag + " OK done");
            return false;
        } else if (verb.equals("STARTTLS") && gate.traits().startTls() && !client.secured()) {
            client.say(tag + " OK go ahead");
            client.secure(gate.tls());
        } else if (verb.equals("AUTHENTICATE")) {
            authenticate(tag, command.split(" "));
        } else {
            client.say(tag + " NO only AUTHENTICATE XOAUTH2 here");
        }
        return true;
    }

    private String capabilities() {
        StringBuilder capabilities = new StringBuilder("IMAP4rev1");
        if (gate.traits().startTls() && !client.secured()) {
            capabilities.append(" STARTTLS");
        }
        if (gate.traits().initialResponse()) {
            capabilities.append(" SASL-IR");
        }
        for (String mechanism : gate.traits().mechanisms()) {
            capabilities.append(" AUTH=").append(mechanism);
        }
        return capabilities.toString();
    }

    private void authenticate(String tag, String[] words) throws IOException {
        boolean oneStep = words.length > 2;
        if (!words[1].equalsIgnoreCase("XOAUTH2") || !gate.traits().mechanisms().contains("XOAUTH2")) {
            client.say(tag + " NO unsupported mechanism");
            return;
        }
        if (oneStep ? !gate.traits().initialResponse() : !gate.traits().twoSteps()) {
            client.say(tag + " BAD unsupported form");
            return;
        }
        String response = oneStep ? words[2] : ask("+ ");
        Optional<String> user = TokenCheck.user(response, gate.tokens());
        if (user.isPresent()) {
            backend = gate.backend();
            backend.line();
            backend.say("gate LOGIN \"" + user.get() + "\" \"" + MailServerFake.PASSWORD + "\"");
            String answer = backend.line();
            if (answer == null || !answer.startsWith("gate OK")) {
                client.say(tag + " NO no such mailbox: " + answer);
                throw new Dropped();
            }
            gate.start("answers", this::answers);
            client.say(tag + " OK AUTHENTICATE completed.");
            return;
        }
        if (gate.traits().refusal() == Refusal.JSON
                && !ask("+ " + TokenCheck.encoded(Refusal.CHALLENGE)).isEmpty()) {
            client.say(tag + " BAD an empty line was expected");
            return;
        }
        client.say(tag + " " + gate.traits().refusal().imap());
    }

    private String ask(String challenge) throws IOException {
        client.say(challenge);
        String answer = client.line();
        if (answer == null) {
            throw new Dropped();
        }
        gate.hear(answer);
        return answer;
    }

    /** One command with its literals; GreenMail's "go ahead" reaches the client by the other thread. */
    private void pass(String first) throws IOException {
        String line = first;
        while (true) {
            backend.say(line);
            Matcher literal = LITERAL.matcher(line);
            if (!literal.find()) {
                return;
            }
            backend.copy(client, Long.parseLong(literal.group(1)));
            line = client.line();
            if (line == null) {
                throw new Dropped();
            }
        }
    }

    private void answers() {
        try {
            String line;
            while ((line = backend.line()) != null) {
                Matcher literal = LITERAL.matcher(line);
                boolean more = literal.find();
                client.write(gate.traits().rewrite().apply(line));
                if (more) {
                    client.copy(backend, Long.parseLong(literal.group(1)));
                } else {
                    client.flush();
                }
            }
        } catch (IOException e) {
            // One of the two is gone, so the other goes as well.
            backend.close();
        }
        client.close();
    }
}
