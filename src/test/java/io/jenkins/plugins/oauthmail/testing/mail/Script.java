package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a fake server does out of the ordinary: answers certain commands itself, or drops the connection there. Rules
 * may be added and taken away while the server runs.
 */
public final class Script {

    /** In front of a line that gets no tag. */
    static final String BARE = "\u0001";

    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final AtomicInteger commands = new AtomicInteger();
    private volatile Every every;

    Script() {}

    /**
     * Answers commands without carrying them out.
     *
     * @param start beginning of the command, case ignored; for IMAP without its tag; {@code .} is the line that ends
     *     the content of a mail in SMTP
     * @param reply the answer as it goes over the wire, without its last line end; for IMAP a line that begins with
     *     {@code *} or {@code +} goes as it is, one that begins with {@code |} without that, any other gets the
     *     command's tag
     * @return this script
     */
    @NonNull
    public Script reply(@NonNull String start, @NonNull String reply) {
        return reply(start, reply, Integer.MAX_VALUE);
    }

    /**
     * Answers the first few commands only.
     *
     * @param start as in {@link #reply(String, String)}
     * @param reply as in {@link #reply(String, String)}
     * @param times how often; then the command works again
     * @return this script
     */
    @NonNull
    public Script reply(@NonNull String start, @NonNull String reply, int times) {
        rules.add(new Rule(start.toUpperCase(Locale.ROOT), reply, false, new AtomicInteger(times)));
        return this;
    }

    /**
     * Closes the connection when a command comes, without an answer.
     *
     * @param start as in {@link #reply(String, String)}
     * @return this script
     */
    @NonNull
    public Script drop(@NonNull String start) {
        return drop(start, Integer.MAX_VALUE);
    }

    /**
     * As {@link #drop(String)}, the first few times only.
     *
     * @param start as in {@link #reply(String, String)}
     * @param times how often; then the command works again
     * @return this script
     */
    @NonNull
    public Script drop(@NonNull String start, int times) {
        rules.add(new Rule(start.toUpperCase(Locale.ROOT), null, false, new AtomicInteger(times)));
        return this;
    }

    /**
     * Answers a command and closes the connection.
     *
     * @param start as in {@link #reply(String, String)}
     * @param reply as in {@link #reply(String, String)}
     * @return this script
     */
    @NonNull
    public Script replyAndDrop(@NonNull String start, @NonNull String reply) {
        return replyAndDrop(start, reply, Integer.MAX_VALUE);
    }

    /**
     * As {@link #replyAndDrop(String, String)}, the first few times only.
     *
     * @param start as in {@link #reply(String, String)}
     * @param reply as in {@link #reply(String, String)}
     * @param times how often
     * @return this script
     */
    @NonNull
    public Script replyAndDrop(@NonNull String start, @NonNull String reply, int times) {
        rules.add(new Rule(start.toUpperCase(Locale.ROOT), reply, true, new AtomicInteger(times)));
        return this;
    }

    /**
     * Answers a command with a line that has neither a tag nor {@code *} in front, and with nothing else.
     *
     * @param start as in {@link #reply(String, String)}
     * @param line as it goes over the wire
     * @return this script
     */
    @NonNull
    public Script bare(@NonNull String start, @NonNull String line) {
        return reply(start, BARE + line);
    }

    /**
     * Lets a command wait, and closes the connection without an answer then.
     *
     * @param start as in {@link #reply(String, String)}
     * @param arrived is counted down when the command has come
     * @param until what it waits for
     * @return this script
     */
    @NonNull
    public Script hold(@NonNull String start, @NonNull CountDownLatch arrived, @NonNull CountDownLatch until) {
        rules.add(new Rule(
                start.toUpperCase(Locale.ROOT),
                null,
                false,
                new AtomicInteger(Integer.MAX_VALUE),
                () -> {
                    arrived.countDown();
                    until.await();
                    return null;
                },
                false));
        return this;
    }

    /**
     * Does something when a command comes for the first time, and carries the command out as usual then.
     *
     * @param start as in {@link #reply(String, String)}
     * @param action what to do
     * @return this script
     */
    @NonNull
    public Script before(@NonNull String start, @NonNull Callable<Void> action) {
        rules.add(new Rule(start.toUpperCase(Locale.ROOT), null, false, new AtomicInteger(1), action, true));
        return this;
    }

    /**
     * Answers the first such command without carrying it out, after something else has happened. A BYE closes the
     * connection.
     *
     * @param start as in {@link #reply(String, String)}
     * @param reply as in {@link #reply(String, String)}
     * @param first what happens before the answer
     * @return this script
     */
    @NonNull
    public Script once(@NonNull String start, @NonNull String reply, @NonNull Happening first) {
        rules.add(new Rule(
                start.toUpperCase(Locale.ROOT),
                reply,
                reply.startsWith("* BYE"),
                new AtomicInteger(1),
                () -> {
                    first.happen();
                    return null;
                },
                false));
        return this;
    }

    /**
     * Answers each nth command without carrying it out, logins excepted.
     *
     * @param n such as 3
     * @param reply as in {@link #reply(String, String)}
     * @return this script
     */
    @NonNull
    public Script every(int n, @NonNull String reply) {
        commands.set(0);
        every = new Every(n, new Rule("", reply, false, new AtomicInteger(Integer.MAX_VALUE)));
        return this;
    }

    private record Every(int n, Rule rule) {}

    /** Something that happens on a server. */
    @FunctionalInterface
    public interface Happening {
        void happen() throws Exception;
    }

    /** Forgets all rules. */
    public void clear() {
        rules.clear();
        every = null;
    }

    @CheckForNull
    Rule match(String command) {
        String upper = command.toUpperCase(Locale.ROOT);
        Every sometimes = every;
        if (sometimes != null
                && !upper.matches("(AUTHENTICATE|AUTH|LOGOUT|QUIT|DONE|\\().*")
                && commands.incrementAndGet() % sometimes.n() == 0) {
            return sometimes.rule();
        }
        for (Rule rule : rules) {
            if (upper.startsWith(rule.start()) && rule.left().getAndDecrement() > 0) {
                if (rule.first() != null) {
                    wait(rule.first());
                }
                if (!rule.proceeds()) {
                    return rule;
                }
            }
        }
        return null;
    }

    private static void wait(Callable<Void> something) {
        try {
            something.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param reply null to say nothing
     * @param first done before anything is said, or null
     * @param proceeds whether the command is carried out as if there were no rule
     */
    record Rule(
            String start,
            @CheckForNull String reply,
            boolean dropAfter,
            AtomicInteger left,
            @CheckForNull Callable<Void> first,
            boolean proceeds) {
        Rule(String start, String reply, boolean dropAfter, AtomicInteger left) {
            this(start, reply, dropAfter, left, null, false);
        }

        boolean drops() {
            return reply == null || dropAfter;
        }
    }
}
