package io.jenkins.plugins.oauthmail.mail;

import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.time.Instant;
import java.util.List;

/** Queries for tests in one line. */
public final class Query {

    private Query() {}

    public static MailQuery of(String folder, boolean unseen, String from, String subject, Instant since, int limit) {
        return MailQuery.in(folder)
                .unseen(unseen)
                .from(from == null ? List.of() : List.of(from))
                .subject(subject)
                .since(since)
                .limit(limit)
                .build();
    }
}
