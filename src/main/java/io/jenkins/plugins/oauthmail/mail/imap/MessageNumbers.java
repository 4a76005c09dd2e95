package io.jenkins.plugins.oauthmail.mail.imap;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Sequence numbers of messages, in order of arrival.
 *
 * @param at returns the number at an index from 0 to size - 1
 */
record MessageNumbers(int size, IntUnaryOperator at) {

    /** All messages of a folder, without creating an array of their numbers. */
    static MessageNumbers all(int total) {
        return new MessageNumbers(total, index -> index + 1);
    }

    static MessageNumbers of(int[] numbers) {
        return new MessageNumbers(numbers.length, index -> numbers[index]);
    }

    /** Some of the numbers, counted from either end, in ascending order. */
    int[] some(int from, int count, boolean newestFirst) {
        int begin = newestFirst ? Math.max(0, size - from - count) : from;
        int end = newestFirst ? size - from : Math.min(size, from + count);
        return IntStream.range(begin, end).map(at).toArray();
    }

    MessageNumbers only(IntPredicate wanted) {
        return of(Arrays.stream(some(0, size, false)).filter(wanted).toArray());
    }
}
