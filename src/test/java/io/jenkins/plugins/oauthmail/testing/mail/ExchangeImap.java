package io.jenkins.plugins.oauthmail.testing.mail;

import com.icegreen.greenmail.store.StoredMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Exchange does otherwise than GreenMail while it serves one IMAP client. */
final class ExchangeImap {

    private static final String PLACE = "[QQBNADAAUABSADAAMQBDAEEAMAAwADAAMQAuAGUAdQByAHAAcgBkADAAMQA=]";
    private static final String FLAGS = "(\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)";
    private static final int MOST_FAULTS = 10;

    private static final Set<String> COMMANDS = Set.of(
            "CAPABILITY",
            "NOOP",
            "LOGOUT",
            "SELECT",
            "EXAMINE",
            "LIST",
            "LSUB",
            "STATUS",
            "CREATE",
            "DELETE",
            "RENAME",
            "SUBSCRIBE",
            "UNSUBSCRIBE",
            "APPEND",
            "NAMESPACE",
            "ID",
            "IDLE");
    private static final Set<String> OF_A_FOLDER =
            Set.of("SEARCH", "FETCH", "STORE", "COPY", "MOVE", "UID", "EXPUNGE", "CHECK", "CLOSE", "UNSELECT");

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)(\\+?)}$");
    private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH .*");
    private static final Pattern FOLDER = Pattern.compile(
            "(EXAMINE|SELECT|UID MOVE \\S+|UID COPY \\S+) (?:\"(.*)\"|(\\S+))", Pattern.CASE_INSENSITIVE);
    private static final Pattern SIZE =
            Pattern.compile("(\"(?:7BIT|8BIT|BASE64|QUOTED-PRINTABLE|BINARY)\" )(\\d+)", Pattern.CASE_INSENSITIVE);

    private final Exchange exchange;
    private final Wire client;
    private String user;
    private volatile String folder;
    private volatile String command = "";
    private int faults;
    private boolean leavesOut;
    private volatile boolean gone;
    private volatile boolean expunged;

    ExchangeImap(Exchange exchange, Wire client) {
        this.exchange = exchange;
        this.client = client;
    }

    String greeting() {
        if (exchange.has(ExchangeTrait.NEWER_FRONT_END)) {
            return "* OK Microsoft Exchange IMAP4 service ready. 0b1f2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
                    + " (tcpproxy/15.21.0406.000 BACKENDAUTHENTICATE) " + PLACE;
        }
        return exchange.has(ExchangeTrait.GREETS_WITHOUT_CAPABILITIES)
                ? "* OK The Microsoft Exchange IMAP4 service is ready. " + PLACE
                : "* OK fake.test IMAP4rev1";
    }

    String capabilities(List<String> mechanisms, boolean initialResponse, boolean startTls, boolean loggedIn) {
        StringBuilder told = new StringBuilder("IMAP4 IMAP4rev1");
        mechanisms.forEach(mechanism -> told.append(" AUTH=").append(mechanism));
        told.append(initialResponse ? " SASL-IR" : "").append(startTls ? " STARTTLS" : "");
        boolean newer = exchange.has(ExchangeTrait.NEWER_FRONT_END);
        told.append(newer ? " LOGINDISABLED" : "").append(" UIDPLUS");
        told.append(newer && !loggedIn ? " ID UNSELECT" : " MOVE ID UNSELECT");
        if (loggedIn && exchange.has(ExchangeTrait.CAPABILITIES_AFTER_LOGIN)) {
            told.append(" CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE");
        }
        told.append(" CHILDREN IDLE NAMESPACE LITERAL+");
        return told.append(loggedIn && exchange.has(ExchangeTrait.ANSWERS_WITH_ESEARCH) ? " ENABLE IMAP4rev2" : "")
                .toString();
    }

    void loggedIn(String who) {
        user = who;
    }

    String user() {
        return user;
    }

    /** Whether the command was answered here. */
    boolean answers(String tag, String line) throws IOException {
        command = line.toUpperCase(Locale.ROOT);
        gone = false;
        if (exchange.has(ExchangeTrait.LOGIN_WITHOUT_ACCESS)
                && !command.startsWith("LOGOUT")
                && !command.startsWith("CAPABILITY")) {
            fault(tag, ExchangeSays.NOT_CONNECTED);
            return true;
        }
        Matcher opens = FOLDER.matcher(line);
        if (opens.matches() && !opens.group(1).toUpperCase(Locale.ROOT).startsWith("UID")) {
            folder = name(opens.group(2) == null ? opens.group(3) : opens.group(2));
        }
        if (exchange.has(ExchangeTrait.OWN_WORDS_FOR_FAULTY_COMMANDS)) {
            String verb = command.split(" ")[0];
            if (!COMMANDS.contains(verb) && !OF_A_FOLDER.contains(verb)) {
                fault(tag, ExchangeSays.COMMAND_ERROR);
                return true;
            }
            if (folder == null && OF_A_FOLDER.contains(verb)) {
                fault(tag, ExchangeSays.INVALID_STATE);
                return true;
            }
        }
        boolean byUid = command.startsWith("UID SEARCH");
        if ((byUid || command.startsWith("SEARCH")) && searches()) {
            search(tag, line.substring(byUid ? "UID SEARCH".length() : "SEARCH".length()), byUid);
            return true;
        }
        return false;
    }

    private boolean searches() {
        return exchange.hasAny(
                ExchangeTrait.SEARCHES_ASCII_ONLY,
                ExchangeTrait.LIMITS_NESTED_OR,
                ExchangeTrait.SEARCHES_DISPLAY_NAMES_ONLY,
                ExchangeTrait.SEARCHES_STORED_HEADERS,
                ExchangeTrait.LIMITS_BODY_SEARCHES,
                ExchangeTrait.NO_KEYWORDS,
                ExchangeTrait.ANSWERS_WITH_ESEARCH);
    }

    private void search(String tag, String first, boolean byUid) throws IOException {
        List<String> parts = new ArrayList<>();
        String line = first;
        Matcher literal;
        while ((literal = LITERAL.matcher(line)).find()) {
            parts.add(line.substring(0, literal.start()));
            if (literal.group(2).isEmpty()) {
                client.say("+ Ready for additional command text.");
            }
            parts.add(new String(client.octets(Integer.parseInt(literal.group(1))), StandardCharsets.ISO_8859_1));
            line = client.line();
        }
        parts.add(line);
        List<ExchangeSearch.Candidate> mails = new ArrayList<>();
        for (StoredMessage mail : exchange.mails(user, folder)) {
            mails.add(new ExchangeSearch.Candidate(mails.size() + 1, mail, exchange.hasHeader(user, folder, mail)));
        }
        try {
            StringBuilder found = new StringBuilder();
            for (ExchangeSearch.Candidate one : new ExchangeSearch(exchange, parts).among(mails)) {
                found.append(found.isEmpty() ? "" : ",")
                        .append(byUid ? one.mail().getUid() : one.number());
            }
            boolean extended = exchange.has(ExchangeTrait.ANSWERS_WITH_ESEARCH);
            client.say(
                    extended
                            ? "* ESEARCH (TAG \"" + tag + "\")" + (byUid ? " UID" : "")
                                    + (found.isEmpty() ? "" : " ALL " + found)
                            : ("* SEARCH " + found.toString().replace(',', ' ')).strip());
            client.say(tag + " OK SEARCH completed.");
        } catch (ExchangeSearch.Refused e) {
            fault(tag, e.getMessage());
        }
    }

    private void fault(String tag, String reply) throws IOException {
        client.say(tag + " " + reply);
        exchange.fault();
        if (reply.startsWith("BAD")
                && ++faults >= MOST_FAULTS
                && exchange.has(ExchangeTrait.CLOSES_AFTER_FAULTY_COMMANDS)) {
            client.say("* BYE Connection closed");
            throw new Dropped();
        }
    }

    private String name(String told) {
        return exchange.has(ExchangeTrait.SLASH_BETWEEN_FOLDERS) ? told.replace('/', '.') : told;
    }

    /** A command for GreenMail. */
    String inward(String line) {
        String[] words = line.split(" ", 2);
        Matcher opens = FOLDER.matcher(words.length < 2 ? "" : words[1]);
        if (opens.matches() && exchange.has(ExchangeTrait.SLASH_BETWEEN_FOLDERS)) {
            String name = opens.group(2) == null ? opens.group(3) : opens.group(2);
            return words[0] + " " + opens.group(1) + " \"" + name.replace('/', '.') + "\"";
        }
        return exchange.has(ExchangeTrait.RETURNS_WHOLE_PARTS) ? line.replaceAll("]<\\d+\\.\\d+>", "]") : line;
    }

    /**
     * A line of GreenMail for the client.
     *
     * @param continued whether it goes on behind a literal
     * @return null to leave it out, with its literal
     */
    String outward(String line, boolean continued) {
        if (continued) {
            return leavesOut ? null : size(line);
        }
        Matcher fetch = FETCH.matcher(line);
        leavesOut = fetch.matches() && isLeftOut(Integer.parseInt(fetch.group(1)));
        if (leavesOut) {
            return null;
        }
        return fetch.matches() ? size(line) : other(line);
    }

    private boolean isLeftOut(int number) {
        List<StoredMessage> mails = exchange.mails(user, folder);
        if (!command.contains("FETCH ") || number < 1 || number > mails.size()) {
            return false;
        }
        StoredMessage mail = mails.get(number - 1);
        if (exchange.isVanished(user, folder, mail)) {
            gone = true;
            return true;
        }
        return exchange.isUnconvertible(user, folder, mail)
                && (command.contains("BODY") || exchange.isHidden(user, folder, mail));
    }

    private String size(String line) {
        return exchange.has(ExchangeTrait.ESTIMATES_SIZES) && line.contains("BODYSTRUCTURE")
                ? SIZE.matcher(line).replaceAll(ExchangeImap::estimate)
                : line;
    }

    /** A little less than there is. */
    private static String estimate(MatchResult size) {
        long octets = Long.parseLong(size.group(2));
        return Matcher.quoteReplacement(size.group(1) + (octets - octets / 50));
    }

    private String other(String line) {
        if (exchange.has(ExchangeTrait.NO_RECENT)) {
            if (line.matches("\\* \\d+ RECENT")) {
                return "* 0 RECENT";
            }
            if (line.startsWith("* FLAGS (")) {
                return "* FLAGS " + FLAGS;
            }
        }
        if (exchange.has(ExchangeTrait.SLASH_BETWEEN_FOLDERS) && line.startsWith("* LIST ")) {
            return line.replace('.', '/');
        }
        if (line.matches("\\* \\d+ EXPUNGE")) {
            expunged = true;
        } else if (!line.startsWith("*")) {
            return last(line);
        }
        return line;
    }

    private String last(String line) {
        String told = gone && command.contains("FETCH") && line.matches("\\S+ OK .*")
                ? line.split(" ")[0] + " " + ExchangeSays.NO_LONGER_EXIST
                : line;
        boolean counts = expunged && exchange.has(ExchangeTrait.EXISTS_AFTER_EXPUNGE);
        expunged = false;
        return counts ? "* " + exchange.mails(user, folder).size() + " EXISTS\r\n" + told : told;
    }
}
