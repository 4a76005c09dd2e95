package io.jenkins.plugins.oauthmail.mail.reply;

import java.util.regex.Pattern;

/**
 * How mail programs mark the old text in a reply. Covers what Outlook, Gmail, Apple Mail and Thunderbird insert, in
 * their most common languages.
 */
final class QuoteMarks {

    /** A longer line is the author's own text; this also bounds the work of the patterns. */
    private static final int MAX_LENGTH = 400;

    private static final int INTRODUCTION_LINES = 4;
    private static final int HEADER_LINES = 8;

    private static final Pattern ORIGINAL = insensitive(
            "[-_=*\\s]{2,40}(original message|forwarded message|"
                    + "urspr\u00fcngliche nachricht|weitergeleitete nachricht|message d'origine|message transf\u00e9r\u00e9|"
                    + "mensaje original|mensaje reenviado|messaggio originale|mensagem original|oorspronkelijk bericht|"
                    + "ursprungligt meddelande|original meddelelse|oprindelig meddelelse|opprinnelig melding|"
                    + "alkuper\u00e4inen viesti|oryginalna wiadomo\u015b\u0107|wiadomo\u015b\u0107 oryginalna|p\u016fvodn\u00ed zpr\u00e1va|"
                    + "eredeti \u00fczenet|orijinal mesaj|\u0438\u0441\u0445\u043e\u0434\u043d\u043e\u0435 \u0441\u043e\u043e\u0431\u0449\u0435\u043d\u0438\u0435|"
                    + "\u5143\u306e\u30e1\u30c3\u30bb\u30fc\u30b8|\u539f\u59cb\u90ae\u4ef6|\u539f\u59cb\u90f5\u4ef6|\uc6d0\ubcf8 \uba54\uc2dc\uc9c0)[-_=*\\s]{2,40}");

    private static final Pattern UNDERSCORES = Pattern.compile("_{20,100}");

    /**
     * Thunderbird, Apple Mail, Gmail: "On Tue, 10 Mar 2026 at 10:00, Ann <a@b> wrote:". Only the first digit counts,
     * because a line with hundreds of digits would otherwise be matched anew for each digit and verb.
     */
    private static final Pattern INTRODUCTION =
            insensitive("(on|am|le|el|il|op|em|den|p\u00e5|dne|w dniu|ma|dnia|tor|ti|ma)\\b"
                    + "[^\\d@]*+[\\d@].*(wrote|schrieb|a \u00e9crit|escribi\u00f3|ha scritto|schreef|escreveu|skrev|napsal(\\(a\\)|a)?|"
                    + "pisze|napisa\u0142(\\(a\\)|a)?|kirjoitti)(\\b.{0,150})?:");

    /** Introductions with the verb at the end, or with no typical beginning. */
    private static final Pattern OTHER_INTRODUCTION = insensitive(
            "([^\\d]*+\\d[^@,\u5e74]*+[@,\u5e74].*"
                    + "(pisze|napisa\u0142(\\(a\\)|a)?|\u043f\u0438\u0448\u0435\u0442|\u043d\u0430\u043f\u0438\u0441\u0430\u043b(\\(\u0430\\)|\u0430)?|yazd\u0131|"
                    + "\u5199\u9053|\u5beb\u9053|\u66f8\u304d\u307e\u3057\u305f|\u306e\u30e1\u30fc\u30eb|\uc791\uc131)|(?>.*?\\d{4}).*<[^<>@\\s]+@[^<>\\s]+>)\\s?[:\uff1a]");

