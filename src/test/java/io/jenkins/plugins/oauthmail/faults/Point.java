package io.jenkins.plugins.oauthmail.faults;

/**
 * One line of a clean run.
 *
 * @param server whether the server said it; else it is a command of the client
 * @param number from 1, server's lines and commands counted apart
 * @param about the command that it is or answers, without anything that is secret or differs from run to run
 * @param text the line as it was
 * @param literal whether it is not a line but the octets announced by the one before
 * @param continued whether it goes on after such octets
 */
record Point(boolean server, int number, String about, String text, boolean literal, boolean continued) {

    String id() {
        return (server ? "S" : "C") + number;
    }

    /** Whether octets follow that belong to it. */
    boolean announces() {
        return text.matches("(?s).*\\{\\d+}$");
    }

    boolean tagged() {
        return server && !continued && !literal && text.matches("[A-Z]+\\d+ (OK|NO|BAD).*");
    }
}
