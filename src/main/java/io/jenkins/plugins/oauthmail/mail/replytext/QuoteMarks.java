package io.jenkins.plugins.oauthmail.mail.replytext;

import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How mail programs mark what is not new in an answer: in the words of {@link Words}, and where the form alone is plain
 * enough, in any language.
 */
final class QuoteMarks {

    /** A longer line is somebody's text; and patterns need not look at it. */
    private static final int MAX_LENGTH = 400;

    private static final int INTRODUCTION_LINES = 6;
    private static final int HEADER_LINES = 8;

    private static final Pattern ORIGINAL = insensitive("(?:[-_=*~\\s\\u2013\\u2014]{2,40}|Begin |Start |)"
            + Words.any("original") + "(?<rest>[-_=*~:\uff1a\\s\\u2013\\u2014]{0,40})");

    private static final Pattern LINE = Pattern.compile("[_\\u2013\\u2014\\u2500=-]{10,100}");

    private static final Pattern UNDERSCORES = Pattern.compile("[_\\u2013\\u2014\\u2500]{10,100}");

    /** A day, a time or a year, in digits of any script. */
    private static final String DATE = "(?:\\d{1,4}[./-]\\s?\\d{1,2}[./-]\\s?\\d{1,4}|\\d{1,2}[:.h]\\d{2}|\\d{4})";

