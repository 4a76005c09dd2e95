package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class OAuthApplicationTest {
    private final OAuthApplication application = new OAuthApplication(
            "contoso", "00001111-aaaa-2222-bbbb-3333cccc4444", "contoso.com", new ClientSecret("secret"));
    private final MailAccount account = new MailAccount("build-mail", "jenkins@contoso.test", "contoso");

    private List<String> scopes() {
        return List.copyOf(application.scopesFor(account));
    }

    @Test
    void eachCloudHasItsOwnMailResource() {
        account.setMayRead("**");
        assertEquals(
                List.of("https://outlook.office.com/SMTP.Send", "https://outlook.office.com/IMAP.AccessAsUser.All"),
                scopes());
        assertEquals("https://outlook.office365.com/.default", application.applicationScope());
        application.setCloud(Cloud.CHINA);
        assertEquals(
                List.of("https://partner.outlook.cn/SMTP.Send", "https://partner.outlook.cn/IMAP.AccessAsUser.All"),
                scopes());
        assertEquals("https://partner.outlook.cn/.default", application.applicationScope());
    }

    @Test
    void requestsAllMailScopesOfACustomMailResource() {
        application.setMailResource(" https://mail.example.com ");
        application.validate();
        assertEquals("https://mail.example.com/", application.getMailResource());
        assertEquals(List.of("https://mail.example.com/SMTP.Send"), scopes());
        account.setMayRead("**");
        assertEquals(
                List.of("https://mail.example.com/SMTP.Send", "https://mail.example.com/IMAP.AccessAsUser.All"),
                scopes());
        assertEquals("https://mail.example.com/.default", application.applicationScope());
        application.setMailResource(application.getMailResource());
        assertEquals("https://mail.example.com/", application.getMailResource());
        application.setMailResource(" ");
        assertNull(application.getMailResource());
        assertEquals("https://outlook.office365.com/.default", application.applicationScope());
    }

    @Test
    void rejectsInvalidMailResourceByName() {
        application.setMailResource("outlook.office.com");
        InvalidConfiguration refusal = assertThrows(InvalidConfiguration.class, application::validate);
        assertEquals("mailResource", refusal.field());
        assertEquals(
                "OAuth application contoso, mailResource: " + Messages.FieldRules_mailResource(), refusal.getMessage());
    }
}
