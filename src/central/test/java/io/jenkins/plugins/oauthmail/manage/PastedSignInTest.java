package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.security.AccessDeniedException3;
import io.jenkins.inmemory.InMemoryRequest;
import io.jenkins.inmemory.InMemorySession;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.EntraBrowser;
import io.jenkins.plugins.oauthmail.testing.EntraPerson;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import io.jenkins.plugins.oauthmail.token.entra.AuthorizationRequest;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import jenkins.model.Jenkins;
import jenkins.util.ClientHttpRedirect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.HttpResponse;

/** Authorizing where Microsoft does not redirect to Jenkins. */
class PastedSignInTest {
    private static final String ADMIN = "admin";
    private static final String OTHER_ACCOUNT = "other-mail";
    private static final String STRANGER = "mallory@contoso.test";

    private final InMemorySession session = new InMemorySession();
    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        rig.entra().add(EntraPerson.named(STRANGER));
        rig.jenkins().setRootUrl("http://jenkins:8080/");
        MailAccount other = new MailAccount(OTHER_ACCOUNT, JenkinsRig.ADDRESS, JenkinsRig.APPLICATION);
        OAuthMailConfiguration.get().put(other, null);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void authorizes() throws Exception {
        Notice notice = finish(signIn(JenkinsRig.ADDRESS));
        assertTrue(notice.good(), notice.text());
        assertEquals(
                List.of(JenkinsRig.ADDRESS),
                rig.send(Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x"))
                        .get("accepted"));
    }

    @Test
    void worksWhileJenkinsDoesNotKnowItsUrl() throws Exception {
        rig.jenkins().setRootUrl(null);
        assertTrue(finish(signIn(JenkinsRig.ADDRESS)).good());
    }

    @Test
    void authorizeLeadsToItUnlessTheBrowserCanBeRedirected() throws Exception {
        for (String url : new String[] {"http://jenkins:8080/", "http://localhost.example.test/", null}) {
            rig.jenkins().setRootUrl(url);
            assertEquals(
                    "redirect to manage/mail-accounts/account/build-mail/paste/",
                    ((Exception) authorize()).getMessage(),
                    url);
        }
        for (String url : List.of("https://jenkins.example.test/", "http://localhost:8080/", "http://127.0.0.1/")) {
            rig.jenkins().setRootUrl(url);
            assertTrue(((ClientHttpRedirect) authorize()).redirectUrl().contains("oauth-mail%2Fredirect"), url);
        }
    }

    /** The pasted text for the address of a sign-in. */
    private enum Surroundings {
        WRAPPED(address -> address.replaceAll("(.{40})", "$1\r\n")),
        QUOTED(address -> "> " + address.replaceAll("(.{72})", "$1\n> ")),
        INDENTED(address -> "  " + address.replaceAll("(.{60})", "$1 \n    ")),
        WRAPPED_WITH_SPACES(address -> address.replaceAll("(.{50})", "$1 ")),
        IN_A_SENTENCE(address -> "The address is " + address + " as far as I can see."),
        TEXT_ABOVE_AND_BELOW(address -> "Here it is\n\n" + address + "\nKind regards\nAnna"),
        WRAPPED_IN_A_SENTENCE(address -> "Here it is: " + address.replaceAll("(.{60})", "$1\n") + " (I hope)"),
        IN_BRACKETS(address -> "<" + address + ">"),
        IN_QUOTES(address -> "\"" + address + "\","),
        STATE_AT_THE_END(address -> address.replaceFirst("&session_state=[^&]*", "")
                .replaceFirst("(code=[^&]*)&(state=.*)", "$1&$2.\nYours")),
        CODE_AT_THE_END(address -> address.replaceFirst("&session_state=[^&]*", "")
                .replaceFirst("(code=[^&]*)&(state=.*)", "$2&$1")
                .replaceAll("(.{70})", "$1\n")),
        LINK(address -> "[link](" + address + ")"),
        MARKUP(address -> "<a href=\"" + address.replace("&", "&amp;") + "\">"),
        WITHOUT_SCHEME(address -> address.replaceFirst("http://", "")),
        UPPER_CASE_HOST(address -> address.replaceFirst("http://localhost", "HTTP://LocalHost")),
        AFTER_AN_OLD_ONE(address -> "http://localhost/oauth-mail?code=old&state=old\n" + address),
        TWICE(address -> address + " " + address),
        INVISIBLE_CHARACTERS(address -> "\ufeff\u200b" + address.replaceFirst("&", "\u00ad&\u200b") + "\u00a0");

        private final UnaryOperator<String> text;

        Surroundings(UnaryOperator<String> text) {
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource(Surroundings.class)
    void findsTheAddressInWhatIsPasted(Surroundings surroundings) throws Exception {
        Notice notice = finish(surroundings.text.apply(signIn(JenkinsRig.ADDRESS)));
        assertTrue(notice.good(), notice.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \r\n\t\u00a0\u200b",
                "code=1.abc&state=xyz",
                "1.AXoAabc",
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?state=STATE",
                "https://jenkins.example.test/oauth-mail/redirect?code=c&state=STATE",
                "https://localhost/oauth-mail?code=c&state=STATE",
                "http://localhost:8080/oauth-mail?code=c&state=STATE",
                "http://localhost/oauth-mail/redirect?code=c&state=STATE",
                "http://localhost.evil.test/oauth-mail?code=c&state=STATE",
                "http://localhost@evil.test/oauth-mail?code=c&state=STATE",
                "http://evil.test/http://localhost/oauth-mail?code=c&state=STATE",
                "http://evil.test/?x=http://localhost/oauth-mail?code=c&state=STATE",
                "evil.localhost/oauth-mail?code=c&state=STATE",
                "http://localhost/oauth-mail",
                "http://localhost/oauth-mail?",
                "http://localhost/oauth-mail?code=c",
                "http://localhost/oauth-mail?code=&state=STATE",
                "http://localhost/oauth-mail?code=c%4&state=STATE",
                "http://localhost/oauth-mail?code=c&code=d&state=STATE",
                "http://localhost/oauth-mail?code=c&state=STATE&state=STATE",
                "http://localhost/oauth-mail?state=STATE",
                "http://localhost/oauth-mail?code=c&state=another",
                "http://localhost/oauth-mail#code=c&state=STATE",
                "http://localhost/oauth-mail?error=access_denied&state=another",
                "null"
            })
    void textThatIsNotTheAnswerLeavesTheSignInOpen(String text) throws Exception {
        String address = signIn(JenkinsRig.ADDRESS);
        Notice refusal = finish(text.replace("STATE", EntraBrowser.parameter(URI.create(address), "state")));
        assertFalse(refusal.good());
        assertTrue(finish(address).good());
    }

    @Test
    void saysWhatIsWrongWithThePastedText() throws Exception {
        String address = signIn(JenkinsRig.ADDRESS);
        assertSays("Nothing was pasted. Press Sign in at Microsoft", finish(" "));
        assertSays("Nothing was pasted.", finish(null));
        assertSays("The pasted text is too long (1,000,000 characters", finish("x".repeat(1_000_000)));
        assertSays("The pasted text is too long", finish(address + "&x=" + "y".repeat(1_000_000)));
        assertSays(
                "The pasted text does not contain an address that begins with http://localhost/oauth-mail.",
                finish("code=secret"));
        assertSays(
                "The pasted address begins with https://login.microsoftonline.com, not with"
                        + " http://localhost/oauth-mail. Continue the sign-in",
                finish("https://login.microsoftonline.com/x?code=secret"));
        assertSays(
                "The pasted address is incomplete.",
                finish(address.substring(0, address.indexOf("code=") + "code=".length())));
        assertSays("The pasted address is incomplete.", finish(address.replaceFirst("code=[^&]*&", "")));
        assertSays("The pasted address is incomplete.", finish(address.replaceFirst("&state=[^&]*", "")));
        assertTrue(finish(address).good());
    }

    @Test
    void anAddressWorksOnlyOnce() throws Exception {
        String address = signIn(JenkinsRig.ADDRESS);
        assertTrue(finish(address).good());
        assertSays("This address has already been used", finish(address));
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isPresent());
    }

    @Test
    void belongsToTheSessionAndTheAdministrator() throws Exception {
        String address = signIn(JenkinsRig.ADDRESS);
        assertSays("This address belongs to no sign-in", finish(address, new InMemorySession(), ADMIN));
        assertSays("This address belongs to no sign-in", finish(address, null, ADMIN));
        rig.jenkins().grant("second", Jenkins.ADMINISTER);
        assertSays("This address belongs to no sign-in", finish(address, session, "second"));
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isEmpty());
        assertTrue(finish(address).good());
    }

    @Test
    void belongsToTheAccount() throws Exception {
        String address = signIn(JenkinsRig.ADDRESS);
        Notice refusal;
        try (var admin = rig.jenkins().as(ADMIN)) {
            refusal = finish(page(OTHER_ACCOUNT), address, session);
        }
        assertSays(
                "This address belongs to a sign-in for the mail account build-mail, but this is the page of other-mail",
                refusal);
        assertTrue(AuthorizationStore.get().find(OTHER_ACCOUNT).isEmpty());
        assertTrue(finish(address).good());
    }

    @Test
    void expiresAfterTenMinutes() throws Exception {
        String address = signIn(JenkinsRig.ADDRESS);
        Clock later = Clock.offset(Clock.systemUTC(), AuthorizationRequest.LIFE);
        try (var admin = rig.jenkins().as(ADMIN)) {
            PastePage page = new PastePage(account(), later);
            assertSays("This sign-in was started more than ten minutes ago", finish(page, address, session));
            assertSays("This sign-in was started more than ten minutes ago", finish(page, address, session));
        }
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isEmpty());
    }

