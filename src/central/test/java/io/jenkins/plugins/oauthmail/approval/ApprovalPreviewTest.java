package io.jenkins.plugins.oauthmail.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import hudson.model.User;
import hudson.tasks.MailAddressResolver;
import hudson.util.FormValidation;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The form of the approval step shows and sends the question that the next build would mail. */
@Timeout(60)
class ApprovalPreviewTest {
    private JenkinsRig rig;
    private InMemoryJob job;
    private OAuthMailApprovalStep.DescriptorImpl form;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        rig.jenkins().grant("viewer", Item.READ, Item.EXTENDED_READ);
        rig.jenkins().grant("author", Jenkins.READ, Item.READ, Item.CONFIGURE);
        rig.jenkins().register(new MailAddressResolver() {
            @Override
            public String findMailAddressFor(User u) {
                return u.getId().equals("author") ? JenkinsRig.ADDRESS : null;
            }
        });
        job = new InMemoryJob("demo/release");
        job.build();
        form = (OAuthMailApprovalStep.DescriptorImpl) Jenkins.get().getDescriptorOrDie(OAuthMailApprovalStep.class);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private FormValidation preview(String user, Item item, String subject, String choices) {
        try (var someone = rig.jenkins().as(user)) {
            return form.doPreview(
                    item, JenkinsRig.ACCOUNT, "anna@contoso.test", "", subject, "Version 3", "", choices, "1", "2h");
        }
    }

    @Test
    void showsTheQuestionWithItsButtons() {
        FormValidation shown = preview("author", job, "Deploy <b>now</b>?", "SHIP, HOLD");
        assertEquals(FormValidation.Kind.OK, shown.kind);
        String page = shown.renderHtml();
        assertTrue(page.contains("Deploy &lt;b&gt;now&lt;/b&gt;?"), page);
        assertTrue(page.contains("<iframe sandbox=\"\""), page);
        assertTrue(page.contains("SHIP"), page);
        assertTrue(page.contains("demo/release #2") || page.contains("demo » release #2"), page);
        assertFalse(page.contains("<b>now"), page);
    }

    @Test
    void saysWhatIsNotValid() {
        assertEquals(FormValidation.Kind.ERROR, preview("author", job, "Deploy?", "SHIP").kind);
        assertEquals(FormValidation.Kind.ERROR, preview("author", job, "", "").kind);
        assertEquals(FormValidation.Kind.WARNING, preview("author", null, "Deploy?", "").kind);
    }

    @Test
    void isForThoseWhoMayConfigureTheJob() {
        assertThrows(RuntimeException.class, () -> preview("viewer", job, "Deploy?", ""));
    }

    @Test
    void reachesTheUser() {
        FormValidation sent;
        try (var someone = rig.jenkins().as("author")) {
            sent = form.doSendToMe(job, JenkinsRig.ACCOUNT, "anna@contoso.test", "", "Deploy?", "", "", "", "", "");
        }
        assertEquals(FormValidation.Kind.OK, sent.kind, sent.getMessage());
        assertEquals(1, rig.mail().mails(JenkinsRig.ADDRESS, "INBOX").size());
    }
}
