package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.NonNull;

/** The server that a fake imitates. {@link OnBothServers} runs the tests of a class with each of them. */
public enum ServerKind {
    /** Keeps to the standards and does no more than it must. */
    PLAIN,
    /** Exchange Online, with all of {@link ExchangeTrait#usual}. */
    EXCHANGE,
    /** Microsoft Graph, with all of {@link GraphTrait#usual}; only {@link OnEveryServer} tests with it. */
    GRAPH;

    private static volatile ServerKind current = PLAIN;

    /** That of servers which are started now. */
    @NonNull
    static ServerKind current() {
        return current;
    }

    static void use(@NonNull ServerKind kind) {
        current = kind;
    }
}