    private static final Pattern DATED = insensitive(DATE);
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>@]@[^\\s<>@]");

    /** The edges of a word count in alphabets only: Chinese, Japanese, Thai and others run words together. */
    private static final Pattern WROTE = insensitive(
            "(?=" + Words.beginning("wrote") + ")(?:(?<![\\p{L}\\p{M}])|(?<=[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}"
                    + "\\p{IsHangul}\\p{IsThai}\\p{IsKhmer}]))" + Words.any("wrote")
                    + "(?![\\p{IsLatin}\\p{IsCyrillic}\\p{IsGreek}])");

    private static final Pattern ON = insensitive(Words.any("on") + "(?=[\\s\\d.,]|[\\p{IsHan}]).*");

    /** Programs that write no verb, at least in one language: Gmail in Japanese, Russian, and with a time zone. */
    private static final Pattern NO_VERB = insensitive("(?:\\d{4}\\s?[\u5e74\ub144].{1,40}[\u65e5\uc77c].*"
            + "|[^\\d]{0,12}\\d{1,2} .{1,20}\\d{4} ?[\u0433\u0440]\\. [\u0432\u043e] \\d{1,2}:\\d\\d.*"
            + "|\\d{4}-\\d\\d-\\d\\d \\d{1,2}:\\d\\d (?:GMT|UTC)\\S{0,6} .*)<[^<>@\\s]+@[^<>\\s]+>\\s?[:\uff1a]");

    private static final Pattern END = Pattern.compile(".*[:\uff1a\u17d6]");
    private static final Pattern DASHED = Pattern.compile("-{2,20}\\s?([^-].*[^-])\\s?-{2,20}");

    private static final Pattern FROM = insensitive("\\**" + Words.any("from") + "\\**\\s?[:\uff1a].*");
    private static final Pattern OTHER = insensitive("\\**" + Words.any("fields") + "\\**\\s?[:\uff1a].*");
    private static final Pattern LABEL =
            insensitive("\\**\\p{L}[\\p{L}\\p{M}\\p{Zs}.'\u2019/-]{0,30}\\**\\s?[:\uff1a]\\**\\s?\\S.*");

    private static final Pattern PHONE = insensitive("[-*_<\\[(\\s]*" + Words.any("phone") + ".*"
            + "|.{0,20}(?:iPhone|iPad|Android|Outlook|Galaxy|Samsung|Windows|Huawei|Xiaomi|Smartphone|Handy).{0,40}"
            + "(?:gesendet|g\u00f6nderildi|\u304b\u3089\u9001\u4fe1|\uc5d0\uc11c \ubcf4\ub0c4|k\u00fcldve)\\W*");
    private static final int MAX_PHONE = 120;

    private QuoteMarks() {}

    /** RFC 3676 section 4.5. */
    static boolean quoted(String line) {
        int at = 0;
        while (at < 3 && at < line.length() && Invisible.is(line.charAt(at))) {
            at++;
        }
        return line.startsWith(">", at);
    }

    /** RFC 3676 section 4.3; programs that trim lines take the space away. */
    static boolean signature(String line) {
        return line.startsWith("--")
                && line.length() < 8
                && Invisible.strip(line).equals("--");
    }

    /** What some programs draw above history that they leave out. */
    static boolean isLine(String line) {
        return UNDERSCORES.matcher(Invisible.strip(line)).matches();
    }

    static boolean isPhoneSignature(String line) {
        String words = Invisible.strip(line);
        return words.length() <= MAX_PHONE && matches(PHONE, words);
    }

    /** Whether everything from this line on is history without marks. */
    static boolean historyFollows(String[] lines, int at) {
        String line = Invisible.strip(lines[at]);
        return isOriginal(line)
                || LINE.matcher(line).matches() && headerFollows(lines, at + 1)
                || headers(lines, at)
                || unknownHeaders(lines, at, 4) && ADDRESS.matcher(line).find();
    }

    private static boolean isOriginal(String line) {
        if (line.isEmpty() || line.length() > MAX_LENGTH) {
            return false;
        }
        boolean dashed = "-_=*~\u2013\u2014".indexOf(line.charAt(0)) >= 0;
        if (!dashed && !hasColon(line)) {
            return false;
        }
        Matcher original = ORIGINAL.matcher(line);
        return original.matches()
                && (dashed || original.group("rest").matches("\\s*[:\uff1a]\\s*") && line.contains(" "));
    }

    /**
     * How many lines from here introduce a quotation, 0 if they do not: programs fold that line.
     *
     * @param quotedNext whether what follows the lines up to that one is quoted
     */
    static int introduction(String[] lines, int at, IntPredicate quotedNext) {
        int count = end(lines, at);
        if (count == 0) {
            return 0;
        }
        String joined = joined(lines, at, count);
        String first = Invisible.strip(lines[at]);
        boolean sure = isSure(joined);
        if (!sure && !(isLikely(joined) && quotedNext.test(at + count))) {
            return 0;
        }
        if (count == 1) {
            return 1;
        }
        // Somebody's line directly above it is not a part of it.
        boolean opens = matches(ON, first);
        for (int later = 1; later < count; later++) {
            String rest = joined(lines, at + later, count - later);
            boolean complete = isSure(rest) || !sure && isLikely(rest);
            boolean restOpens = matches(ON, Invisible.strip(lines[at + later]));
            if (complete && (restOpens || !opens || !DATED.matcher(first).find())) {
                return 0;
            }
        }
        return opens
                        || DATED.matcher(first).find()
                        || ADDRESS.matcher(first).find()
                        || sure && WROTE.matcher(first).find()
                ? count
                : 0;
    }

    /** How many lines there are from here to the one that can end an introduction, 0 if none can. */
    private static int end(String[] lines, int at) {
        int length = 0;
        // An address can have lines of its own, the last of which looks as if it was quoted.
        boolean address = false;
        for (int i = 0; i < INTRODUCTION_LINES && at + i < lines.length; i++) {
            String line = Invisible.strip(lines[at + i]);
            length += line.length() + 1;
            if (line.isEmpty() || quoted(line) && !address || length > MAX_LENGTH) {
                return 0;
            }
            address = line.lastIndexOf('<') > line.lastIndexOf('>') || address && line.indexOf('>') < 0;
            char last = line.charAt(line.length() - 1);
            if (last == ':' || last == '\uff1a' || last == '\u17d6' || last == '-' && line.startsWith("--")) {
                return i + 1;
            }
            boolean quotedNext = !address && at + i + 1 < lines.length && quoted(lines[at + i + 1]);
            if (quotedNext) {
                return i + 1;
            }
        }
        return 0;
    }

    private static String joined(String[] lines, int at, int count) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < count; i++) {
            joined.append(i == 0 ? "" : " ").append(Invisible.strip(lines[at + i]));
        }
        Matcher dashed = DASHED.matcher(joined);
        return dashed.matches() ? dashed.group(1) + ":" : joined.toString().replace('\u00a0', ' ');
    }

    /** Whether it can be nothing else, even if no line behind it is marked as quoted. */
    private static boolean isSure(String line) {
        if (!END.matcher(line).matches()
                || line.length() > MAX_LENGTH
                || !DATED.matcher(line).find()) {
            return false;
        }
        if (matches(NO_VERB, line)) {
            return true;
        }
        return WROTE.matcher(line).find()
                && (matches(ON, line) || ADDRESS.matcher(line).find() || timed(line));
    }

    /** A day and a time: only programs put both next to a verb such as <i>wrote</i>. */
    private static boolean timed(String line) {
        Matcher date = DATED.matcher(line);
        int found = 0;
        while (found < 2 && date.find()) {
            found++;
        }
        return found == 2;
    }

    /** Whether it says what quoted lines below it are. */
    private static boolean isLikely(String line) {
        boolean ends = END.matcher(line).matches();
        boolean dated = DATED.matcher(line).find();
        return (ends || dated) && WROTE.matcher(line).find()
                || ends && dated && (ADDRESS.matcher(line).find() || timed(line) || matches(ON, line));
    }

    private static boolean headerFollows(String[] lines, int from) {
        int i = from;
        while (i < lines.length
                && i < from + HEADER_LINES
                && Invisible.strip(lines[i]).isEmpty()) {
            i++;
        }
        return i < lines.length && (headers(lines, i) || unknownHeaders(lines, i, 3));
    }

    /** Outlook's: From, and soon after it two of Sent, To, Subject and their like. */
    private static boolean headers(String[] lines, int at) {
        if (!matchesField(FROM, Invisible.strip(lines[at]))) {
            return false;
        }
        int others = 0;
        for (int i = at + 1; i < lines.length && i < at + HEADER_LINES; i++) {
            if (matchesField(OTHER, Invisible.strip(lines[i]))) {
                others++;
            }
        }
        return others >= 2;
    }

    /** The same in a language that is not in words.properties: so many fields in a row, one of them a date. */
    private static boolean unknownHeaders(String[] lines, int at, int count) {
        boolean dated = false;
        for (int i = at; i < at + count; i++) {
            String line = i < lines.length ? Invisible.strip(lines[i]) : "";
            if (!matchesField(LABEL, line)) {
                return false;
            }
            dated |= i > at && timed(line);
        }
        return dated;
    }

    /** Whether a pattern that contains a colon matches; most lines have none. */
    private static boolean matchesField(Pattern pattern, String line) {
        return hasColon(line) && matches(pattern, line);
    }

    private static boolean hasColon(String line) {
        return line.indexOf(':') >= 0 || line.indexOf('\uff1a') >= 0;
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
