package io.jenkins.plugins.oauthmail.testing.mail;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speaks IMAP until the login, then passes lines and literals between client and GreenMail. */
final class ImapSession {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\+?}$");

    /** In front of commands of our own to GreenMail. */
    private static final String OWN = "gate ";

    /** The longest command line of Exchange, with its end. */
    private static final int EXCHANGE_LINE = 10_240;

    private static final Duration ASK_AGAIN = Duration.ofMillis(10);
    private static final Pattern COUNT = Pattern.compile("\\* (\\d+) (EXISTS|FETCH \\(UID \\d+\\))");

    private final Gate gate;
    private final Wire client;
    private final ExchangeImap exchange;
    private volatile Wire backend;
    private final Object asking = new Object();
    private boolean idling;
    /** Commands of our own that are not answered yet. */
    private int asked;
    /** Tag of the command that GreenMail is carrying out, or null. */
    private String passed;
    /** How many mails the client knows of. */
    private int told;

    ImapSession(Gate gate, Wire client) {
        this.gate = gate;
        this.client = client;
        this.exchange = new ExchangeImap(gate.exchange(), client);
    }

    void run() throws IOException {
        if (gate.traits().greeting() != null) {
            client.say(gate.traits().greeting());
            return;
        }
        client.patience(gate.exchange().silence(false));
        client.say(exchange.greeting());
        try {
            String line;
            while ((line = client.line()) != null) {
                gate.hear(line);
                String[] words = line.split(" ", 2);
                if (words.length < 2) {
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
                gate.exchange().leave(exchange.user());
            }
        }
    }

    private boolean scripted(String tag, String command) throws IOException {
        Script.Rule rule = gate.match(client, command);
        if (rule == null) {
            return false;
        }
        if (rule.reply() != null) {
            // One by one, because some tests have tens of megabytes said.
            String reply = rule.reply();
            int start = 0;
            for (int end; (end = reply.indexOf("\r\n", start)) >= 0; start = end + 2) {
                say(tag, reply.substring(start, end));
            }
            say(tag, reply.substring(start));
        }
        if (rule.drops()) {
            throw new Dropped();
        }
        return true;
    }

    private void say(String tag, String line) throws IOException {
        if (line.startsWith(Script.BARE)) {
            client.say(line.substring(Script.BARE.length()));
        } else if (line.startsWith("|")) {
            client.say(line.substring(1));
        } else {
            client.say(line.startsWith("*") || line.startsWith("+") ? line : tag + " " + line);
        }
    }

    private boolean command(String tag, String command, String line) throws IOException {
        String verb = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        if (line.length() > longestLine() - 2) {
            client.say(tag + " BAD Line too long");
        } else if (backend != null
                && verb.equals("CAPABILITY")
                && gate.exchange().has(ExchangeTrait.CAPABILITIES_AFTER_LOGIN)) {
            client.say(gate.traits().rewrite().apply("* CAPABILITY " + capabilities()));
            client.say(tag + " OK CAPABILITY completed.");
        } else if (backend != null && exchange.answers(tag, command)) {
            return true;
        } else if (backend != null && verb.equals("IDLE")) {
            idle(tag);
        } else if (backend != null && verb.equals("NOOP")) {
            synchronized (gate.changing()) {
                pass(exchange.inward(line));
            }
        } else if (backend != null) {
            pass(exchange.inward(line));
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
            client.say(tag + " "
                    + (gate.exchange().has(ExchangeTrait.OWN_WORDS_FOR_FAULTY_COMMANDS)
                            ? ExchangeSays.INVALID_STATE
                            : "NO only AUTHENTICATE XOAUTH2 here"));
        }
        return true;
    }

    private int longestLine() {
        int most = gate.traits().longestLine();
        return gate.exchange().has(ExchangeTrait.LIMITS_COMMAND_LINES) ? Math.min(most, EXCHANGE_LINE) : most;
    }

    private LoginRefusal refusal() {
        return gate.exchange().has(ExchangeTrait.REFUSES_TOKENS_WITHOUT_REASON)
                ? LoginRefusal.EXCHANGE
                : gate.traits().refusal();
    }

    private String capabilities() {
        if (gate.exchange()
                .hasAny(
                        backend == null
                                ? ExchangeTrait.CAPABILITIES_BEFORE_LOGIN
                                : ExchangeTrait.CAPABILITIES_AFTER_LOGIN)) {
            return exchange.capabilities(
                    gate.traits().mechanisms(),
                    gate.traits().initialResponse(),
                    gate.traits().startTls() && !client.secured(),
                    backend != null);
        }
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
            String tooMany = gate.exchange().enter(user.get());
            if (tooMany != null) {
                gate.exchange().leave(user.get());
                say(tag, tooMany);
                if (tooMany.startsWith("* BYE")) {
                    throw new Dropped();
                }
                return;
            }
            exchange.loggedIn(user.get());
            backend = gate.backend();
            backend.line();
            backend.say(OWN + "LOGIN \"" + user.get() + "\" \"" + MailServerFake.PASSWORD + "\"");
            String answer = backend.line();
            if (answer == null || !answer.startsWith(OWN + "OK")) {
                client.say(tag + " NO no such mailbox: " + answer);
                throw new Dropped();
            }
            client.patience(gate.exchange().silence(true));
            gate.start("answers", this::answers);
            client.say(tag + " OK AUTHENTICATE completed.");
            return;
        }
        if (refusal() == LoginRefusal.JSON
                && !ask("+ " + TokenCheck.encoded(LoginRefusal.CHALLENGE)).isEmpty()) {
            client.say(tag + " BAD an empty line was expected");
            return;
        }
        client.say(tag + " " + refusal().imap());
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

    /** GreenMail's own IDLE keeps to itself what comes right after its beginning, and so does its NOOP. */
    private void idle(String tag) throws IOException {
        if (gate.exchange().has(ExchangeTrait.REPORTS_BEFORE_IDLE)) {
            client.say("* " + (told + 1) + " EXISTS");
        }
        client.say(
                gate.exchange().has(ExchangeTrait.OWN_WORDS_FOR_IDLE)
                        ? "+ IDLE accepted, awaiting DONE command."
                        : "+ idling");
        if (!gate.exchange().has(ExchangeTrait.SILENT_DURING_IDLE)) {
            synchronized (asking) {
                idling = true;
            }
            gate.start("idle", this::askForCount);
        }
        gate.idling().add(client);
        String line;
        try {
            line = client.line();
        } finally {
            gate.idling().remove(client);
        }
        synchronized (asking) {
            idling = false;
            asking.notifyAll();
            while (line != null && asked > 0) {
                pauseUnlessGone();
            }
        }
        if (line == null) {
            throw new Dropped();
        }
        gate.hear(line);
        if (scripted(tag, line)) {
            return;
        }
        client.say(tag + (line.equalsIgnoreCase("DONE") ? " OK IDLE completed." : " BAD DONE was expected"));
    }

    private void askForCount() {
        synchronized (asking) {
            try {
                while (idling) {
                    asked++;
                    backend.say(OWN + "FETCH * (UID)");
                    while (asked > 0) {
                        pause();
                    }
                    long next = System.nanoTime() + ASK_AGAIN.toNanos();
                    for (long left = ASK_AGAIN.toNanos(); idling && left > 0; left = next - System.nanoTime()) {
                        TimeUnit.NANOSECONDS.timedWait(asking, left);
                    }
                }
            } catch (IOException e) {
                giveUp(); // the client went away
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void pause() throws Dropped {
        try {
            asking.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Dropped();
        }
    }

    /** The other thread may keep the client waiting for longer than it has patience. */
    private void pauseUnlessGone() throws Dropped {
        try {
            TimeUnit.NANOSECONDS.timedWait(asking, ASK_AGAIN.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Dropped();
        }
        if (client.gone()) {
            throw new Dropped();
        }
    }

    /** Whether the line is for the client as it is. */
    private boolean isForClient(String line) throws IOException {
        Matcher count = COUNT.matcher(line);
        int news = 0;
        boolean whole;
        synchronized (asking) {
            boolean own = line.startsWith(OWN);
            if (own) {
                asked--;
                asking.notifyAll();
            }
            if (!count.matches()) {
                return !own;
            }
            int now = Integer.parseInt(count.group(1));
            boolean fetched = count.group(2).startsWith("FETCH");
            if (!fetched) {
                told = now;
            } else if (asked > 0 && now > told) {
                told = now;
                news = now;
            }
            whole = !fetched || asked == 0;
        }
        // Not while others wait for the lock: a test may keep the client waiting here.
        if (news > 0) {
            client.say("* " + news + " EXISTS");
        }
        return whole;
    }

    private void answered(String line) {
        synchronized (asking) {
            if (passed != null && line.startsWith(passed + " ")) {
                passed = null;
                asking.notifyAll();
            }
        }
    }

    /** Nothing is going to be answered any more. */
    private void giveUp() {
        synchronized (asking) {
            idling = false;
            asked = 0;
            passed = null;
            asking.notifyAll();
        }
    }

    /**
     * One command with its literals; GreenMail's "go ahead" reaches the client by the other thread. Returns when it has
     * been answered, because servers carry out commands one after the other.
     */
    private void pass(String first) throws IOException {
        String line = first;
        synchronized (asking) {
            passed = first.split(" ", 2)[0];
        }
        while (true) {
            backend.say(line);
            Matcher literal = LITERAL.matcher(line);
            if (!literal.find()) {
                synchronized (asking) {
                    while (passed != null) {
                        pauseUnlessGone();
                    }
                }
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
            boolean more = false;
            while ((line = backend.line()) != null) {
                if (!isForClient(line)) {
                    continue;
                }
                Matcher literal = LITERAL.matcher(line);
                String told = exchange.outward(line, more);
                more = literal.find();
                if (told == null) {
                    if (more) {
                        backend.octets(Integer.parseInt(literal.group(1)));
                    }
                    continue;
                }
                client.write(gate.traits().rewrite().apply(told));
                if (more) {
                    client.copy(backend, Long.parseLong(literal.group(1)));
                } else {
                    client.flush();
                    answered(line);
                }
            }
        } catch (IOException e) {
            // One of the two is gone, so the other goes as well.
            backend.close();
        }
        giveUp();
        client.close();
    }
}
