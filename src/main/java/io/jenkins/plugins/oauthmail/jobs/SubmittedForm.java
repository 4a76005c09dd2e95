package io.jenkins.plugins.oauthmail.jobs;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import jakarta.servlet.ServletException;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.sf.json.JSONException;
import net.sf.json.JSONObject;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What a form of one of our pages sent. Scripts send forms, too, so it may be missing, or not be what the page would send;
 * that is answered with 400 and a sentence. Nothing of it is logged or sent back, as there may be passwords in it.
 */
@Restricted(NoExternalUse.class)
public final class SubmittedForm {
    private static final Logger LOGGER = Logger.getLogger(SubmittedForm.class.getName());
    private static final int BAD_REQUEST = 400;

    private SubmittedForm() {}

    /** Whether the request has a form at all. */
    public static boolean isIn(@NonNull StaplerRequest2 request) {
        String type = request.getContentType();
        return type != null && type.startsWith("multipart/")
                || Util.fixEmptyAndTrim(request.getParameter("json")) != null;
    }

    /**
     * The form as an object.
     *
     * @throws HttpResponses.HttpResponseException that answers the request, if there is none or it cannot be read
     */
    @NonNull
    public static JSONObject of(@NonNull StaplerRequest2 request) {
        if (!isIn(request)) {
            throw unreadable();
        }
        JSONObject form;
        try {
            form = request.getSubmittedForm();
        } catch (ServletException | RuntimeException | StackOverflowError e) {
            LOGGER.log(Level.FINE, "A form cannot be read: {0}", e.getClass().getName());
            throw unreadable();
        }
        if (form == null || form.isNullObject()) {
            throw unreadable();
        }
        return form;
    }

    /**
     * A text in the form.
     *
     * @param name its name
     * @return without white space around it; empty if there is none
     * @throws HttpResponses.HttpResponseException as {@link #of} throws it
     */
    @NonNull
    public static String text(@NonNull StaplerRequest2 request, @NonNull String name) {
        return of(request).optString(name).strip();
    }

    /**
     * An object with what the form holds.
     *
     * @param type the class of the object
     * @throws HttpResponses.HttpResponseException as {@link #of} throws it
     */
    @NonNull
    public static <T> T bind(@NonNull StaplerRequest2 request, @NonNull Class<T> type) {
        JSONObject form = of(request);
        T bound;
        try {
            bound = request.bindJSON(type, form);
        } catch (IllegalArgumentException | JSONException | LinkageError e) {
            // As Stapler says that a value is of another type, or that the class of a part does not exist.
            LOGGER.log(Level.FINE, "A form does not fit: {0}", e.getClass().getName());
            throw unreadable();
        }
        if (bound == null) {
            throw unreadable();
        }
        return bound;
    }

    /** The answer to a form that cannot be read. */
    @NonNull
    public static HttpResponses.HttpResponseException unreadable() {
        return HttpResponses.errorWithoutStack(BAD_REQUEST, Messages.SubmittedForm_unreadable());
    }
}
