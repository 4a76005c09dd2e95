package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.AttachmentSink;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was read, by subject, in a form that can be compared. */
final class ReadMails {

    /** In place of a subject: what is said about mails that could not be read. */
    static final String PROBLEMS = "(problems)";

    private ReadMails() {}

    /** Reads, with the attachments if they are to be saved. */
    static Map<String, Map<String, Object>> found(MailReader reader, MailQuery query, boolean saving) throws Exception {
        Map<String, Integer> saved = new TreeMap<>();
        AttachmentSink sink = (id, name, content) -> {
            saved.put(id + "/" + name, Arrays.hashCode(content.readAllBytes()));
            return name;
        };
        Map<String, Map<String, Object>> found = new LinkedHashMap<>();
        ImpatientEngine.Read read = ImpatientEngine.read(reader, query, saving ? sink : null);
        if (!read.problems().isEmpty()) {
            found.put(PROBLEMS, Map.of(PROBLEMS, read.problems()));
        }
        for (ReceivedMail mail : read.mails()) {
            Map<String, Object> map = mail.toMap();
            map.put("whole", ImpatientEngine.whole(mail));
            Map<String, Integer> files = new TreeMap<>();
            saved.forEach((path, content) -> {
                if (path.startsWith(mail.id() + "/")) {
                    files.put(path.substring(path.indexOf('/')), content);
                }
            });
            map.put("saved", files);
            for (String body : List.of("text", "html", "replyText")) {
                // Fetched with the mail around it, a body may end otherwise.
                map.computeIfPresent(body, (key, value) -> String.valueOf(value).strip());
            }
            for (Object attachment : (List<?>) map.get("attachments")) {
                if (((Map<?, ?>) attachment).get("path") == null) {
                    ((Map<?, ?>) attachment).remove("size"); // an estimate
                }
            }
            found.put(mail.subject(), map);
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Map<String, Object>> of(Object found) {
        return (Map<String, Map<String, Object>>) found;
    }

    static void compare(
            Map<String, Map<String, Object>> clean,
            Map<String, Map<String, Object>> found,
            List<Violation> violations) {
        List<String> missing = new ArrayList<>(clean.keySet());
        missing.removeAll(found.keySet());
        if (!missing.isEmpty() && !found.containsKey(PROBLEMS)) {
            violations.add(new Violation("short list as success", "without " + missing));
        }
        found.forEach((subject, mail) -> {
            if (subject.equals(PROBLEMS)) {
                return;
            }
            if (!clean.containsKey(subject) && found.containsKey(PROBLEMS)) {
                // In place of one that could not be read.
                return;
            }
            if (!clean.containsKey(subject)) {
                violations.add(new Violation("more than there is", subject));
            } else if (!Boolean.FALSE.equals(mail.get("whole")) && !same(clean.get(subject), mail)) {
                violations.add(new Violation("not all of a mail", difference(clean.get(subject), mail)));
            }
        });
    }

    /** But for its number and what else a mail gets when it comes. */
    static boolean same(Map<String, Object> one, Map<String, Object> other) {
        return difference(one, other).isEmpty();
    }

    private static String difference(Map<String, Object> one, Map<String, Object> other) {
        List<String> differences = new ArrayList<>();
        one.forEach((key, value) -> {
            boolean moving = List.of("id", "received", "flags").contains(key);
            if (!moving && !String.valueOf(value).equals(String.valueOf(other.get(key)))) {
                differences.add(key + ": " + other.get(key) + " in place of " + value);
            }
        });
        return String.join(", ", differences);
    }
}
