package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Computer;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.security.AuthorizationStrategy;
import hudson.slaves.DumbSlave;
import hudson.slaves.OfflineCause;
import io.jenkins.plugins.oauthmail.notifier.OAuthMailNotifyStep;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.StepExecutions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.FailureBuilder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code oauthMailNotify} in sandboxed pipelines of a real controller, and the examples of its page. */
@WithJenkins
class NotifierPipelineTest {
    private static final String TEAM = "team@contoso.com";

    private JenkinsRule jenkins;
    private ControllerRig microsoft;

    @BeforeEach
    void open(JenkinsRule rule) throws Exception {
        jenkins = rule;
        microsoft = new ControllerRig(rule);
        var admin = microsoft.admin();
        admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
    }

    @AfterEach
    void close() {
        microsoft.close();
    }

    private WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private WorkflowRun run(WorkflowJob job, Result result) throws Exception {
        return jenkins.assertBuildStatus(result, job.scheduleBuild2(0));
    }

    /** What the page shows in a language, in its order and as it stands there. */
    private static List<String> examples(String language) throws Exception {
        Matcher blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/notifier.md")));
        List<String> found = new ArrayList<>();
        while (blocks.find()) {
            found.add(blocks.group(1));
        }
        return found;
    }

    @Test
    void documentedPostExampleSends() throws Exception {
        String example = examples("groovy").get(0);
        WorkflowJob job = job(example.replace("writeFile file", "error 'broken'; writeFile file"));
        WorkflowRun failed = run(job, Result.FAILURE);
        assertEquals(1, microsoft.mails(TEAM).size(), JenkinsRule.getLog(failed));
        assertEquals(
                job.getName() + " #1: FAILURE", microsoft.mails(TEAM).get(0).getSubject());
        jenkins.assertLogContains("is sent without attachments", failed);
        run(job, Result.FAILURE);
        assertEquals(1, microsoft.mails(TEAM).size());
        job.setDefinition(new CpsFlowDefinition(example, true));
        run(job, Result.SUCCESS);
        assertEquals(2, microsoft.mails(TEAM).size());
        assertEquals(
                job.getName() + " #3: SUCCESS (fixed)",
                microsoft.mails(TEAM).get(1).getSubject());
        assertTrue(microsoft.mails(TEAM).get(1).getContentType().startsWith("multipart/mixed"), "no attachment");
        run(job, Result.SUCCESS);
        assertEquals(2, microsoft.mails(TEAM).size());
    }

    @Test
    void documentedExampleWithoutNodeSends() throws Exception {
        WorkflowJob job = job(examples("groovy").get(1));
        WorkflowRun build = run(job, Result.FAILURE);
        assertEquals(1, microsoft.mails(TEAM).size(), JenkinsRule.getLog(build));
        var mail = microsoft.mails(TEAM).get(0);
        assertEquals("Broken: " + job.getName() + " #1", mail.getSubject());
        String html = ControllerRig.html(mail);
        assertTrue(html.contains(" href=\"" + jenkins.getURL() + build.getUrl() + "\">"), html);
    }

    @Test
    void documentedScriptedExampleSends() throws Exception {
        run(job(examples("groovy").get(2)), Result.FAILURE);
        assertEquals(1, microsoft.mails(TEAM).size());
    }

    @Test
    void documentedVariantsExampleSends() throws Exception {
        run(
                job("catchError { error 'The build is broken.' }\n"
                        + examples("groovy").get(3)),
                Result.FAILURE);
        assertTrue(microsoft.mails(TEAM).get(0).getSubject().startsWith("Broken: "));
        assertEquals(1, microsoft.mails("oncall@contoso.com").size());
        assertEquals(4, examples("groovy").size(), "an example that nothing runs");
    }

