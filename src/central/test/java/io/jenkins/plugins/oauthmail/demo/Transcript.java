package io.jenkins.plugins.oauthmail.demo;

/** What the demo prints: numbered legs with what happened in each and how long it took. */
final class Transcript {
    private static int legs;

    private Transcript() {}

    /** Part of the demo. */
    interface Leg {
        void walk() throws Exception;
    }

    static void leg(String title, Leg leg) throws Exception {
        System.out.printf("%n%d. %s%n", ++legs, title);
        long begin = System.nanoTime();
        leg.walk();
        System.out.printf("   %d ms%n", (System.nanoTime() - begin) / 1_000_000);
    }

    static void say(String line) {
        System.out.println("   " + line);
    }
}
