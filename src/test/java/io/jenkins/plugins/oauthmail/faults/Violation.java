package io.jenkins.plugins.oauthmail.faults;

/**
 * Something that may not be true after a fault.
 *
 * @param kind by which violations are counted
 * @param detail what was seen
 */
record Violation(String kind, String detail) {

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
