package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.Arrays;
import org.eclipse.angus.mail.imap.protocol.UIDSet;

/** Formats numbers for IMAP commands. */
final class SequenceSet {

    private SequenceSet() {}

    /** The shortest sequence set (RFC 3501 section 9), with ranges for consecutive numbers. */
    static String set(long... numbers) {
        long[] sorted = Arrays.stream(numbers).sorted().distinct().toArray();
        return sorted.length == 0 ? "" : UIDSet.toString(UIDSet.createUIDSets(sorted));
    }

    /** How many of the numbers fit into a sequence set of this many characters; at least one. */
    static int fitting(int[] numbers, int from, int characters) {
        int length = 0;
        int count = 0;
        boolean run = false;
        while (from + count < numbers.length) {
            int number = numbers[from + count];
            boolean next = count > 0 && number == numbers[from + count - 1] + 1;
            // A number that continues a range adds nothing; the end of a range is counted where the range begins.
            length += next && run ? 0 : String.valueOf(number).length() + 1;
            if (count > 0 && length > characters) {
                return count;
            }
            run = next;
            count++;
        }
        return count;
    }
}
