package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The server's replies to the recipients of one message. */
final class SmtpRecipients {

    private final List<String> accepted = new ArrayList<>();
    private final Map<String, SmtpReply> refused = new LinkedHashMap<>();

    void add(String address, SmtpReply reply) {
        if (reply.ok()) {
            accepted.add(address);
        } else {
            refused.put(address, reply);
        }
    }

    List<String> accepted() {
        return accepted;
    }

    Map<String, SmtpReply> refused() {
        return refused;
    }
}