    @Test
    void rejectsSomebodyElseAndKeepsTheEarlierSignIn() throws Exception {
        assertSays(STRANGER + " signed in, but the mail account build-mail signs in as", finish(signIn(STRANGER)));
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isEmpty());

        assertTrue(finish(signIn(JenkinsRig.ADDRESS)).good());
        rig.entra().add(new EntraPerson(JenkinsRig.ADDRESS, "twin", "11111111-2222-3333-4444-555555555555"));
        assertSays("is not the same person", finish(signIn(JenkinsRig.ADDRESS)));
        assertTrue(AuthorizationStore.get().find(JenkinsRig.ACCOUNT).isPresent());
    }

    @Test
    void explainsAnErrorAnswer() throws Exception {
        assertTrue(finish(signIn(JenkinsRig.ADDRESS)).good());
        String address = signIn(null);
        Notice refusal = finish(address);
        assertSays("The mail account build-mail was not re-authorized: The sign-in was cancelled", refusal);
        assertTrue(refusal.text().endsWith("The earlier authorization stays in force."), refusal.text());
        assertSays("This address has already been used", finish(address));
    }

    @Test
    void isNotMixedUpWithTheRedirect() throws Exception {
        String address = signIn(JenkinsRig.ADDRESS);
        InMemoryRequest redirect = InMemoryRequest.get().session(session);
        for (String parameter : List.of("state", "code")) {
            redirect.parameter(parameter, EntraBrowser.parameter(URI.create(address), parameter));
        }
        try (var admin = rig.jenkins().as(ADMIN)) {
            redirect.answer(
                    () -> rig.jenkins().extensions(RedirectAction.class).get(0).doRedirect(redirect.request()));
            assertFalse(Notice.take(redirect.request()).good());
        }
        assertTrue(finish(address).good());
    }

    @Test
    void showsNothingOfTheCode() {
        String text = "http://localhost/oauth-mail?code=secret-code&state=s";
        assertFalse(PastedAddress.of(text).toString().contains("secret"));
        assertFalse(PastedAddress.of(text).answers().toString().contains("secret"));
    }

    @Test
    void needsThePermission() throws Exception {
        rig.jenkins().grant("reader", Jenkins.READ);
        PastePage page = new PastePage(account());
        try (var reader = rig.jenkins().as("reader")) {
            InMemoryRequest request = InMemoryRequest.post().session(session);
            assertThrows(AccessDeniedException3.class, () -> page.doStart(request.request()));
            assertThrows(AccessDeniedException3.class, () -> page.doFinish(request.request()));
            assertThrows(AccessDeniedException3.class, () -> page.doReloaded(request.request()));
            assertThrows(AccessDeniedException3.class, () -> new AccountPage(account()).getPaste());
        }
    }

    private static void assertSays(String expected, Notice notice) {
        assertFalse(notice.good(), notice.text());
        assertTrue(notice.text().contains(expected), notice.text());
        assertFalse(notice.text().contains("secret"), notice.text());
    }

    private static MailAccount account() {
        return OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
    }

    private PastePage page(String account) {
        return rig.jenkins()
                .extensions(MailAccountsPage.class)
                .get(0)
                .getAccount(account)
                .getPaste();
    }

    private HttpResponse authorize() throws Exception {
        try (var admin = rig.jenkins().as(ADMIN)) {
            InMemoryRequest press = InMemoryRequest.post().session(session);
            return press.answer(() -> new AccountPage(account()).doAuthorize(press.request()));
        }
    }

    /** Starts on the page, signs in, and returns the address at which the browser ends. */
    private String signIn(String person) throws Exception {
        try (var admin = rig.jenkins().as(ADMIN)) {
            InMemoryRequest press = InMemoryRequest.post().session(session);
            HttpResponse leave = press.answer(() -> page(JenkinsRig.ACCOUNT).doStart(press.request()));
            URI end = new EntraBrowser().signIn(URI.create(((ClientHttpRedirect) leave).redirectUrl()), person);
            assertTrue(end.toString().startsWith("http://localhost/oauth-mail?"), end.toString());
            return end.toString();
        }
    }

    private Notice finish(String text) throws Exception {
        return finish(text, session, ADMIN);
    }

    private Notice finish(String text, InMemorySession inSession, String user) throws Exception {
        try (var admin = rig.jenkins().as(user)) {
            return finish(page(JenkinsRig.ACCOUNT), text, inSession);
        }
    }

    private static Notice finish(PastePage page, String text, InMemorySession session) throws Exception {
        InMemoryRequest paste = InMemoryRequest.post().session(session);
        if (text != null) {
            paste.parameter("address", text);
        }
        paste.answer(() -> page.doFinish(paste.request()));
        return Notice.take(paste.request());
    }
}
