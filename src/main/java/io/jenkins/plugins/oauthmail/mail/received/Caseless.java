package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.text.Normalizer;
import java.util.regex.Pattern;

/** The form in which texts are compared: regardless of case, white space and ways to encode the same characters. */
final class Caseless {
    /**
     * More than thirty combining marks in a row, which occur in no language: normalizing them takes quadratic time.
     *
     * @see <a href="https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format">UAX 15, stream-safe text format</a>
     */
    private static final Pattern MARKS = Pattern.compile("([\\p{M}\uff9e\uff9f]{30})[\\p{M}\uff9e\uff9f]+");

    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\x85]+");

    private Caseless() {}

    /** Line breaks count as spaces, because text may be folded anywhere. */
    static String text(String text) {
        String plain = MARKS.matcher(OneLine.inOrder(text)).replaceAll("$1");
        String folded = CaseFolding.fold(Normalizer.normalize(plain, Normalizer.Form.NFKC));
        return SPACE.matcher(folded).replaceAll(" ");
    }

    @CheckForNull
    static String textOrNull(@CheckForNull String text) {
        return text == null ? null : text(text);
    }

    /** Names match however they are written; in an address, only ASCII may match ASCII. */
    static String person(MailAddress person) {
        String name = textOrNull(person.name());
        return (name == null ? "" : name) + " <" + CaseFolding.asciiLower(person.address()) + ">";
    }
}
