package io.jenkins.plugins.oauthmail.faults;

import io.jenkins.plugins.oauthmail.faults.Fault.How;
import java.util.ArrayList;
import java.util.List;

/** What can go wrong at one line of Microsoft Graph. */
final class GraphFaults {
    private static final String PAGE = "<html>Oops</html>";

    private GraphFaults() {}

    static List<Fault> at(Point point) {
        return point.server() ? atLine(point) : atRequest(point);
    }

    private static List<Fault> atLine(Point point) {
        List<Fault> faults = new ArrayList<>(Fault.ofLines());
        boolean content = point.about().endsWith("/$VALUE");
        if (point.literal()) {
            if (content) {
                faults.removeIf(fault -> fault.how() == How.DRIP || fault.how() == How.ENDLESS);
                return faults;
            }
            faults.add(new Fault("no-json", How.CHANGES, "^\\{=>["));
            faults.add(new Fault("id-is-number", How.CHANGES, "\"id\":\"[^\"]*\"=>\"id\":77"));
            faults.add(new Fault("no-id", How.CHANGES, "\"id\":=>\"idd\":"));
            faults.add(new Fault("no-value", How.CHANGES, "\"value\":=>\"valeu\":"));
            faults.add(new Fault("value-is-text", How.CHANGES, "\"value\":=>\"value\":\"x\",\"valeu\":"));
            faults.add(new Fault("no-link", How.CHANGES, "\"@odata\\.(next|delta)Link\"=>\"@odata.noLink\""));
            faults.add(new Fault("link-is-number", How.CHANGES, "(\"@odata\\.(next|delta)Link\":)\"[^\"]*\"=>$177"));
            faults.add(new Fault(
                    "link-elsewhere",
                    How.CHANGES,
                    "(\"@odata\\.(next|delta)Link\":\")[^\"]*\"=>$1https://example.com/v1.0/x\""));
            return faults;
        }
        if (!point.text().isEmpty()) {
            faults.add(new Fault("lost", How.LOST));
            faults.add(new Fault("twice", How.TWICE));
        }
        faults.addAll(Fault.ofHttp(point));
        if (point.about().matches(".*/SEND(MAIL)?")) {
            // Nobody who redirects has sent anything.
            faults.removeIf(fault -> fault.name().equals("status-307"));
        }
        if (content) {
            // Of the content it would be a lie that nobody can see through.
            faults.removeIf(fault -> fault.name().matches("length-(0|100)"));
        }
        return faults;
    }

    private static List<Fault> atRequest(Point point) {
        List<Fault> faults = new ArrayList<>();
        faults.add(new Fault("cut-unread", How.CUT_BEFORE));
        faults.add(new Fault("cut-unread-always", How.CUT_BEFORE, null, true));
        faults.addAll(Fault.answers("400", "400 Bad Request", "", error("BadRequest")));
        faults.addAll(Fault.answers("401", "401 Unauthorized", "", error("InvalidAuthenticationToken")));
        faults.addAll(Fault.answers("403", "403 Forbidden", "", error("ErrorAccessDenied")));
        faults.addAll(Fault.answers("404-empty", "404 Not Found", "", ""));
        faults.addAll(Fault.answers("409", "409 Conflict", "", error("ErrorIrresolvableConflict")));
        faults.addAll(Fault.answers("412", "412 Precondition Failed", "", error("ErrorIrresolvableConflict")));
        faults.addAll(Fault.answers("429", "429 Too Many Requests", "Retry-After: 25\r\n", error("TooManyRequests")));
        faults.addAll(
                Fault.answers("429-never", "429 Too Many Requests", "Retry-After: 99999999999999999999\r\n", PAGE));
        faults.addAll(Fault.answers("429-date", "429 Too Many Requests", "Retry-After: tomorrow\r\n", ""));
        faults.addAll(Fault.answers("500-page", "500 Oops", "", PAGE));
        faults.addAll(Fault.answers("503", "503 Later", "Retry-After: 25\r\n", error("serviceNotAvailable")));
        faults.addAll(Fault.answers("504-page", "504 Gateway Timeout", "", PAGE));
        faults.addAll(Fault.answers("302", "302 Found", "Location: https://localhost:1/\r\n", ""));
        faults.addAll(Fault.answers("200-page", "200 OK", "", PAGE));
        faults.addAll(Fault.answers("200-array", "200 OK", "", "[1]"));
        faults.addAll(Fault.answers("200-deep", "200 OK", "", "[".repeat(20_000)));
        if (!point.text().startsWith("DELETE")) {
            faults.addAll(Fault.answers("200-empty", "200 OK", "", ""));
            faults.addAll(Fault.answers("204", "204 No Content", "", ""));
        }
        if (point.text().startsWith("GET")) {
            faults.addAll(Fault.answers("200-object", "200 OK", "", "{}"));
            faults.addAll(Fault.answers("410", "410 Gone", "", error("SyncStateNotFound")));
        }
        return faults;
    }

    private static String error(String code) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"No.\"}}";
    }
}
