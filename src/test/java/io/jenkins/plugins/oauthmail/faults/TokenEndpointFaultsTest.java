package io.jenkins.plugins.oauthmail.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.faults.Fault.How;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.TokenSource;
import io.jenkins.plugins.oauthmail.token.entra.ImpatientTokens;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong at whatever line of the token endpoint's answer, or on the disk: a token handed out is good, the
 * valid refresh token is not lost, none is sent more than once again, and nobody is told that somebody revoked it.
 */
class TokenEndpointFaultsTest {

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final Duration NEARLY_OVER = Duration.ofSeconds(120);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int ENDLESS = 4 << 20;

    private static ImpatientTokens tokens;
    private static FaultyEndpoint endpoint;

    private enum Situation {
        /** The access token is nearly over. */
        RENEWAL("renewal"),
        /** The keep-alive: the access token is good. */
        FORCED("forced renewal"),
        /** The second over a connection that is kept. */
        SECOND("second renewal"),
        /** Without a person. */
        APPLICATION("application");

        private final String words;

        Situation(String words) {
            this.words = words;
        }
    }

    /** What goes wrong on the disk. */
    private enum Disk {
        FINE,
        FULL,
        BROKEN
    }

    @BeforeAll
    static void start() throws Exception {
        tokens = new ImpatientTokens();
        endpoint = new FaultyEndpoint(tokens.authority(), line -> "POST");
    }

    @AfterAll
    static void stop() throws Exception {
        endpoint.close();
        tokens.close();
    }

    @Test
    void losesNoTokenAndStopsUsingRefusedOnes() throws Exception {
        Campaign campaign = new Campaign("TOKEN", 25);
        for (Situation situation : Situation.values()) {
            FaultyLines clean = new FaultyLines();
            assertEquals(List.of(), violations(situation, clean, LONG, Disk.FINE, null), situation.words);
            for (Point point : clean.seen()) {
                for (Fault fault : faults(point)) {
                    campaign.add(new Campaign.Case() {
                        @Override
                        public String id() {
                            return "TOKEN/" + situation.words + "/" + point.id() + "/" + fault.name();
                        }

                        @Override
                        public List<Violation> run() throws Exception {
                            FaultyLines lines = new FaultyLines(point, fault, ENDLESS);
                            return violations(situation, lines, fault.how().slow() ? SHORT : LONG, Disk.FINE, fault);
                        }
                    });
                }
            }
            for (Disk disk : List.of(Disk.FULL, Disk.BROKEN)) {
                campaign.add(new Campaign.Case() {
                    @Override
                    public String id() {
                        return "TOKEN/" + situation.words + "/disk " + disk;
                    }

                    @Override
                    public List<Violation> run() throws Exception {
                        return violations(situation, new FaultyLines(), LONG, disk, null);
                    }
                });
            }
        }
        campaign.run();
    }

    private static List<Fault> faults(Point point) {
        List<Fault> faults = new ArrayList<>();
        if (point.server()) {
            faults.addAll(Fault.ofLines());
            if (!point.literal()) {
                faults.add(new Fault("lost", How.LOST));
                faults.add(new Fault("twice", How.TWICE));
            } else {
                faults.add(new Fault("other-token-key", How.CHANGES, "\"access_token\"=>\"acess_token\""));
                faults.add(
                        new Fault("token-is-number", How.CHANGES, "\"access_token\":\"[^\"]*\"=>\"access_token\":77"));
                faults.add(new Fault("no-json", How.CHANGES, "^\\{=>["));
                faults.add(new Fault("life-is-text", How.CHANGES, "\"expires_in\":\\d+=>\"expires_in\":\"soon\""));
                faults.add(new Fault(
                        "life-is-huge", How.CHANGES, "\"expires_in\":\\d+=>\"expires_in\":99999999999999999999"));
                faults.add(new Fault("client-info-is-not", How.CHANGES, "\"client_info\":\"=>\"client_info\":\"!"));
                faults.add(new Fault("id-token-is-not", How.CHANGES, "\"id_token\":\"[^\"]*=>\"id_token\":\"x.y.z"));
            }
            faults.addAll(Fault.ofHttp(point));
            return faults;
        }
        faults.add(new Fault("cut-unread", How.CUT_BEFORE));
        faults.add(new Fault("cut-unread-always", How.CUT_BEFORE, null, true));
        String revoked = "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50173: It was revoked.\"}";
        String client = "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid.\"}";
        String later = "{\"error\":\"temporarily_unavailable\",\"error_description\":\"AADSTS90033: Later.\"}";
        faults.addAll(Fault.answers("400-grant", "400 Bad Request", "", revoked));
        faults.addAll(Fault.answers("400-empty", "400 Bad Request", "", ""));
        faults.addAll(Fault.answers("401-client", "401 Unauthorized", "", client));
        faults.addAll(Fault.answers("403-page", "403 Forbidden", "", "<html>No</html>"));
        faults.addAll(Fault.answers("404-page", "404 Not Found", "", "<html>No</html>"));
        faults.addAll(Fault.answers("407", "407 Proxy Authentication Required", "", ""));
        faults.addAll(Fault.answers("429", "429 Too Many Requests", "Retry-After: 1\r\n", later));
        faults.addAll(
                Fault.answers("429-never", "429 Too Many Requests", "Retry-After: 99999999999999999999\r\n", later));
        faults.addAll(Fault.answers("429-date", "429 Too Many Requests", "Retry-After: tomorrow\r\n", later));
        faults.addAll(Fault.answers("500-page", "500 Oops", "", "<html>Oops</html>"));
        faults.addAll(Fault.answers("503", "503 Later", "", later));
        faults.addAll(Fault.answers("200-empty", "200 OK", "", ""));
        faults.addAll(Fault.answers("200-object", "200 OK", "", "{}"));
        faults.addAll(Fault.answers("200-array", "200 OK", "", "[1]"));
        faults.addAll(Fault.answers("200-page", "200 OK", "", "<html>Sign in</html>"));
        faults.addAll(Fault.answers("200-deep", "200 OK", "", "[".repeat(20_000)));
        faults.addAll(Fault.answers("302-page", "302 Found", "Location: https://localhost:1/\r\n", ""));
        return faults;
    }