    private static final String FROM_WORDS = "from|von|de|da|van|fr\u00e5n|fra|l\u00e4hett\u00e4j\u00e4|od|felad\u00f3|"
            + "kimden|g\u00f6nderen|\u043e\u0442|\u53d1\u4ef6\u4eba|\u5bc4\u4ef6\u8005|\u5dee\u51fa\u4eba|\ubcf4\ub0b8 \uc0ac\ub78c";
    private static final String OTHER_WORDS =
            "sent|date|to|cc|subject|gesendet|datum|an|betreff|envoy\u00e9|\u00e0|objet|"
                    + "enviado( el)?|fecha|para|asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|skickat|till|\u00e4mne|sendt|"
                    + "til|emne|l\u00e4hetetty|vastaanottaja|aihe|enviada( em)?|assunto|wys\u0142ano|do|temat|odesl\u00e1no|komu|"
                    + "p\u0159edm\u011bt|g\u00f6nderildi|kime|konu|\u043e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e|\u043a\u043e\u043c\u0443|"
                    + "\u0442\u0435\u043c\u0430|\u53d1\u9001\u65f6\u95f4|\u6536\u4ef6\u4eba|\u4e3b\u9898|\u9001\u4fe1\u65e5\u6642|"
                    + "\u5b9b\u5148|\u4ef6\u540d";
    private static final Pattern FROM = insensitive("\\**(" + FROM_WORDS + ")\\s?[:\uff1a].*");
    private static final Pattern OTHER = insensitive("\\**(" + OTHER_WORDS + ")\\s?[:\uff1a].*");

    private static final Pattern PHONE =
            insensitive("(sent from (my|outlook|mail|samsung|yahoo|proton).*|get outlook for .*|"
                    + "(von meinem|gesendet (von|mit)) .*|outlook f\u00fcr (ios|android).*|holen sie sich outlook f\u00fcr .*|"
                    + "envoy\u00e9 (de mon|depuis|\u00e0 partir) .*|t\u00e9l\u00e9charger outlook pour .*|enviado desde mi .*|enviado do meu .*|"
                    + "inviato da.*|verzonden vanaf mijn .*|verstuurd vanaf mijn .*|skickat fr\u00e5n min .*|sendt fra min .*|"
                    + "wys\u0142ane z .*|\u043e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e \u0441 .*|iphone\u304b\u3089\u9001\u4fe1|"
                    + "\u53d1\u81ea\u6211\u7684.*)");

    private QuoteMarks() {}

    /** A quoted line (RFC 3676 section 4.5). */
    static boolean quoted(String line) {
        return line.startsWith(">") || line.startsWith(" >");
    }

    /** The line before a signature (RFC 3676 section 4.3); programs that trim lines remove its trailing space. */
    static boolean signature(String line) {
        return line.equals("-- ") || line.equals("--") || line.equals("-- \r");
    }

    static boolean sentFromPhone(String line) {
        return matches(PHONE, line.strip());
    }

    /** Whether everything from this line on is history, although its lines have no marks. */
    static boolean historyFollows(String[] lines, int at) {
        String line = lines[at].strip();
        return matches(ORIGINAL, line)
                || UNDERSCORES.matcher(line).matches() && headerFollows(lines, at + 1)
                || headers(lines, at);
    }

    /**
     * The number of lines from this one on that introduce a quotation, because programs wrap the introduction; 0 if
     * these lines do not introduce one.
     */
    static int introduction(String[] lines, int at) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < INTRODUCTION_LINES && at + i < lines.length; i++) {
            String line = lines[at + i].strip();
            if (line.isEmpty() || quoted(line)) {
                return 0;
            }
            joined.append(i == 0 ? "" : " ").append(line);
            boolean ends = line.endsWith(":") || line.endsWith("\uff1a");
            if (ends && (matches(INTRODUCTION, joined) || matches(OTHER_INTRODUCTION, joined))) {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean headerFollows(String[] lines, int from) {
        int i = from;
        while (i < lines.length && lines[i].isBlank()) {
            i++;
        }
        return i < lines.length && headers(lines, i);
    }

    /** The header block that Outlook inserts: From, followed closely by two of Sent, To, Subject and similar fields. */
    private static boolean headers(String[] lines, int at) {
        if (!matches(FROM, lines[at].strip())) {
            return false;
        }
        int others = 0;
        for (int i = at + 1; i < lines.length && i < at + HEADER_LINES; i++) {
            if (matches(OTHER, lines[i].strip())) {
                others++;
            }
        }
        return others >= 2;
    }

    private static boolean matches(Pattern pattern, CharSequence text) {
        return text.length() > 0
                && text.length() <= MAX_LENGTH
                && pattern.matcher(text).matches();
    }

    private static Pattern insensitive(String regex) {
        return Pattern.compile(
                regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
    }
}
