package io.jenkins.plugins.oauthmail.notifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jakarta.mail.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other recipients and texts after certain builds, and the defaults for all jobs. */
class NotificationVariantTest {
    private NotifierRig rig;
    private InMemoryJob job;

    @BeforeEach
    void open() throws Exception {
        rig = new NotifierRig();
        job = new InMemoryJob("demo/nightly");
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static NotificationVariant variant(String when, String to, String subject) {
        NotificationVariant variant = new NotificationVariant(when);
        variant.setTo(to);
        variant.setSubject(subject);
        return variant;
    }

    private static String to(Message message) throws Exception {
        return Arrays.toString(message.getRecipients(Message.RecipientType.TO));
    }

    @Test
    void firstVariantThatAppliesReplacesWhatItSays() throws Exception {
        rig.notifier.setWhen("FIXED");
        rig.notifier.setSubject("Builds");
        rig.notifier.setVariants(List.of(
                variant("FIRST_FAILURE", JenkinsRig.ADDRESS + ", oncall@contoso.test", "Broken: ${JOB_NAME}"),
                variant("FAILURE", null, "Still broken")));
        String first = rig.run(NotifierRig.build(job, Result.FAILURE));
        assertEquals("Broken: demo/nightly", rig.mail().getSubject(), first);
        assertEquals("[" + JenkinsRig.ADDRESS + ", oncall@contoso.test]", to(rig.mail()));
        rig.run(NotifierRig.build(job, Result.FAILURE));
        assertEquals("Still broken", rig.mail().getSubject());
        assertEquals("[" + JenkinsRig.ADDRESS + "]", to(rig.mail()));
        rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertEquals("Builds", rig.mail().getSubject());
        int before = rig.mails();
        String log = rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertEquals(before, rig.mails(), log);
        assertTrue(log.contains("after a failed build"), log);
        assertTrue(log.contains("the job is fixed"), log);
    }

    @Test
    void textAndHtmlOfAVariantReplaceBoth() throws Exception {
        rig.notifier.setHtml("<p>Usual</p>");
        NotificationVariant failure = new NotificationVariant("FAILURE");
        failure.setBody("Help!");
        rig.notifier.setVariants(List.of(failure));
        rig.run(NotifierRig.build(job, Result.FAILURE));
        assertEquals("Help!", String.valueOf(rig.mail().getContent()).strip());
    }

    @Test
    void variantThatNobodyUnderstandsCostsOnlyItself() throws Exception {
        rig.notifier.setVariants(List.of(variant("FAILED", null, "Never"), variant("SUCCESS", null, "Fine")));
        String log = rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertEquals("Fine", rig.mail().getSubject(), log);
        assertTrue(log.contains("there is no 'FAILED'"), log);
        rig.run(NotifierRig.build(job, Result.FAILURE));
        assertEquals("demo/nightly #2: FAILURE", rig.mail().getSubject());
    }

    @Test
    void defaultsReplaceOnlyWhatAJobLeavesOpen() throws Exception {
        OAuthMailConfiguration defaults = OAuthMailConfiguration.get();
        defaults.setDefaultRecipients(JenkinsRig.ADDRESS + ", all@contoso.test");
        defaults.setDefaultSubject("[${JOB_NAME}] built");
        defaults.setDefaultBody("See ${BUILD_NUMBER}");
        rig.notifier.setTo(null);
        String log = rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertEquals("[demo/nightly] built", rig.mail().getSubject(), log);
        assertEquals("[" + JenkinsRig.ADDRESS + ", all@contoso.test]", to(rig.mail()));
        assertEquals("See 1", String.valueOf(rig.mail().getContent()).strip());

        rig.notifier.setTo(JenkinsRig.ADDRESS);
        rig.notifier.setSubject("Own");
        rig.notifier.setBody("Own text");
        rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertEquals("Own", rig.mail().getSubject());
        assertEquals("[" + JenkinsRig.ADDRESS + "]", to(rig.mail()));
        assertEquals("Own text", String.valueOf(rig.mail().getContent()).strip());

        rig.notifier.setTo(null);
        rig.notifier.setBcc(JenkinsRig.ADDRESS);
        rig.run(NotifierRig.build(job, Result.SUCCESS));
        assertEquals("null", to(rig.mail()), "Somebody is named, so the default recipients are not added.");
    }

    @Test
    void defaultsAreEmptyAgainWithoutAText() {
        OAuthMailConfiguration defaults = OAuthMailConfiguration.get();
        defaults.setDefaultHtml("<p>x</p>");
        defaults.setDefaultHtml(" ");
        assertEquals(null, defaults.getDefaultHtml());
    }

    @Test
    void pipelineMayGiveListsWithinVariants() {
        Map<String, Object> texts = NotificationVariant.asText(Map.of(
                "to",
                List.of("a@contoso.test", "b@contoso.test"),
                "variants",
                List.of(Map.of("when", List.of("FAILURE", "FIXED"), "to", List.of("c@contoso.test")))));
        assertEquals("a@contoso.test, b@contoso.test", texts.get("to"));
        assertEquals(List.of(Map.of("when", "FAILURE, FIXED", "to", "c@contoso.test")), texts.get("variants"));
    }

    @Test
    void formJoinsTheConditionsOfEachVariant() {
        JSONObject form = OAuthMailNotifier.DescriptorImpl.withOneText(JSONObject.fromObject(
                "{'when': 'FIXED', 'variants': [{'when': ['FAILURE', 'FIXED'], 'to': 'a'}, {'when': 'SUCCESS'}]}"));
        assertEquals(
                "FAILURE,FIXED", form.getJSONArray("variants").getJSONObject(0).getString("when"));
        assertEquals("SUCCESS", form.getJSONArray("variants").getJSONObject(1).getString("when"));
        JSONObject one = OAuthMailNotifier.DescriptorImpl.withOneText(
                JSONObject.fromObject("{'variants': {'when': ['FAILURE', 'FIXED']}}"));
        assertEquals("FAILURE,FIXED", one.getJSONObject("variants").getString("when"));
    }
}
