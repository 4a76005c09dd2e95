package io.jenkins.plugins.oauthmail.mail.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is suggested in place of a folder that does not exist, whatever the server lists. */
class FolderSuggestionsTest {
    private static final Endpoint SERVER = new Endpoint("localhost", 993, Security.TLS);

    private static String missing(String wanted, List<String> existing) {
        return FolderSuggestions.missing(SERVER, wanted, existing);
    }

    /** It would take hours if the time grew with the square of the length. */
    @ParameterizedTest
    @ValueSource(ints = {20_000, 20_002})
    @Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longNamesCostNoMoreThanShortOnes(int length) {
        String sentence = missing("x".repeat(20_000), Collections.nCopies(2_000, "y".repeat(length)));
        assertTrue(sentence.contains("has no folder"), sentence);
    }

    /** And if each of very many were compared with a long one. */
    @Test
    @Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyFoldersCostNoMoreThanSome() {
        String sentence = missing("x".repeat(1_000_000), Collections.nCopies(500_000, "y"));
        assertTrue(sentence.contains("\"y\""), sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef, abcdef, true",
        "abcdef, abcdefgh, true",
        "abcdef, cdef, true",
        "abcdef, xbcdex, true",
        "abcdef, xbcxex, false",
        "abcdef, abcdefghi, true",
        "qwertz, uiopas, false",
        "ab, ba, true",
        "ab, xy, true",
        "abc, xyz, false",
        "kitten, sitting, false",
        "kitten, sittin, true"
    })
    void suggestsSimilarNames(String wanted, String name, boolean similar) {
        assertEquals(similar, !missing(wanted, List.of(name, "0123456789")).contains("0123456789"));
    }

    /** Compared with the whole matrix. */
    @Test
    void distanceIsThatOfLevenshtein() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String one = word(random);
            String other = word(random);
            if (one.contains(other) || other.contains(one)) {
                continue;
            }
            boolean similar = !missing(one, List.of(other, "0123456789")).contains("0123456789");
            assertEquals(distance(one, other) <= 2, similar, one + " and " + other);
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 3 + random.nextInt(6); i > 0; i--) {
            word.append((char) ('a' + random.nextInt(3)));
        }
        return word.toString();
    }

    private static int distance(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.length() + b.length();
        }
        int change = distance(a.substring(1), b.substring(1)) + (a.charAt(0) == b.charAt(0) ? 0 : 1);
        if (a.charAt(0) == b.charAt(0)) {
            return change;
        }
        return Math.min(change, 1 + Math.min(distance(a.substring(1), b), distance(a, b.substring(1))));
    }
}
