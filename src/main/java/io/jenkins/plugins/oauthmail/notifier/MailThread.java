package io.jenkins.plugins.oauthmail.notifier;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.jobs.DraftHeaders;
import io.jenkins.plugins.oauthmail.mail.model.MessageId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Makes one conversation of the messages about a job from its first failure to its fix. Other plugins record and use the
 * same Message-IDs.
 */
abstract class MailThread implements ExtensionPoint {
    /** Each build is loaded from disk. */
    private static final int MAX_BUILDS = 100;

    /** Mail programs need the last message, and some the first; a header field must not grow with each failure. */
    private static final int MAX_REFERENCES = 20;

    /** The Message-ID of the first message about a build; null if none was sent. */
    @CheckForNull
    abstract String find(@NonNull Run<?, ?> build);

    /** Records the Message-ID of a message about a build, unless there is one. */
    abstract void record(@NonNull Run<?, ?> build, @NonNull String messageId);

    /** The headers with which a message about a build answers those about the failures before it. */
    @NonNull
    static DraftHeaders headers(@NonNull Run<?, ?> build) {
        for (MailThread thread : ExtensionList.lookup(MailThread.class)) {
            List<String> conversation = thread.before(build);
            if (!conversation.isEmpty()) {
                return new DraftHeaders(String.join(" ", conversation), null, null);
            }
        }
        return DraftHeaders.NONE;
    }

    /** Records that a message about a build was sent. */
    static void sent(@NonNull Run<?, ?> build, @NonNull String messageId) {
        ExtensionList.lookup(MailThread.class).forEach(thread -> thread.record(build, messageId));
    }

    /** Oldest first. */
    private List<String> before(Run<?, ?> build) {
        List<String> ids = new ArrayList<>();
        Run<?, ?> before = build.getPreviousCompletedBuild();
        for (int builds = 0;
                builds < MAX_BUILDS && before != null && before.getResult() != Result.SUCCESS;
                builds++, before = before.getPreviousCompletedBuild()) {
            String id = find(before);
            if (id != null && MessageId.parse(id).filter(MessageId::isSendable).isPresent()) {
                if (ids.size() == MAX_REFERENCES) {
                    // Makes room for what may turn out to be the first.
                    ids.remove(MAX_REFERENCES - 1);
                }
                ids.add(id);
            }
        }
        Collections.reverse(ids);
        return ids;
    }
}
