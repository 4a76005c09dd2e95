package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import java.util.Date;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** An answer that does not count, for the record. Kept with the build. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class RejectedAnswer {
    private final String from;
    private final String messageId;
    private final long time;
    private final String reason;

    /** @param from who claims to have sent it */
    RejectedAnswer(@NonNull String from, @CheckForNull String messageId, long time, @NonNull String reason) {
        this.from = StoredXml.storable(from);
        this.messageId = StoredXml.storable(messageId);
        this.time = time;
        this.reason = StoredXml.storable(reason);
    }

    /** Whether this is about the same message, as far as is known. */
    boolean isOfSameMessage(@NonNull RejectedAnswer other) {
        return messageId != null && messageId.equals(other.messageId) && from.equals(other.from);
    }

    boolean isBecauseOf(@NonNull Refusal refusal, @NonNull Approval approval) {
        return reason.equals(StoredXml.storable(refusal.reason(approval)));
    }

    @Exported
    @NonNull
    public String getFrom() {
        return from;
    }

    @Exported
    @CheckForNull
    public String getMessageId() {
        return messageId;
    }

    @Exported
    @NonNull
    public Date getTime() {
        return new Date(time);
    }

    @Exported
    @NonNull
    public String getReason() {
        return reason;
    }
}
