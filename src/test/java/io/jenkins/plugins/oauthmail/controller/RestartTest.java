package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.account.TokenSources;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** What a controller still knows after a restart, and what lies on its disk meanwhile. */
class RestartTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private String before;

    @Test
    void authorizationSurvivesARestart() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                microsoft.configure(jenkins);
                var admin = microsoft.admin();
                admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
                before = configuration();
                assertTrue(before.contains("<mayRead>may-read</mayRead>"), before);
            });
            assertEquals(List.of(), filesWith("RefreshToken", ControllerRig.CLIENT_SECRET));
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                assertEquals(before, configuration());
                assertEquals(
                        ControllerRig.ADDRESS,
                        AuthorizationStore.get()
                                .find(ControllerRig.ACCOUNT)
                                .orElseThrow()
                                .getUsername());
                WorkflowJob job = jenkins.createProject(WorkflowJob.class, "may-read");
                job.setDefinition(new CpsFlowDefinition("""
                        oauthMailSend account: 'build-mail', to: 'jenkins@contoso.test', subject: 'Back again', body: 'x'
                        echo "subject: ${oauthMailRead(account: 'build-mail')[0].subject}"
                        """, true));
                jenkins.assertLogContains(
                        "subject: Back again",
                        jenkins.assertBuildStatus(
                                Result.SUCCESS, job.scheduleBuild2(0).get()));
            });
        }
    }

    @Test
    void authorizationSurvivesConfigurationAsCode() throws Throwable {
        try (ControllerRig microsoft = new ControllerRig()) {
            sessions.then(jenkins -> {
                microsoft.configure(jenkins);
                var admin = microsoft.admin();
                admin.getPage(microsoft.signIn(admin, ControllerRig.ADDRESS));
                before = ConfigurationAsCodeTest.exported();
            });
            try (Stream<Path> files = Files.list(sessions.getHome().toPath())) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    Files.delete(file);
                }
            }
            sessions.then(jenkins -> {
                microsoft.beside(jenkins);
                assertEquals(List.of(), OAuthMailConfiguration.get().getAccounts());
                Path yaml = Files.writeString(
                        sessions.getHome().toPath().resolve("rebuilt.yaml"),
                        """
                        credentials:
                          system:
                            domainCredentials:
                              - credentials:
                                  - string: {scope: SYSTEM, id: secret, secret: "%s"}
                        unclassified:
                          oauthMail:
                        """.formatted(ControllerRig.CLIENT_SECRET) + before.indent(4));
                ConfigurationAsCode.get().configure(yaml.toUri().toString());
                assertEquals(
                        ControllerRig.ADDRESS,
                        AuthorizationStore.get()
                                .find(ControllerRig.ACCOUNT)
                                .orElseThrow()
                                .getUsername());
                TokenSources.get().refresh(ControllerRig.ACCOUNT);
            });
        }
    }

    private static String configuration() {
        OAuthMailConfiguration configuration = OAuthMailConfiguration.get();
        return Jenkins.XSTREAM2.toXML(configuration.getApplications())
                + Jenkins.XSTREAM2.toXML(configuration.getAccounts());
    }

    private List<Path> filesWith(String... texts) throws IOException {
        List<Path> found = new ArrayList<>();
        int read = 0;
        File home = sessions.getHome();
        try (Stream<Path> files = Files.walk(home.toPath())) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                read++;
                if (Stream.of(texts).anyMatch(content::contains)) {
                    found.add(file);
                }
            }
        }
        assertTrue(read > 5, "only " + read + " files in " + home);
        return found;
    }
}
