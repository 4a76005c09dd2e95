package io.jenkins.plugins.oauthmail.bench;

import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.GraphService;
import io.jenkins.plugins.oauthmail.mail.model.Mailbox;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import io.jenkins.plugins.oauthmail.token.AccessToken;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;

/**
 * Does one unit of work against a plain-text server on this machine, so that something between the two can count what it
 * costs. Arguments: unit, host, port, user, token. Units S* send, units R* read. Units W* wait, with a server of
 * their own and no further arguments. The file to attach is named by the
 * environment variable {@code BENCH_ATTACHMENT}, the folder to save to by {@code BENCH_DIR}. Ends with 3 for a unit that
 * is not known. With {@code -Dbench.graph=true}, the server speaks Microsoft Graph. With {@code -Dbench.cost=true}, the last line has the most threads that there were, and the CPU time in
 * milliseconds, both with those of the JVM.
 *
 * <p>The units C1 (parsing), T1 (tokens) and M1 (pages of a thousand accounts) need no other arguments.
 */
public final class Bench {
    private static final int UNKNOWN = 3;
    private static final long MILLISECOND = 1_000_000;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String unit = arguments[0];
        try {
            if (alone(unit) || WaitUnits.run(unit)) {
                System.out.flush();
                System.exit(0);
            }
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.exit(1); // a server of its own has threads that would go on
        }
        Endpoint endpoint = new Endpoint(arguments[1], Integer.parseInt(arguments[2]), Security.NONE);
        AccessToken token = new AccessToken(arguments[4], Instant.now().plusSeconds(3600));
        GraphService graph = Boolean.getBoolean("bench.graph") ? graph(endpoint) : null;
        Mailbox mailbox = new Mailbox(arguments[3], endpoint, endpoint, () -> token, 0, graph);
        boolean known = unit.startsWith("R") ? ReadUnits.run(unit, mailbox) : SendUnits.run(unit, mailbox);
        if (Boolean.getBoolean("bench.cost")) {
            System.out.printf(
                    "COST\t%d\t%d%n",
                    ManagementFactory.getThreadMXBean().getPeakThreadCount(), Cpu.ofThisJvm() / MILLISECOND);
        }
        System.out.flush();
        System.exit(known ? 0 : UNKNOWN);
    }

    private static GraphService graph(Endpoint endpoint) {
        HttpClient client = HttpClient.newHttpClient();
        URI root = URI.create("http://" + endpoint.host() + ":" + endpoint.port() + "/v1.0/");
        return new GraphService(root, false, true, () -> client);
    }

    /** The units that need no server. */
    private static boolean alone(String unit) throws Exception {
        switch (unit) {
            case "C1" -> ParseUnits.print(Integer.getInteger("rounds", 50));
            case "T1" -> AccountUnits.printTokens();
            case "M1" -> AccountUnits.printPages(Integer.getInteger("accounts", 1000));
            default -> {
                return false;
            }
        }
        return true;
    }
}
