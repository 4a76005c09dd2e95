package io.jenkins.plugins.oauthmail.mail.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Readers of a folder continue from one link without losing a message or reading one twice. */
class GraphLinksTest {
    private final FakeTime time = new FakeTime();
    private final GraphLinks links = new GraphLinks("mailbox", time);

    private GraphPosition at(String link) {
        return new GraphPosition("mailbox", "folder", Instant.EPOCH, true, time.now(), link, Set.of());
    }

    private static GraphDelta.Round round(String link, String... ids) {
        return new GraphDelta.Round(List.of(ids), link, true);
    }

    @Test
    void continuesFromTheLinkOfAnother() {
        assertEquals("one", links.behind(at("a"), round("one", "1", "2")).link());
        GraphPosition second = links.behind(at("b"), round("two", "2", "1"));
        assertEquals("one", second.link());
        assertEquals(Set.of(), second.done());
    }

    @Test
    void skipsWhatWasListedSinceThen() {
        links.behind(at("a"), round("one", "1"));
        GraphPosition second = links.behind(at("b"), round("two", "1", "2"));
        assertEquals("one", second.link());
        assertEquals(Set.of("2"), second.done(), "it is listed again behind that link");
    }

    /** The server may list a message to one before it lists it to another. */
    @Test
    void keepsTheOwnLinkIfAMessageMayStillBeListed() {
        links.behind(at("a"), round("one", "1", "2"));
        assertEquals("two", links.behind(at("b"), round("two", "1")).link());
    }

    @Test
    void keepsTheOwnLinkIfMoreFollows() {
        links.behind(at("a"), round("one", "1"));
        GraphDelta.Round part = new GraphDelta.Round(List.of("1"), "next page", false);
        assertEquals("next page", links.behind(at("b"), part).link());
    }

    /** What has come since the list began is in front of the other link, but only behind the own one for this reader. */
    @Test
    void keepsTheOwnLinkBehindTheRestOfAList() {
        links.behind(at("a"), round("one"));
        assertEquals(
                "two",
                links.behind(at("https://x/delta?$skiptoken=b"), round("two", "1"))
                        .link());
        links.behind(at("a"), round("one"));
        assertEquals(
                "one",
                links.behind(at("https://x/delta?$deltatoken=b"), round("two", "1"))
                        .link());
    }

    @Test
    void continuesFromTheNextLink() {
        links.behind(at("a"), round("one", "1"));
        assertEquals("two", links.behind(at("one"), round("two", "2")).link());
        assertEquals("two", links.behind(at("one"), round("two", "2")).link(), "the same was listed once for both");
    }

    @Test
    void doesNotUseAnOldLink() {
        links.behind(at("a"), round("one", "1"));
        assertNotNull(links.latest("folder"));
        assertNull(links.latest("another"));
        time.advance(Duration.ofMinutes(61));
        assertNull(links.latest("folder"));
        assertEquals("two", links.behind(at("b"), round("two", "1")).link());
    }

    /** Behind it, what has an earlier date is not listed. */
    @Test
    void doesNotUseALinkThatReachesLessFar() {
        GraphPosition again = links.again(at("a"), since -> "since " + since);
        links.behind(again, round("one", "1"));
        assertEquals("two", links.behind(at("b"), round("two", "1")).link());
    }

    @Test
    void reachesFarAgainAfterTheServerForgot() {
        GraphPosition again = links.again(at("a"), since -> "since " + since);
        GraphPosition next = links.behind(again, round("one", "3", "4"), round("new", "1", "2", "3"));
        assertEquals("new", next.link());
        assertEquals(Set.of("4"), next.done(), "it came between the two");
        assertTrue(next.reaching());
        assertTrue(GraphPosition.of(next.position(), "mailbox", "folder")
                .orElseThrow()
                .reaching());
    }
}