    /** One source of tokens, whatever it is. */
    private interface Ask {
        AccessToken token() throws TokenFailure, InterruptedException;
    }

    /**
     * @param fault null for none on the wire
     */
    private static List<Violation> violations(
            Situation situation, FaultyLines lines, Duration patience, Disk disk, Fault fault) throws Exception {
        URI authority = endpoint.url();
        endpoint.tamper(new FaultyLines());
        ImpatientTokens.Stored stored = tokens.authorized(situation == Situation.RENEWAL ? NEARLY_OVER : HOUR);
        var source = stored.source(authority, patience);
        TokenSource application = tokens.application(authority, patience);
        Ask ask =
                switch (situation) {
                    case RENEWAL -> source::token;
                    case FORCED, SECOND -> source::refresh;
                    case APPLICATION -> application::token;
                };
        if (situation == Situation.SECOND) {
            source.refresh();
        }
        List<Violation> violations = new ArrayList<>();
        Guarded guarded = new Guarded();
        endpoint.tamper(lines);
        stored.full(disk == Disk.FULL);
        stored.broken(disk == Disk.BROKEN);
        String[] failed = new String[1];
        AccessToken token = Guarded.run(
                () -> {
                    try {
                        return ask.token();
                    } catch (TokenFailure failure) {
                        failed[0] = failure.getMessage();
                        return null;
                    }
                },
                endpoint::drop,
                violations);
        boolean refused = fault != null && fault.name().startsWith("400-grant");
        boolean untouched = endpoint.carriedOut() == 0;
        List<String> presented = endpoint.presented();
        if (presented.size() - presented.stream().distinct().count() > 1) {
            violations.add(new Violation("used again", "presented " + presented.size() + " times in one call"));
        }
        lines.excesses().forEach(excess -> violations.add(new Violation("no deadline", excess)));
        if (token != null && !tokens.accepts(token)) {
            violations.add(new Violation("bad token", "handed out, and nobody accepts it"));
        }
        endpoint.drop();
        endpoint.tamper(new FaultyLines());
        stored.full(false);
        stored.broken(false);
        boolean renewed = token != null && !token.equals(stored.first());
        boolean mustWork = renewed || untouched || disk != Disk.FINE;
        again("again", mustWork, refused, ask, violations);
        if (situation != Situation.APPLICATION && violations.isEmpty() && mustWork) {
            again("after a restart", true, refused, stored.source(authority, LONG)::refresh, violations);
        }
        violations.addAll(guarded.left());
        return violations;
    }

    private static void again(String when, boolean mustWork, boolean refused, Ask ask, List<Violation> violations)
            throws Exception {
        try {
            if (!tokens.accepts(whileUnheard(ask))) {
                violations.add(new Violation("bad token", "handed out " + when + ", and nobody accepts it"));
            }
        } catch (TokenFailure failure) {
            if (mustWork) {
                violations.add(new Violation("refresh token lost", when + ": " + failure.getMessage()));
            } else if (!refused && failure.getMessage().contains("was revoked by")) {
                violations.add(new Violation("said revoked, was not", when + ": " + failure.getMessage()));
            }
        }
    }

    /** Once more if nothing reached the endpoint: a client may notice late that a connection that it kept is closed. */
    private static AccessToken whileUnheard(Ask ask) throws TokenFailure, InterruptedException {
        endpoint.tamper(new FaultyLines());
        try {
            return ask.token();
        } catch (TokenFailure failure) {
            if (endpoint.carriedOut() > 0) {
                throw failure;
            }
            return ask.token();
        }
    }
}
