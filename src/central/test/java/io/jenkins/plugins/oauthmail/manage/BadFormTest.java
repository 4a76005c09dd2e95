package io.jenkins.plugins.oauthmail.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.inmemory.InMemoryRequest;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;

/** What scripts send to the forms of the page is answered, whatever it is, and changes nothing unless it fits. */
class BadFormTest {
    private static final String SECRET = "hunter2";

    private JenkinsRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private interface Page {
        HttpResponse submit(StaplerRequest2 request) throws Exception;
    }

    private static Map<String, Page> pages() {
        MailAccountsPage page = new MailAccountsPage();
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("account", request -> page.getNewAccount().doSubmit(request));
        pages.put("application", request -> page.getNewApplication().doSubmit(request));
        pages.put("warnings", page::doWarnings);
        pages.put("relay", page::doRelay);
        return pages;
    }

    private static HttpResponse submit(Page page, String json) throws Exception {
        InMemoryRequest request = InMemoryRequest.post().parameter("account", SECRET);
        if (json != null) {
            request.parameter("json", json);
        }
        return request.answer(() -> page.submit(request.request()));
    }

    private static void assertRefuses(String json) {
        List<String> answers = new ArrayList<>();
        pages().forEach((name, page) -> {
            HttpResponses.HttpResponseException answer =
                    assertThrows(HttpResponses.HttpResponseException.class, () -> submit(page, json), name);
            assertTrue(answer.getMessage().startsWith("400 "), answer.getMessage());
            assertFalse(answer.getMessage().contains(SECRET), answer.getMessage());
            answers.add(name);
        });
        assertEquals(4, answers.size());
        assertEquals(1, OAuthMailConfiguration.get().getAccounts().size());
    }

    @Test
    void missing() {
        assertRefuses(null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "null", "7", "\"x\"", "[]", "[1]", "{", "{\"a\":", "}", "{\"password\":\"" + SECRET})
    void unreadable(String json) {
        assertRefuses(json);
    }

    @Test
    void nestedTooDeep() {
        assertRefuses("{\"a\":" + "[".repeat(200_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":null}", "{\"id\":[]}", "{\"id\":{}}", "{\"warningsTo\":7,\"relayPort\":{}}"})
    void ofAnotherKind(String json) throws Exception {
        for (Page page : pages().values()) {
            try {
                submit(page, json);
            } catch (HttpResponses.HttpResponseException answer) {
                assertTrue(answer.getMessage().startsWith("400 "), answer.getMessage());
            }
        }
        assertEquals(1, OAuthMailConfiguration.get().getAccounts().size());
    }
}
