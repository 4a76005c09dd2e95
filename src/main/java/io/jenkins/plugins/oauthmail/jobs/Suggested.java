package io.jenkins.plugins.oauthmail.jobs;

import io.jenkins.plugins.oauthmail.mail.MailFailure;
import java.time.Duration;

final class Suggested {
    private Suggested() {}

    static Duration pause(MailFailure failure) {
        return Duration.ZERO;
    }
}
