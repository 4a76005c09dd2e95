package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Escapes text for HTML in messages. */
@Restricted(NoExternalUse.class)
public final class HtmlEscape {
    private HtmlEscape() {}

    /** Escapes text for elements and quoted attributes. */
    @NonNull
    public static String escape(@NonNull String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Like {@link #escape}, but preserves line breaks. */
    @NonNull
    public static String escapeLines(@NonNull String text) {
        return escape(text).replaceAll("\r\n|\r|\n", "<br>\n");
    }
}
