package io.jenkins.plugins.oauthmail.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads requests to {@link EntraFake}, notes them, finds who answers, and writes the answer. */
final class EntraRouter {

    private static final Pattern PATH = Pattern.compile("/([^/]+)/(oauth2/v2\\.0/(?:authorize|token)|login)");
    private static final Pattern CORRELATION = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final EntraFake entra;
    private final EntraTokenEndpoint tokenEndpoint;
    private final EntraSignInPage signInPage;

    EntraRouter(EntraFake entra, EntraTokenEndpoint tokenEndpoint, EntraSignInPage signInPage) {
        this.entra = entra;
        this.tokenEndpoint = tokenEndpoint;
        this.signInPage = signInPage;
    }

    void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean post = exchange.getRequestMethod().equals("POST");
            Map<String, List<String>> form =
                    EntraText.form(post ? body : exchange.getRequestURI().getRawQuery());
            note(exchange, form);
            Matcher path = PATH.matcher(exchange.getRequestURI().getRawPath());
            if (!path.matches()) {
                send(exchange, 404, "text/plain", "There is nothing here.");
            } else if (path.group(2).endsWith("/token")) {
                token(exchange, path.group(1), form);
            } else if (!knows(path.group(1))) {
                send(exchange, 400, "text/html; charset=utf-8", "<p>AADSTS90002: The tenant was not found.</p>");
            } else {
                browser(
                        exchange,
                        path.group(2).equals("login") ? signInPage.chosen(form) : signInPage.authorize(exchange, form));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(HttpExchange exchange, Map<String, List<String>> form) {
        entra.record(new EntraCall(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                EntraText.only(form, "grant_type"),
                EntraText.only(form, "client_id"),
                EntraClientCheck.kind(form),
                EntraText.only(form, "scope"),
                new TreeSet<>(form.keySet())));
    }

    private void token(HttpExchange exchange, String tenant, Map<String, List<String>> form)
            throws IOException, InterruptedException {
        entra.passHold();
        EntraAnswer answer = entra.nextAnswer();
        if (answer == null) {
            answer = knows(tenant) ? tokenEndpoint.answer(exchange, form) : EntraAnswer.aadsts(90002);
        }
        if (answer.status() == 200 && entra.losesAnswer()) {
            return;
        }
        String asked = exchange.getRequestHeaders().getFirst("client-request-id");
        String correlation = asked != null && CORRELATION.matcher(asked).matches()
                ? asked
                : UUID.randomUUID().toString();
        exchange.getResponseHeaders().set("client-request-id", correlation);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, answer.status(), answer.type(), answer.body().replace(EntraAnswer.CORRELATION, correlation));
    }

    private static void browser(HttpExchange exchange, EntraSignInPage.Answer answer) throws IOException {
        if (answer.location() != null) {
            exchange.getResponseHeaders().set("Location", answer.location());
        }
        send(exchange, answer.status(), "text/html; charset=utf-8", answer.html());
    }

    private static boolean knows(String tenant) {
        return tenant.equalsIgnoreCase(EntraFake.TENANT_ID) || tenant.equalsIgnoreCase(EntraFake.DOMAIN);
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
