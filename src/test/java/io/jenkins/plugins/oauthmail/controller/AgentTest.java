package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertFalse;

import hudson.model.Label;
import hudson.slaves.DumbSlave;
import java.io.File;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Attachments to and from the workspace of an agent, which is a process of its own. */
@WithJenkins
class AgentTest {
    @Test
    void transfersAttachmentsFromAndToAnAgent(JenkinsRule jenkins) throws Exception {
        try (ControllerRig microsoft = new ControllerRig(jenkins)) {
            JenkinsRule.WebClient admin = microsoft.admin();
            admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
            DumbSlave agent = jenkins.createOnlineSlave(Label.get("elsewhere"));
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "may-read");
            job.setDefinition(new CpsFlowDefinition("""
                    node('elsewhere') {
                      writeFile file: 'out/übersicht.txt', text: 'x' * 300000 + 'end'
                      def sent = oauthMailSend account: 'build-mail', to: 'jenkins@contoso.test', subject: 'There', body: 'x', attachments: 'out/*'
                      def mails = oauthMailRead account: 'build-mail', subject: 'There', saveAttachments: 'in'
                      def file = mails[0].attachments[0]
                      def text = readFile file.path
                      echo "${file.name} ${text.length()} ${text.endsWith('xend')} ${fileExists 'in'}"
                    }
                    """, true));
            WorkflowRun build = jenkins.buildAndAssertSuccess(job);
            jenkins.assertLogContains("übersicht.txt 300003 true true", build);
            assertFalse(
                    new File(jenkins.jenkins.getRootDir(), "workspace/may-read/in").exists(),
                    "something was saved on the controller");
            jenkins.assertLogContains("Running on " + agent.getNodeName(), build);
        }
    }
}
