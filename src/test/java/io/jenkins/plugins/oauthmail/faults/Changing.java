package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.ImpatientEngine;
import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.MailChange;
import io.jenkins.plugins.oauthmail.mail.model.MailId;
import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** As the step does it: what was read is changed, and nothing else. */
final class Changing extends ReadSituation {
    private final MailChange change;
    private final List<String> without;
    private final Map<String, Map<String, Object>> read = new LinkedHashMap<>();
    private final List<String> gone = new ArrayList<>();
    private boolean selected;

    Changing(FaultyInbox inbox, String name, MailChange change, String... without) {
        super(inbox, name);
        this.change = change;
        this.without = List.of(without);
    }

    @Override
    void prepare() throws Exception {
        inbox.fill();
        inbox.server.imapTraits().rewrite(this::capable);
        read.clear();
        gone.clear();
    }

    @Override
    boolean wants(Point point) {
        if (point.about().equals("SELECT")) {
            selected = true;
        }
        return selected
                || point.about().startsWith("PATCH")
                || super.wants(point) && List.of("delete", "move").contains(name);
    }

    private String capable(String line) {
        String said = line;
        if (line.contains("CAPABILITY")) {
            for (String one : without) {
                said = said.replace(" " + one, "");
            }
        }
        return said;
    }

    @Override
    Object run(MailReader reader) throws Exception {
        MailQuery query = MailQuery.in("INBOX").subject("deploy").build();
        Map<String, Map<String, Object>> mails = ReadMails.found(reader, query, true);
        read.putAll(mails);
        List<MailId> ids = new ArrayList<>();
        for (Map<String, Object> mail : mails.values()) {
            if (Boolean.TRUE.equals(mail.get("whole"))) {
                ids.add(new MailId((String) mail.get("id")));
            }
        }
        ImpatientEngine.change(reader, "INBOX", ids, change).forEach(id -> gone.add(id.value()));
        return Map.copyOf(read);
    }

    @Override
    void judge(Object clean, Object found, MailReader healthy, List<Violation> violations) throws Exception {
        Map<String, String> present = present();
        for (Map.Entry<String, String> mail : present.entrySet()) {
            String state = mail.getValue();
            boolean wanted = mail.getKey().startsWith("deploy");
            boolean whole = wanted
                    && read.containsKey(mail.getKey())
                    && ReadMails.same(ReadMails.of(clean).get(mail.getKey()), read.get(mail.getKey()));
            if (!wanted && !state.equals("inbox")) {
                violations.add(new Violation("changed another mail", mail.getKey() + ": " + state));
            }
            if (state.isEmpty() && !change.delete()) {
                violations.add(new Violation("mail lost", mail.getKey()));
            }
            boolean removed = !state.contains("inbox") || state.contains("deleted");
            if (wanted && removed && !whole) {
                violations.add(new Violation("removed though not read", mail.getKey() + ": " + state));
            }
            if (state.contains("done done")) {
                violations.add(new Violation("moved twice", mail.getKey() + ": " + state));
            }
            if (wanted && found != null && !expected().contains(state) && !excused(mail.getKey())) {
                violations.add(new Violation(
                        read.containsKey(mail.getKey()) ? "said changed, was not" : "short list as success",
                        mail.getKey() + ": " + state));
            }
        }
    }

    /** Whether it was said that it was not read, or not changed. */
    private boolean excused(String subject) {
        Map<String, Object> mail = read.get(subject);
        return mail == null
                ? read.containsKey(ReadMails.PROBLEMS)
                : !Boolean.TRUE.equals(mail.get("whole")) || gone.contains(mail.get("id"));
    }

    /** Marking as deleted counts as removal: the fault may have hidden the server's capabilities. */
    private List<String> expected() {
        if (change.delete()) {
            return List.of("", "inbox deleted");
        }
        return change.moveTo() == null ? List.of("inbox seen") : List.of("done", "inbox deleted done");
    }

    private Map<String, String> present() throws MessagingException {
        Map<String, String> present = new TreeMap<>();
        for (String subject : List.of("deploy now", "deploy later", "deploy files", "lunch")) {
            present.put(subject, "");
        }
        List<Flags> flags = inbox.server.flags(FaultyInbox.USER, "INBOX");
        List<MimeMessage> mails = inbox.server.mails(FaultyInbox.USER, "INBOX");
        for (int i = 0; i < mails.size(); i++) {
            String state = "inbox" + (flags.get(i).contains(Flags.Flag.DELETED) ? " deleted" : "")
                    + (flags.get(i).contains(Flags.Flag.SEEN) ? " seen" : "");
            present.merge(mails.get(i).getSubject(), state, (a, b) -> (a + " " + b).strip());
        }
        for (MimeMessage mail : inbox.server.mails(FaultyInbox.USER, FaultyInbox.DONE)) {
            present.merge(mail.getSubject(), "done", (a, b) -> (a + " " + b).strip());
        }
        return present;
    }
}
