package io.jenkins.plugins.oauthmail.mail.received;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of a multipart (RFC 2046 section 5.1) in a message that was fetched whole, in one pass over its content. If
 * the content does not have the boundary of the header, the first line that looks like one takes its place. The number
 * of parts is limited. Jakarta Mail's own parser looks up a service for each part, which takes longer than all the rest
 * of reading a message, and keeps about ten kilobytes for each.
 */
final class BoundedMultipart {

    /** A boundary that the header does not name must begin within this many bytes. */
    private static final int PREAMBLE = 64 << 10;

    private final Slice content;
    private final int maxParts;
    /** Null if the header names no boundary. */
    private final Division declared;
    /** With the boundary that the content seems to have; null if none was found. */
    private Division found;

    /**
     * Scans the content.
     *
     * @param boundary from the header, as its bytes are in the content; null if there is none
     * @param limits must already have allowed a scan of the content; the parts are counted
     * @throws MailFailure if the time is over or the thread was interrupted
     */
    BoundedMultipart(Slice content, @CheckForNull byte[] boundary, ScanLimits limits) throws IOException, MailFailure {
        this.content = content;
        this.maxParts = limits.partsLeft();
        this.declared = boundary == null ? null : new Division(boundary);
        try (Lines lines = new Lines(content, limits)) {
            boolean more = true;
            while (more && lines.read()) {
                more = take(lines);
            }
        }
        for (Division division : Arrays.asList(declared, found)) {
            if (division != null) {
                division.end();
            }
        }
        limits.countParts(parts().size());
    }

    /** Takes a line into account and returns whether the next one matters. */
    private boolean take(Lines lines) {
        if (declared != null) {
            declared.take(lines);
            if (declared.divides()) {
                return !declared.done;
            }
        }
        if (found == null && lines.begin() - content.from() < PREAMBLE) {
            byte[] possible = lines.possibleBoundary();
            found = possible == null ? null : new Division(possible);
        }
        if (found != null) {
            found.take(lines);
        }
        return declared != null || found == null || !found.done;
    }

    /** The boundary of the header prevails if it divides the content. */
    @CheckForNull
    private Division chosen() {
        return declared != null && declared.divides() ? declared : found;
    }

    /** Each with its header; none if there is no boundary. */
    List<Slice> parts() {
        Division chosen = chosen();
        return chosen == null ? List.of() : chosen.parts;
    }

    /** Whether there are more parts than were read. */
    boolean incomplete() {
        Division chosen = chosen();
        return chosen != null && chosen.incomplete;
    }

    /** Whether the content has nothing that looks like a boundary, so that it is no multipart. */
    boolean undivided() {
        return chosen() == null && (declared == null || declared.boundary.length <= Lines.MAX_BOUNDARY);
    }

    /** The content, divided at the lines that are one boundary. */
    private final class Division {
        private final byte[] boundary;
        private final List<Slice> parts = new ArrayList<>();
        /** Of the current part; negative in front of the first one and behind the last one. */
        private long begin = -1;

        private long previousEnd = content.from();
        private boolean incomplete;
        private boolean done;

        Division(byte[] boundary) {
            this.boundary = boundary;
        }

        /** Whether the content has the boundary, and something behind it. */
        boolean divides() {
            return !parts.isEmpty() || incomplete;
        }

        void take(Lines lines) {
            Lines.Kind kind = done ? Lines.Kind.OTHER : lines.kind(boundary);
            // In front of the first part, it ends nothing.
            boolean last = kind == Lines.Kind.LAST_BOUNDARY && begin >= 0;
            if (last || kind == Lines.Kind.BOUNDARY) {
                if (begin >= 0) {
                    // The line end in front of a boundary belongs to it.
                    parts.add(content.part(begin, Math.max(begin, previousEnd)));
                }
                incomplete = !last && parts.size() >= maxParts;
                done = last || incomplete;
                begin = done ? -1 : lines.next();
            }
            previousEnd = lines.textEnd();
        }

        /** The last part may lack the boundary behind it. */
        void end() {
            if (begin >= 0 && begin < content.to()) {
                parts.add(content.part(begin, content.to()));
            }
        }
    }
}
