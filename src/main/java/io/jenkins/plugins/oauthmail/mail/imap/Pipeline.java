package io.jenkins.plugins.oauthmail.mail.imap;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.LiteralException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

/**
 * The commands under way on a connection. Several can be sent before the first is answered, which costs one round trip
 * together (RFC 3501 section 5.5). The tag decides which command an answer completes. Untagged data carries no tag, and
 * servers may delay the tagged answers of some commands until they have sent the data of others, so it is given to all
 * commands under way; whoever sends them together must be able to tell their data apart, as by item and message. Two
 * SEARCH commands must not be sent together.
 */
final class Pipeline {

    private final ImapWire wire;
    private final Map<String, Asked> underWay = new LinkedHashMap<>();
    /** Whether the data of a command that was sent with those under way is kept, and with it that of all of them. */
    private boolean keeps;

    /** The highest number of messages that the server has announced. */
    private int announced;
    /** The lowest number of a message that the server has removed from the numbering. */
    private int removed = Integer.MAX_VALUE;

    private Response bye;
    /** Why the session is over; null while it is not. */
    private Response ended;

    Pipeline(ImapWire wire) {
        this.wire = wire;
    }

    /** A command that was sent. */
    static final class Asked {
        private final List<Response> data = new ArrayList<>();
        private final Consumer<Response> taker;
        private ServerAnswer answer;

        private Asked(@CheckForNull Consumer<Response> taker) {
            this.taker = taker == null ? data::add : taker;
        }

        private void complete(Response last) {
            List<Response> all = new ArrayList<>(data);
            all.add(last);
            answer = ServerAnswer.of(all.toArray(new Response[0]));
            data.clear();
        }

        /** Whether the server has completed it, or the session is over. */
        boolean isComplete() {
            return answer != null;
        }
    }

    /** Sends a command without waiting for the commands before it. */
    Asked send(String command, @CheckForNull Argument arguments) {
        return send(command, arguments, null);
    }

    /**
     * Same as {@link #send(String, Argument)}.
     *
     * @param taker receives the untagged data as it comes, in place of {@link ServerAnswer#data()}; once, even if it
     *     was given to several commands
     */
    Asked send(String command, @CheckForNull Argument arguments, @CheckForNull Consumer<Response> taker) {
        Asked asked = new Asked(taker);
        keeps = taker == null || keeps && !underWay.isEmpty();
        if (ended == null) {
            try {
                underWay.put(wire.send(command, arguments), asked);
                return asked;
            } catch (LiteralException refused) {
                asked.complete(refused.getResponse());
                return asked;
            } catch (IOException | ProtocolException e) {
                end(bye == null ? Response.byeResponse(e) : bye);
            }
        }
        asked.complete(ended);
        return asked;
    }

    /** Reads until a command is completed. */
    ServerAnswer await(Asked asked) {
        read(() -> asked.isComplete());
        return asked.answer;
    }

    /** Reads until something is true, or the session is over. */
    void read(Enough enough) {
        if (enough.reached() || ended != null) {
            return;
        }
        wire.beginAnswer();
        try {
            do {
                step();
            } while (ended == null && !enough.reached());
        } finally {
            wire.endAnswer();
        }
    }

    /** Whether no more has to be read. */
    interface Enough {
        boolean reached();
    }

    /** Reads the rest of all answers, whose data is not needed any more. */
    void drain() {
        read(underWay::isEmpty);
    }

    /** Whether another command can be sent and no answer is due. */
    boolean isIdle() {
        return ended == null && bye == null && underWay.isEmpty();
    }

    /** Whether the session is over: the server ended it, or the connection was lost or has become useless. */
    boolean isEnded() {
        return ended != null;
    }

    private void step() {
        Response response;
        try {
            response = wire.next();
        } catch (IOException e) {
            end(bye == null ? Response.byeResponse(e) : bye);
            return;
        }
        if (response.isBYE()) {
            bye = response;
            return;
        }
        wire.notifyResponseHandlers(new Response[] {response});
        if (!response.isTagged()) {
            if (response instanceof IMAPResponse told) {
                note(told);
            }
            Set<Consumer<Response>> takers = new LinkedHashSet<>();
            underWay.values().forEach(asked -> takers.add(asked.taker));
            takers.forEach(taker -> taker.accept(response));
            return;
        }
        Asked done = underWay.remove(response.getTag());
        if (done != null) {
            done.complete(bye == null ? response : bye);
            if (!keeps || underWay.isEmpty()) {
                wire.forgetSize();
            }
            wire.beginAnswer();
        }
        if (bye != null) {
            end(bye);
        }
    }

    /** Also from answers that nobody waits for any more: the server does not say it again. */
    private void note(IMAPResponse told) {
        if (told.keyEquals("EXISTS")) {
            announced = Math.max(announced, told.getNumber());
        } else if (told.keyEquals("EXPUNGE")) {
            removed = Math.min(removed, told.getNumber());
        }
    }

    /** The highest number of messages that the server has announced since {@link #forgetNumbers}. */
    int announced() {
        return announced;
    }

    /** The lowest number of a message that it has removed from the numbering since then; high if there is none. */
    int removed() {
        return removed;
    }

    /** Must be called before a folder is opened. */
    void forgetNumbers() {
        announced = 0;
        removed = Integer.MAX_VALUE;
    }

    private void end(Response why) {
        ended = why;
        underWay.values().forEach(asked -> asked.complete(why));
        underWay.clear();
        wire.disconnect();
    }
}
