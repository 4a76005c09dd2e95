package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does at {@link EntraFake} what a person does in a browser, up to the redirect back to the application. */
public final class EntraBrowser {

    private static final Pattern FORM =
            Pattern.compile("action=\"([^\"]+)\"><input type=\"hidden\" name=\"request\" value=\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newBuilder()
            .sslContext(TestCa.get().clientContext())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * Opens the sign-in page and presses a button.
     *
     * @param url where the application sends the browser
     * @param username whose button; null for Cancel
     * @return where the provider sends the browser then, with code or error in its query
     * @throws IOException if the provider shows a page of its own instead; the message holds its text
     * @throws InterruptedException if interrupted
     */
    @NonNull
    public URI signIn(@NonNull URI url, @CheckForNull String username) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(url).GET());
        Matcher form = FORM.matcher(answer.body());
        if (answer.statusCode() == 200 && form.find()) {
            String body = "request=" + form.group(2)
                    + (username == null ? "" : "&username=" + URLEncoder.encode(username, StandardCharsets.UTF_8));
            answer = send(HttpRequest.newBuilder(url.resolve(form.group(1)))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
        }
        if (answer.statusCode() != 302) {
            throw new IOException("HTTP " + answer.statusCode() + ": " + answer.body());
        }
        return URI.create(answer.headers().firstValue("Location").orElseThrow());
    }

    /**
     * One parameter of a URL's query.
     *
     * @return its decoded value, or null unless it is there exactly once
     */
    @CheckForNull
    public static String parameter(@NonNull URI url, @NonNull String name) {
        Map<String, List<String>> query = EntraText.form(url.getRawQuery());
        return EntraText.only(query, name);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
