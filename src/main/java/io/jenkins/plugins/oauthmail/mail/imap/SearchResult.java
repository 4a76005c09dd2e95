package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/** Parses the result of a SEARCH, in the form of RFC 3501 and in that of RFC 4731, which IMAP4rev2 uses. */
final class SearchResult {

    private static final Pattern ALL = Pattern.compile("\\bALL (\\S+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern RANGE = Pattern.compile("(\\d{1,10})(?::(\\d{1,10}))?");

    private SearchResult() {}

    /**
     * @param told the response after the word SEARCH
     * @param largest the highest valid number
     * @param most the maximum number of results to take, whatever else the server lists
     * @return the number of results taken
     * @throws NumberFormatException if one is not a valid number; its message is the text found
     */
    static int plain(IMAPResponse told, LongStream.Builder found, long largest, int most) {
        int count = 0;
        told.skipSpaces();
        // A list in parentheses after the numbers is an extension (RFC 7162).
        while (told.peekByte() != 0 && told.peekByte() != '(') {
            long number = told.readLong();
            if (number < 1 || number > largest) {
                throw new NumberFormatException(number < 0 ? told.getRest() : String.valueOf(number));
            }
            if (count < most) {
                found.add(number);
                count++;
            }
            told.skipSpaces();
        }
        return count;
    }

    /** Same as {@link #plain}, for the text after the word ESEARCH. */
    static int extended(String told, LongStream.Builder found, long largest, int most) {
        Matcher all = ALL.matcher(told);
        return all.find() ? set(all.group(1), found, largest, most) : 0;
    }

    /** Same as {@link #plain}, for a sequence set. */
    static int set(String set, LongStream.Builder found, long largest, int most) {
        int count = 0;
        for (String range : set.split(",")) {
            Matcher matcher = RANGE.matcher(range);
            if (!matcher.matches()) {
                throw new NumberFormatException(range);
            }
            long one = Long.parseLong(matcher.group(1));
            long other = matcher.group(2) == null ? one : Long.parseLong(matcher.group(2));
            if (Math.min(one, other) < 1 || Math.max(one, other) > largest) {
                throw new NumberFormatException(range);
            }
            for (long number = Math.min(one, other); number <= Math.max(one, other) && count < most; number++) {
                found.add(number);
                count++;
            }
        }
        return count;
    }
}
