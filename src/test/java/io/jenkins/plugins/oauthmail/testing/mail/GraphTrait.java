package io.jenkins.plugins.oauthmail.testing.mail;

import java.util.EnumSet;
import java.util.Set;

/** What Microsoft Graph does that a plain service would not. */
public enum GraphTrait {
    /** A message gets a Message-ID of the server's own when it is sent. */
    REPLACES_MESSAGE_IDS,
    /** Some header fields do not survive sending, such as Auto-Submitted. */
    DROPS_HEADER_FIELDS,
    /** A large request to send is answered with 200, and nothing is sent. */
    SWALLOWS_LARGE_MESSAGES,
    /** A request has 4 MB at most. */
    LIMITS_REQUESTS,
    /** No more than four requests at once are served for a mailbox. */
    LIMITS_CONCURRENCY,
    /** Only some filters are combined with an order. */
    REFUSES_INEFFICIENT_FILTERS,
    /** What is new is listed in no particular order. */
    LISTS_CHANGES_IN_ANY_ORDER,
    /** A list of changes begins with few messages: with 300, so that tests need no more; Microsoft's with 5,000. */
    LISTS_FEW_CHANGES,
    /** As in China: what has changed cannot be asked for. */
    HAS_NO_DELTA,
    /** As in the clouds of the US government: no upload sessions. */
    HAS_NO_UPLOAD_SESSIONS;

    /** What every mailbox in the worldwide cloud may meet, if it does not change what tests expect. */
    public static Set<GraphTrait> usual() {
        return EnumSet.of(
                SWALLOWS_LARGE_MESSAGES,
                LIMITS_REQUESTS,
                LIMITS_CONCURRENCY,
                REFUSES_INEFFICIENT_FILTERS,
                LISTS_CHANGES_IN_ANY_ORDER,
                LISTS_FEW_CHANGES);
    }
}