    @Test
    void documentedFreestyleExampleSends() throws Exception {
        assertEquals(1, examples("xml").size(), "an example that nothing runs");
        FreeStyleProject job = (FreeStyleProject) jenkins.jenkins.createProjectFromXML(
                "freestyle", new ByteArrayInputStream(examples("xml").get(0).getBytes(StandardCharsets.UTF_8)));
        job.getBuildersList().add(new FailureBuilder());
        jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));
        assertEquals(1, microsoft.mails(TEAM).size());
        assertEquals(1, microsoft.mails("anna@contoso.com").size());
    }

    @Test
    void keepsTheResultUnlessAskedToFail() throws Exception {
        WorkflowRun build = run(job("oauthMailNotify account: 'nope', to: 'a@b.c'; echo 'went on'"), Result.SUCCESS);
        jenkins.assertLogContains("OAuth Mail: account: there is no mail account 'nope'", build);
        jenkins.assertLogContains("went on", build);
        WorkflowRun failed = run(job("oauthMailNotify account: 'nope', to: 'a@b.c', failBuild: true"), Result.FAILURE);
        jenkins.assertLogContains("OAuth Mail: account: there is no mail account 'nope'", failed);
        assertFalse(JenkinsRule.getLog(failed).contains("\tat "), "a stack trace in the log");
    }

    @Test
    void listsKnownOccasionsForAnUnknownOne() throws Exception {
        WorkflowRun build =
                run(job("oauthMailNotify account: 'build-mail', to: 'a@b.c', when: 'NEVER'"), Result.FAILURE);
        jenkins.assertLogContains("ERROR: when: there is no 'NEVER'; use one or more of ALWAYS, SUCCESS,", build);
        assertFalse(JenkinsRule.getLog(build).contains("\tat "), "a stack trace in the log");
    }

    @Test
    void runsWithoutTheAgent() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        WorkflowRun build = run(job("""
                        node('%s') {
                            loseTheAgent()
                            oauthMailNotify account: 'build-mail', to: 'team@contoso.com', attachments: '*.txt'
                        }
                        """.formatted(agent.getNodeName())), Result.SUCCESS);
        assertEquals(1, microsoft.mails(TEAM).size(), JenkinsRule.getLog(build));
        jenkins.assertLogContains("is sent without attachments", build);
    }

    /** Disconnects in the middle of the build. */
    public static final class LosesItsAgent extends Step {
        @DataBoundConstructor
        public LosesItsAgent() {}

        @Override
        public StepExecution start(StepContext context) {
            return StepExecutions.synchronousNonBlockingVoid(
                    context, running -> Objects.requireNonNull(running.get(Computer.class))
                            .disconnect(new OfflineCause.ByCLI("lost"))
                            .get());
        }

        @TestExtension
        public static final class DescriptorImpl extends StepDescriptor {
            @Override
            public String getFunctionName() {
                return "loseTheAgent";
            }

            @Override
            public Set<? extends Class<?>> getRequiredContext() {
                return Set.of(Computer.class);
            }
        }
    }

    /** The form has texts; a real pipeline hands over what its author wrote. */
    @Test
    void acceptsListsArraysNumbersAndBooleans() throws Exception {
        WorkflowRun build = run(job("""
                        def who = 'team'
                        oauthMailNotify account: 'build-mail', to: ["${who}@contoso.com", null, 'anna@contoso.com'],
                            when: ['SUCCESS', 'FIXED'] as String[], attachLog: true, failBuild: true,
                            culprits: null, subject: 42, attachments: []
                        oauthMailNotify account: 'build-mail', to: ['team@contoso.com'] as Set, when: ['FIXED', 'SUCCESS'],
                            attachLog: 200, body: null
                        node {
                            step([$class: 'OAuthMailNotifier', account: 'build-mail', to: ['team@contoso.com'],
                                when: ['SUCCESS'], attachLog: [5, 'gzip'], failBuild: true])
                        }
                        """), Result.SUCCESS);
        assertEquals(3, microsoft.mails(TEAM).size(), JenkinsRule.getLog(build));
        assertEquals(1, microsoft.mails("anna@contoso.com").size());
        assertEquals("42", microsoft.mails(TEAM).get(0).getSubject());
        for (var mail : microsoft.mails(TEAM)) {
            assertTrue(mail.getContentType().startsWith("multipart/mixed"), "no build log");
        }
    }

    @Test
    void snippetGeneratorFindsTheStepBeforeTheNotifier() {
        List<String> names = StepDescriptor.all().stream()
                .map(StepDescriptor::getFunctionName)
                .toList();
        assertTrue(names.contains("step"), names.toString());
        assertTrue(names.indexOf("oauthMailNotify") < names.indexOf("step"), names.toString());
    }

    @Test
    void sendsTheVariantOfTheBuild() throws Exception {
        WorkflowRun build = run(job("""
                        oauthMailNotify account: 'build-mail', to: 'anna@contoso.com', when: 'FIXED',
                            variants: [[when: 'FAILURE', to: 'bob@contoso.com'],
                                [when: ['SUCCESS', 'UNSTABLE'], to: ['team@contoso.com'], subject: 'Fine']]
                        """), Result.SUCCESS);
        assertEquals(1, microsoft.mails(TEAM).size(), JenkinsRule.getLog(build));
        assertEquals("Fine", microsoft.mails(TEAM).get(0).getSubject());
    }

    @Test
    void acceptsThemInDeclarativePipelines() throws Exception {
        WorkflowRun build = run(job("""
                        pipeline {
                            agent none
                            stages {
                                stage('Build') {
                                    steps {
                                        oauthMailSend account: 'build-mail', to: ['anna@contoso.com'], subject: 'x',
                                            attachLog: 100
                                    }
                                }
                            }
                            post {
                                always {
                                    oauthMailNotify account: 'build-mail', to: ['team@contoso.com', 'anna@contoso.com'],
                                        when: ['FAILURE', 'SUCCESS'], attachLog: true
                                }
                            }
                        }
                        """), Result.SUCCESS);
        assertEquals(1, microsoft.mails(TEAM).size(), JenkinsRule.getLog(build));
        assertEquals(2, microsoft.mails("anna@contoso.com").size());
    }

    @Test
    void sendsDespiteWrongArguments() throws Exception {
        WorkflowRun build = run(job("""
                        node {
                            writeFile file: 'report.txt', text: 'x'
                            oauthMailNotify account: 'build-mail', failBuild: true,
                                to: 'team@contoso.com, $TEAM_LEAD, nobody at all, anna@contoso.com',
                                subject: 'Use ${ here. Job: ${JOB_NAME} ${NO_SUCH_MACRO}', attachLog: 'loud',
                                attachments: 'report.txt, coverage.html'
                        }
                        """), Result.SUCCESS);
        assertEquals(1, microsoft.mails("anna@contoso.com").size(), JenkinsRule.getLog(build));
        var mail = microsoft.mails(TEAM).get(0);
        assertEquals("Use ${ here. Job: " + build.getParent().getFullName() + " ${NO_SUCH_MACRO}", mail.getSubject());
        assertTrue(mail.getContentType().startsWith("multipart/mixed"), "no attachment");
        jenkins.assertLogContains("'$TEAM_LEAD' does not receive the notification: this build has no such", build);
        jenkins.assertLogContains("'nobody at all' does not receive the notification", build);
        jenkins.assertLogContains("sent without the build log: attachLog: use true", build);
        jenkins.assertLogContains("sent without one of its attachments: attachments: no file in the workspace", build);
    }

    @Test
    void showsTheDisplayNameOfABranch() throws Exception {
        WorkflowJob branch = jenkins.createFolder("demo").createProject(WorkflowJob.class, "feature-login");
        branch.setDisplayName("feature/login");
        branch.setDefinition(
                new CpsFlowDefinition("oauthMailNotify account: 'build-mail', to: 'team@contoso.com'", true));
        run(branch, Result.SUCCESS);
        assertEquals(
                "demo/feature/login #1: SUCCESS", microsoft.mails(TEAM).get(0).getSubject());
    }

    @Test
    void snippetGeneratorSupportsIt() throws Exception {
        jenkins.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
        OAuthMailNotifyStep full = new OAuthMailNotifyStep("build-mail");
        full.setTo(TEAM);
        full.setCulprits(true);
        full.setWhen("FIXED, FIRST_FAILURE");
        full.setHtml("<p>$JOB_NAME</p>");
        full.setFailBuild(true);
        OAuthMailNotifyStep submitted = new StepConfigTester(jenkins).configRoundTrip(full);
        assertEquals(
                "oauthMailNotify account: 'build-mail', culprits: true, failBuild: true, html: '<p>$JOB_NAME</p>',"
                        + " to: 'team@contoso.com', when: 'FIRST_FAILURE, FIXED'",
                Snippetizer.object2Groovy(submitted));
    }
}
