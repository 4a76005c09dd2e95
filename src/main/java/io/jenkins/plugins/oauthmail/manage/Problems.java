package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.account.AccountAdvice;
import io.jenkins.plugins.oauthmail.config.ClientAuthentication;
import io.jenkins.plugins.oauthmail.config.ClientSecret;
import io.jenkins.plugins.oauthmail.config.OAuthApplication;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Finds the current problems of applications and accounts. */
final class Problems {
    private Problems() {}

    @NonNull
    static List<Problem> at(@NonNull Instant now) {
        List<Problem> problems = new ArrayList<>();
        OAuthMailConfiguration.get()
                .getUnusable()
                .forEach(sentence -> problems.add(new Problem("unusable " + sentence, sentence, true)));
        OAuthMailConfiguration.get().getAccounts().stream()
                .map(AccountState::of)
                .filter(state -> state.level().isProblem())
                .forEach(state -> problems.add(of(state)));
        for (OAuthApplication application : OAuthMailConfiguration.get().getApplications()) {
            ClientAuthentication authentication = application.getClientAuthentication();
            authentication
                    .expiry()
                    .filter(end -> end.isBefore(now.plus(ClientAuthentication.WARNING_TIME)))
                    .ifPresent(end -> problems.add(expiry(application, end, now)));
            authentication
                    .globalCredential()
                    .ifPresent(id -> problems.add(new Problem(
                            "application " + application.getId() + " global " + id,
                            Messages.Problems_globalCredential(application.getId(), id),
                            false)));
        }
        AccountAdvice.all()
                .forEach(advice -> problems.add(new Problem("advice " + advice.sentence(), advice.sentence(), false)));
        return problems;
    }

    private static Problem of(AccountState state) {
        String id = state.account().getId();
        return Problem.ofAccount(
                state,
                state.detail() == null
                        ? Messages.Problems_state(id, state.getText())
                        : Messages.Problems_detail(id, state.detail()));
    }

    private static Problem expiry(OAuthApplication application, Instant end, Instant now) {
        String day = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        boolean ended = end.isBefore(now);
        boolean secret = application.getClientAuthentication() instanceof ClientSecret;
        long days = Duration.between(now, end).toDays();
        String sentence;
        if (secret) {
            sentence = ended
                    ? Messages.Problems_secretExpired(application.getId(), day)
                    : Messages.Problems_secretExpires(application.getId(), day, days);
        } else {
            sentence = ended
                    ? Messages.Problems_certificateExpired(application.getId(), day)
                    : Messages.Problems_certificateExpires(application.getId(), day, days);
        }
        return new Problem("application " + application.getId() + (ended ? " ended " : " ends ") + day, sentence, true);
    }
}
