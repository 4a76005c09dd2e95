package io.jenkins.plugins.oauthmail.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();

    private record Named(String name) implements FolderWatches.Listener {
        @Override
        public Object owner() {
            return name.charAt(0);
        }

        @Override
        public void checkForMail(SharedReading shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void watchFailed(MailFailure failure) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkFailed(Throwable unforeseen) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Waiter> waiter() {
            return Optional.empty();
        }
    }

    private void add(String... names) {
        for (String name : names) {
            Named who = new Named(name);
            turns.add(who, who.owner(), Instant.EPOCH);
        }
    }

    private List<String> next(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(((Named) turns.next().who()).name());
        }
        return names;
    }

    @Test
    void ownersTakeTurns() {
        add("a1", "a2", "a3", "b1", "c1");
        assertEquals(List.of("a1", "b1", "c1", "a2", "a3"), next(5));
        assertNull(turns.next());
    }

    @Test
    void whoIsInAHurryGoesFirst() {
        add("a1", "a2", "b1");
        turns.hurry(new Named("a2"));
        assertEquals(List.of("a2", "b1", "a1"), next(3));
    }

    /** Such as the waits of a loop that end after a second each. */
    @Test
    void manyInAHurryDoNotKeepOthersOut() {
        add("a1", "c1");
        for (int i = 0; i < 2 * Turns.MAX_HURRIED; i++) {
            add("b" + i);
            turns.hurry(new Named("b" + i));
        }
        List<String> names = next(2 * Turns.MAX_HURRIED + 2);
        assertEquals("b" + (Turns.MAX_HURRIED - 1), names.get(Turns.MAX_HURRIED - 1));
        assertEquals("a1", names.get(Turns.MAX_HURRIED));
        assertEquals("c1", names.get(2 * Turns.MAX_HURRIED + 1));
    }
}
