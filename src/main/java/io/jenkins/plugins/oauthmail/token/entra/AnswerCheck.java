package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Rejects token responses that MSAL4J would never finish reading. If it expects a string or number and finds an array or
 * object, or an object that does not end, it loops forever, and no interrupt stops it.
 */
final class AnswerCheck {

    private static final String ID_TOKEN = "id_token";
    private static final String CLIENT_INFO = "client_info";

    /** What it reads; other claims, such as groups, it skips. */
    private static final Set<String> CLAIMS = Set.of(
            "iss", "sub", "aud", "exp", "iat", "nbf", "name", "preferred_username", "oid", "tid", "upn", "unique_name");

    private static final Set<String> INFO = Set.of("uid", "utid");

    private AnswerCheck() {}

    /** The member of an answer with a token that cannot be read; null if there is none. */
    @CheckForNull
    static String unreadable(@NonNull Map<String, Object> answer) {
        for (Map.Entry<String, Object> member : answer.entrySet()) {
            if (isNested(member.getValue())) {
                return QuotedText.clean(member.getKey());
            }
        }
        String idToken = Json.string(answer, ID_TOKEN);
        if (idToken != null && !isFlat(idToken.split("\\.", -1), 1, CLAIMS)) {
            return ID_TOKEN;
        }
        String info = Json.string(answer, CLIENT_INFO);
        return info != null && !isFlat(new String[] {info}, 0, INFO) ? CLIENT_INFO : null;
    }

    private static boolean isFlat(String[] parts, int index, Set<String> names) {
        if (parts.length <= index) {
            return false;
        }
        try {
            Map<String, Object> read =
                    Json.object(new String(Base64.getUrlDecoder().decode(parts[index]), StandardCharsets.UTF_8));
            return read != null && names.stream().noneMatch(name -> isNested(read.get(name)));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static boolean isNested(Object value) {
        return value instanceof Map || value instanceof Collection;
    }
}
