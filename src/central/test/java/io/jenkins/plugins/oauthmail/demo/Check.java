package io.jenkins.plugins.oauthmail.demo;

import java.util.Objects;

/** What the demo expects; anything else ends it. */
final class Check {
    private Check() {}

    static void equal(Object expected, Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
        }
    }

    static void contains(String text, String part, String what) {
        isTrue(text.contains(part), what + " says \"" + part + "\"; it says: " + text);
    }

    static void isTrue(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("It is not so that " + what);
        }
    }
}
