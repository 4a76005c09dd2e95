package io.jenkins.plugins.oauthmail.approval;

import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.ANNA;
import static io.jenkins.plugins.oauthmail.approval.ApprovalRig.BEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.model.FileParameterDefinition;
import hudson.model.ParameterDefinition;
import hudson.model.Run;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.inmemory.InMemoryRequest;
import io.jenkins.plugins.oauthmail.testing.Await;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kohsuke.stapler.HttpResponses;

/** Values that are asked for with the decision. */
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApprovalParametersTest {
    private static final List<ParameterDefinition> WITH_DEFAULTS = List.of(
            AskedValue.text("VERSION", "1.4"),
            AskedValue.truth("DRY_RUN", true),
            AskedValue.choice("STAGE", "test", "production"),
            AskedValue.password("PIN", "default-pin"));
    private static final List<ParameterDefinition> WITHOUT_DEFAULT =
            List.of(AskedValue.text("VERSION", ""), AskedValue.text("REGION", "west"));

    private ApprovalRig rig;

    @BeforeEach
    void open() throws Exception {
        ApprovalAction.nameInBuilds();
        rig = new ApprovalRig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** What the form sends. */
    private static JSONObject form(Object... namesAndValues) {
        JSONArray parameters = new JSONArray();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            JSONObject one = new JSONObject();
            one.put("name", namesAndValues[i]);
            one.put("value", namesAndValues[i + 1]);
            parameters.add(one);
        }
        JSONObject form = new JSONObject();
        form.put("parameter", parameters);
        return form;
    }

    static String content(MimeMessage mail) throws Exception {
        StringBuilder all = new StringBuilder();
        if (mail.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                all.append(parts.getBodyPart(i).getContent());
            }
        } else {
            all.append(mail.getContent());
        }
        return all.toString();
    }

    @Test
    void recordsValuesFromThePage() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben", "parameters", WITH_DEFAULTS));
        MimeMessage question = rig.question(BEN);
        rig.decide(
                build,
                "ben",
                "APPROVE",
                form("VERSION", "1.5\u0000", "DRY_RUN", false, "STAGE", "production", "PIN", "secret-pin"));
        Map<String, Object> result = build.result();
        assertEquals(
                Map.of("VERSION", "1.5\uFFFD", "DRY_RUN", false, "STAGE", "production", "PIN", "secret-pin"),
                result.get("parameters"));
        Map<?, ?> vote = (Map<?, ?>) ((List<?>) result.get("votes")).get(0);
        assertEquals(Map.of("VERSION", "1.5\uFFFD", "DRY_RUN", false, "STAGE", "production"), vote.get("parameters"));
        assertEquals(vote.get("parameters"), build.approval().votes().get(0).getParameters());
        build.awaitLog("ben answered APPROVE (VERSION=1.5\uFFFD, DRY_RUN=false, STAGE=production) in Jenkins.");
        String xml = Run.XSTREAM2.toXML(build.action());
        assertTrue(xml.contains("production"), xml);
        for (String pin : List.of("default-pin", "secret-pin")) {
            assertFalse(xml.contains(pin), xml);
            assertFalse(build.log().contains(pin), build.log());
            assertFalse(content(question).contains(pin), content(question));
            assertFalse(build.approval().votes().toString().contains(pin));
        }
    }

    @Test
    void answerByMailApprovesTheDefaults() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("parameters", WITH_DEFAULTS));
        String question = content(rig.question(ANNA));
        assertTrue(question.contains("Approving by mail accepts these values."), question);
        assertTrue(question.contains("\nVERSION: 1.4"), question);
        assertTrue(question.contains("\nPIN: (default)"), question);
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        assertEquals(
                Map.of("VERSION", "1.4", "DRY_RUN", true, "STAGE", "test", "PIN", "default-pin"),
                build.result().get("parameters"));
        build.awaitLog(ANNA + " answered APPROVE (VERSION=1.4, DRY_RUN=true, STAGE=test) by mail.");
    }

    @Test
    void requiresThePageForValuesWithoutDefault() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben: " + BEN, "parameters", WITHOUT_DEFAULT));
        MimeMessage question = rig.question(BEN);
        String text = content(question);
        assertTrue(text.contains("Approving needs a value for VERSION"), text);
        assertFalse(text.contains("body=APPROVE"), text);
        assertTrue(text.contains("body=REJECT"), text);
        rig.reply(question, BEN, "APPROVE\r\n");
        build.awaitLog("was not counted: the question asks for VERSION, which can only be given in Jenkins.");
        String back = content(rig.question(BEN, 2));
        assertTrue(back.contains("Please decide there"), back);
        assertTrue(back.contains("/mail-approval/"), back);
        rig.decide(build, "ben", "APPROVE", form("VERSION", "1.6"));
        assertEquals(Map.of("VERSION", "1.6", "REGION", "west"), build.result().get("parameters"));
    }

    @Test
    void rejectingNeedsNoValue() throws Exception {
        ApprovalRig.Asking build =
                rig.asked(Map.of("approvers", "ben: " + BEN, "parameters", WITHOUT_DEFAULT, "onReject", "return"));
        rig.reply(rig.question(BEN), BEN, "REJECT\r\n");
        assertEquals("REJECT", build.result().get("decision"));
        assertEquals(Map.of(), build.result().get("parameters"));
        ApprovalRig.Asking other =
                rig.asked(Map.of("approvers", "ben", "parameters", WITHOUT_DEFAULT, "onReject", "return"));
        rig.decide(other, "ben", "REJECT", form("VERSION", "invalid"));
        assertEquals("REJECT", other.result().get("decision"));
        assertEquals(Map.of(), other.approval().votes().get(0).getParameters());
    }

    @Test
    void rejectsInvalidValues() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben", "parameters", WITH_DEFAULTS));
        String id = build.approval().getId();
        for (Object[] wrong :
                List.of(new Object[] {"STAGE", "nowhere"}, new Object[] {"VERSION", "invalid"}, new Object[] {
                    "DRY_RUN", "perhaps"
                })) {
            String to = rig.decide(build, "ben", "APPROVE", form(wrong));
            assertTrue(to.contains("?invalid=" + id + "&parameter=" + wrong[0]), to);
            String said = build.action().getProblem(null, null, id, wrong[0].toString());
            assertNotNull(said);
            assertTrue(said.contains("the value of " + wrong[0]), said);
        }
        assertNull(build.action().getProblem(null, null, id, "<b>other</b>"));
        assertNull(build.action().getProblem("x", "y", "z", "VERSION"));
        assertTrue(build.approval().isOpen());
        assertEquals(List.of(), build.approval().votes());
        rig.decide(build, "ben", "APPROVE", form("OTHER", "x", "STAGE", "production"));
        assertEquals(
                Map.of("VERSION", "1.4", "DRY_RUN", true, "STAGE", "production", "PIN", "default-pin"),
                build.result().get("parameters"));
    }

    @Test
    void rejectsMissingValues() throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben", "parameters", WITHOUT_DEFAULT));
        for (JSONObject form : new JSONObject[] {null, new JSONObject(), form("REGION", "east")}) {
            String to = rig.decide(build, "ben", "APPROVE", form);
            assertTrue(to.contains("?invalid="), to);
        }
        assertTrue(build.approval().isOpen());
    }

    @Test
    void otherValuesAreNoAgreement() throws Exception {
        ApprovalRig.Asking build = rig.asked(
                Map.of("approvers", List.of("ben", "carl", ANNA), "required", 2, "parameters", WITH_DEFAULTS));
        rig.decide(build, "ben", "APPROVE", form("VERSION", "1.5", "PIN", "bens"));
        rig.reply(rig.question(ANNA), ANNA, "APPROVE\r\n");
        build.awaitLog(ANNA + " answered APPROVE");
        assertTrue(build.approval().isOpen());
        rig.decide(build, "carl", "APPROVE", form("VERSION", "1.5", "PIN", "carls"));
        Map<String, Object> result = build.result();
        assertEquals("ben, carl", result.get("by"));
        assertEquals(
                Map.of("VERSION", "1.5", "DRY_RUN", true, "STAGE", "test", "PIN", "carls"), result.get("parameters"));
    }

    @Test
    void rejectsUnsupportedParameters() {
        refused(Map.of("parameters", WITHOUT_DEFAULT), "VERSION has no default");
        refused(Map.of("parameters", List.of(new FileParameterDefinition("REPORT"))), "REPORT asks for a file");
        refused(Map.of("parameters", List.of(AskedValue.text("", "x"))), "a name");
        refused(
                Map.of("parameters", List.of(AskedValue.text("A", "x"), AskedValue.truth("A", true))),
                "A is given twice");
    }

    private void refused(Map<String, Object> arguments, String why) {
        AbortException refused =
                assertThrows(AbortException.class, () -> rig.ask(arguments).result());
        assertTrue(refused.getMessage().startsWith("parameters: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void valuesSurviveARestartButPasswordsDoNot() throws Exception {
        List<ParameterDefinition> plain = WITH_DEFAULTS.subList(0, 3);
        ApprovalRig.Asking before = decidedWhileResuming(plain, form("VERSION", "1.5"));
        before.execution.onResume();
        assertEquals(
                Map.of("VERSION", "1.5", "DRY_RUN", true, "STAGE", "test"),
                before.result().get("parameters"));
        ApprovalRig.Asking secret = decidedWhileResuming(WITH_DEFAULTS, form("PIN", "secret-pin"));
        secret.execution.onResume();
        AbortException lost = assertThrows(AbortException.class, secret::result);
        assertTrue(lost.getMessage().contains("the value of PIN was lost"), lost.getMessage());
    }

    /** The controller dies between the save of the vote and the end of the step. */
    private ApprovalRig.Asking decidedWhileResuming(List<ParameterDefinition> parameters, JSONObject form)
            throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben", "parameters", parameters));
        Await.until(() -> build.approval().definitions() != null);
        ApprovalRig.Asking after = build.killed();
        // The page is there before the build is.
        String to = rig.decide(after, "ben", "APPROVE", form);
        assertTrue(to.contains("?resuming="), to);
        assertNull(after.action().getDefinitions(after.approval()));
        assertTrue(after.approval().isOpen());
        after.approval().waiting(new Approval.Waiting() {
            @Override
            public List<ParameterDefinition> parameters() {
                return parameters;
            }

            @Override
            public void heard(Vote counted) {}
        });
        rig.decide(after, "ben", "APPROVE", form);
        assertFalse(after.approval().isOpen());
        return after.killed();
    }

    @Test
    void pipelinesWriteTheDefaultOfAPasswordAsAText() {
        UninstantiatedDescribable written =
                new UninstantiatedDescribable("password", null, Map.of("name", "PIN", "defaultValue", "1234"));
        UninstantiatedDescribable other =
                new UninstantiatedDescribable("string", null, Map.of("name", "A", "defaultValue", "1234"));
        OAuthMailApprovalStep.DescriptorImpl step = new OAuthMailApprovalStep.DescriptorImpl();
        Map<String, Object> made =
                step.customInstantiate(Map.of("account", "a", "parameters", List.of(written, other, "x")));
        List<?> parameters = (List<?>) made.get("parameters");
        assertEquals(
                Map.of("name", "PIN", "defaultValueAsSecret", Secret.fromString("1234")),
                ((UninstantiatedDescribable) parameters.get(0)).getArguments());
        assertEquals(other, parameters.get(1));
        UninstantiatedDescribable back =
                step.customUninstantiate(new UninstantiatedDescribable("oauthMailApproval", null, made));
        assertEquals(
                written.getArguments(),
                ((UninstantiatedDescribable) ((List<?>) back.getArguments().get("parameters")).get(0)).getArguments());
        assertEquals(Map.of("account", "a"), step.customInstantiate(Map.of("account", "a")));
    }

    /** Scripts send whatever they like. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "[]", "{", "{\"parameter\":[{\"name\":\"PIN\",\"value\":\"pin-of-ben"})
    void formThatCannotBeReadIsRefused(String json) throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben", "parameters", WITHOUT_DEFAULT));
        build.awaitWaiting();
        InMemoryRequest request = InMemoryRequest.post().parameter("json", json);
        try (ACLContext as = rig.jenkins().jenkins().as("ben")) {
            HttpResponses.HttpResponseException answer =
                    assertThrows(HttpResponses.HttpResponseException.class, () -> build.action()
                            .doDecide(request.request(), build.approval().getId(), "APPROVE", null));
            assertTrue(answer.getMessage().startsWith("400 "), answer.getMessage());
            assertFalse(answer.getMessage().contains("pin-of-ben"), answer.getMessage());
        }
        assertEquals(List.of(), build.approval().votes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"parameter\":7}",
                "{\"parameter\":null}",
                "{\"parameter\":\"VERSION\"}",
                "{\"parameter\":[7,null,[],{}]}",
                "{\"parameter\":{\"name\":[]}}"
            })
    void formWithoutTheValuesDecidesNothing(String json) throws Exception {
        ApprovalRig.Asking build = rig.asked(Map.of("approvers", "ben", "parameters", WITHOUT_DEFAULT));
        build.awaitWaiting();
        InMemoryRequest request = InMemoryRequest.post().parameter("json", json);
        try (ACLContext as = rig.jenkins().jenkins().as("ben")) {
            String answer = String.valueOf(
                    build.action().doDecide(request.request(), build.approval().getId(), "APPROVE", null));
            assertTrue(answer.contains("?invalid="), answer);
        }
        assertEquals(List.of(), build.approval().votes());
    }
}
