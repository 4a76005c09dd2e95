package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** What a form says about a field. {@link #getMessage()} is HTML; {@link #renderHtml()} the same, or nothing. */
public abstract class FormValidation extends IOException implements HttpResponse {
    private static final long serialVersionUID = 1;
    private static final FormValidation OK = respond(Kind.OK, "<div/>");

    public final Kind kind;

    /** How bad it is. */
    public enum Kind {
        OK,
        WARNING,
        ERROR
    }

    private FormValidation(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static FormValidation ok() {
        return OK;
    }

    public static FormValidation ok(String message) {
        return okWithMarkup(Util.escape(message));
    }

    public static FormValidation ok(String format, Object... args) {
        return ok(String.format(format, args));
    }

    public static FormValidation warning(String message) {
        return warningWithMarkup(Util.escape(message));
    }

    public static FormValidation warning(String format, Object... args) {
        return warning(String.format(format, args));
    }

    public static FormValidation error(String message) {
        return errorWithMarkup(Util.escape(message));
    }

    public static FormValidation error(String format, Object... args) {
        return error(String.format(format, args));
    }

    public static FormValidation okWithMarkup(String message) {
        return message == null ? OK : respond(Kind.OK, message, message);
    }

    public static FormValidation warningWithMarkup(String message) {
        return message == null ? OK : respond(Kind.WARNING, message, message);
    }

    public static FormValidation errorWithMarkup(String message) {
        return message == null ? OK : respond(Kind.ERROR, message, message);
    }

    public static FormValidation respond(Kind kind, String html) {
        return respond(kind, html, null);
    }

    /** The worst kind, with every message. */
    @NonNull
    public static FormValidation aggregate(@NonNull Collection<FormValidation> validations) {
        if (validations.size() < 2) {
            return validations.stream().findFirst().orElse(OK);
        }
        Kind worst = validations.stream()
                .map(one -> one.kind)
                .max(Comparator.naturalOrder())
                .orElse(Kind.OK);
        return respond(
                worst, validations.stream().map(FormValidation::renderHtml).collect(Collectors.joining("<br>")));
    }

    public static FormValidation validateRequired(String value) {
        return Util.fixEmptyAndTrim(value) == null ? error("Required") : ok();
    }

    public static FormValidation validateIntegerInRange(String value, int lower, int upper) {
        try {
            int number = Integer.parseInt(value);
            return number < lower || number > upper ? error("Not between " + lower + " and " + upper) : ok();
        } catch (NumberFormatException e) {
            return error("Not an integer");
        }
    }

    private static FormValidation respond(Kind kind, String html, String message) {
        return new FormValidation(kind, message) {
            private static final long serialVersionUID = 1;

            @Override
            public String renderHtml() {
                return html;
            }
        };
    }

    public abstract String renderHtml();

    @Override
    public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object node)
            throws IOException, ServletException {
        rsp.setContentType("text/html;charset=UTF-8");
        rsp.getWriter().print(renderHtml());
    }

    @Override
    public String toString() {
        return kind + ": " + renderHtml();
    }
}
