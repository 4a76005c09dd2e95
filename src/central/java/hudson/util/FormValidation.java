package hudson.util;

import hudson.Util;
import java.io.IOException;
import org.kohsuke.stapler.HttpResponse;

/** What a form says about a field. The message is HTML. */
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
    public String toString() {
        return kind + ": " + renderHtml();
    }
}
