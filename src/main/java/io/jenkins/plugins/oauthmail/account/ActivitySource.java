package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.function.Supplier;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What used a mail account. The names are in files. */
@Restricted(NoExternalUse.class)
public enum ActivitySource {
    SEND_STEP(() -> "oauthMailSend"),
    READ_STEP(() -> "oauthMailRead"),
    NOTIFIER(() -> "oauthMailNotify"),
    APPROVAL(() -> "oauthMailApproval"),
    TRIGGER(() -> "oauthMailTrigger"),
    WARNING(Messages::ActivitySource_warning),
    TEST(Messages::ActivitySource_test),
    /** Mail that a user sends to look at it. */
    PREVIEW(Messages::ActivitySource_preview),
    /** A program that sent through the relay. */
    RELAY(Messages::ActivitySource_relay),
    /** A plugin that got a token to send with; what it sends is not known. */
    OTHER_PLUGIN(Messages::ActivitySource_otherPlugin),
    /** A plugin that sends by the Java API. */
    API(Messages::ActivitySource_api),
    UNKNOWN(Messages::ActivitySource_unknown);

    private final Supplier<String> text;

    ActivitySource(Supplier<String> text) {
        this.text = text;
    }

    /** The name of the step, or a word or two. */
    @NonNull
    public String getText() {
        return text.get();
    }
}
