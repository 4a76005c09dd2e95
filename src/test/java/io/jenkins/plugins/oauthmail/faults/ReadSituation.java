package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.mail.MailReader;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import java.util.List;

/** Reads or changes, and knows what may be true afterwards. */
abstract class ReadSituation {
    static final List<String> LOGIN = List.of("greeting", "CAPABILITY", "STARTTLS", "AUTHENTICATE", "LOGOUT");

    final FaultyInbox inbox;
    final String name;
    Security security = Security.NONE;

    ReadSituation(FaultyInbox inbox, String name) {
        this.inbox = inbox;
        this.name = name;
    }

    /** Whether faults are worth injecting there, and are not the same as in another situation. */
    boolean wants(Point point) {
        return !LOGIN.contains(point.about());
    }

    /** Before each case, with nothing tampered with. */
    void prepare() throws Exception {}

    /** @return what was found, in a form that can be compared */
    abstract Object run(MailReader reader) throws Exception;

    /**
     * @param clean what is found when nothing goes wrong
     * @param found what was found now; null for a failure
     */
    abstract void judge(Object clean, Object found, MailReader healthy, List<Violation> violations) throws Exception;
}
