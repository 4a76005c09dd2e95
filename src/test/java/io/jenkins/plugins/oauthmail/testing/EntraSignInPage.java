package io.jenkins.plugins.oauthmail.testing;

import com.sun.net.httpserver.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code /oauth2/v2.0/authorize} of {@link EntraFake} and the page it shows: one button for each person, and one to
 * cancel. Stricter than Entra in what this project promises: state, nonce, PKCE with S256, {@code response_mode=query}
 * exactly once and {@code offline_access} must be there.
 */
final class EntraSignInPage {

    /** Where an answer goes: to the application by redirect, or onto the provider's own page. */
    record Answer(int status, String location, String html) {

        static Answer redirect(String location) {
            return new Answer(302, location, "");
        }

        static Answer page(int status, String html) {
            return new Answer(
                    status,
                    null,
                    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in (test)</title></head>"
                            + "<body><h1>Sign in (test)</h1>" + html + "</body></html>");
        }
    }

    private final EntraFake entra;
    private final EntraTokens tokens;
    private final Map<String, Map<String, List<String>>> pending = new ConcurrentHashMap<>();

    EntraSignInPage(EntraFake entra, EntraTokens tokens) {
        this.entra = entra;
        this.tokens = tokens;
    }

    /** The browser arrives. */
    Answer authorize(HttpExchange exchange, Map<String, List<String>> query) {
        EntraApplication application = entra.application(EntraText.only(query, "client_id"));
        if (application == null) {
            return refusedPage("AADSTS700016: The application was not found in the directory.");
        }
        String redirectUri = EntraText.only(query, "redirect_uri");
        if (redirectUri == null || !application.redirectUris().contains(redirectUri)) {
            return refusedPage("AADSTS50011: The redirect URI does not match one that is registered.");
        }
        String wrong = wrong(query);
        if (wrong != null) {
            return refused(query, "invalid_request", "AADSTS900144: " + wrong);
        }
        Set<String> wanted = EntraText.scopes(EntraText.only(query, "scope"));
        TreeSet<String> unknown = new TreeSet<>(wanted);
        unknown.removeAll(EntraTokenEndpoint.IDENTITY);
        unknown.removeAll(application.permissions());
        if (!application.permissions().isEmpty() && !unknown.isEmpty()) {
            return refused(query, "invalid_scope", "AADSTS70011: The scope is not valid: " + unknown.first());
        }
        EntraFake.Decline decline = entra.nextDecline();
        if (decline != null) {
            return refused(query, decline.error(), decline.description());
        }
        String automatic = entra.automaticUsername();
        return automatic == null ? choice(exchange, query) : signedIn(query, entra.person(automatic));
    }

    /** A button was pressed. */
    Answer chosen(Map<String, List<String>> form) {
        Map<String, List<String>> query = pending.remove(String.valueOf(EntraText.only(form, "request")));
        if (query == null) {
            return refusedPage("This page is out of date: start again.");
        }
        String username = EntraText.only(form, "username");
        if (username == null) {
            return refused(query, "access_denied", "AADSTS65004: User declined to consent to access the app.");
        }
        EntraPerson person = entra.person(username);
        return person == null
                ? refusedPage("AADSTS50034: The user account does not exist in the directory.")
                : signedIn(query, person);
    }

    private static String wrong(Map<String, List<String>> query) {
        if (!"code".equals(EntraText.only(query, "response_type"))) {
            return "response_type must be code.";
        }
        if (!"query".equals(EntraText.only(query, "response_mode"))) {
            return "response_mode must be query, once.";
        }
        if (!"S256".equals(EntraText.only(query, "code_challenge_method"))
                || !String.valueOf(EntraText.only(query, "code_challenge")).matches("[A-Za-z0-9_-]{43}")) {
            return "A code_challenge with method S256 is required.";
        }
        if (EntraText.only(query, "state") == null || EntraText.only(query, "nonce") == null) {
            return "state and nonce are required.";
        }
        Set<String> scopes = EntraText.scopes(EntraText.only(query, "scope"));
        return scopes.contains("offline_access") && scopes.contains("openid")
                ? null
                : "scope must have openid and offline_access.";
    }

    private Answer choice(HttpExchange exchange, Map<String, List<String>> query) {
        String id = EntraText.random(24);
        pending.put(id, query);
        String action = exchange.getRequestURI().getRawPath().replaceFirst("/oauth2/v2\\.0/authorize$", "/login");
        StringBuilder html = new StringBuilder("<p>Suggested: "
                + EntraText.html(String.valueOf(EntraText.only(query, "login_hint"))) + "</p><p>Permissions asked for: "
                + EntraText.html(EntraText.only(query, "scope")) + "</p><form method=\"post\" action=\"" + action
                + "\"><input type=\"hidden\" name=\"request\" value=\"" + id + "\">");
        for (EntraPerson person : entra.people()) {
            html.append("<p><button name=\"username\" value=\"")
                    .append(EntraText.html(person.username()))
                    .append("\">")
                    .append(EntraText.html(person.username()))
                    .append("</button></p>");
        }
        return Answer.page(200, html + "<p><button>Cancel</button></p></form>");
    }

    private Answer signedIn(Map<String, List<String>> query, EntraPerson person) {
        String code = tokens.newCode(new EntraTokens.Code(
                EntraText.only(query, "client_id"),
                person,
                EntraText.only(query, "redirect_uri"),
                EntraText.only(query, "code_challenge"),
                EntraText.only(query, "nonce"),
                EntraText.scopes(EntraText.only(query, "scope")),
                entra.now().plus(EntraTokens.CODE_LIFE)));
        return back(query, "code", code, "session_state", EntraText.random(20));
    }

    private static Answer refused(Map<String, List<String>> query, String error, String description) {
        return back(query, "error", error, "error_description", description);
    }

    private static Answer back(Map<String, List<String>> query, String... pairs) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            parameters.put(pairs[i], pairs[i + 1]);
        }
        String state = EntraText.only(query, "state");
        if (state != null) {
            parameters.put("state", state);
        }
        String redirectUri = EntraText.only(query, "redirect_uri");
        return Answer.redirect(redirectUri + (redirectUri.contains("?") ? "&" : "?") + EntraText.query(parameters));
    }

    private static Answer refusedPage(String words) {
        return Answer.page(
                400, "<p>Sorry, but we are having trouble signing you in.</p><p>" + EntraText.html(words) + "</p>");
    }
}
