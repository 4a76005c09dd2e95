package io.jenkins.plugins.oauthmail.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "PUBLIC, https://graph.microsoft.com/",
        "US_GOVERNMENT, https://graph.microsoft.us/",
        "US_GOVERNMENT_DOD, https://dod-graph.microsoft.us/",
        "CHINA, https://microsoftgraph.chinacloudapi.cn/",
        "CUSTOM, https://graph.microsoft.com/"
    })
    void eachCloudHasItsOwnGraph(Cloud cloud, String resource) {
        application.setCloud(cloud);
        application.setMailResource("https://mail.example.com");
        account.setTransport(Transport.GRAPH);
        assertEquals(List.of(resource + "Mail.Send"), scopes());
        account.setMayRead("**");
        assertEquals(List.of(resource + "Mail.Send", resource + "Mail.ReadWrite"), scopes());
        assertEquals(resource + ".default", application.applicationScope(account));
        assertEquals(resource + "v1.0/", cloud.graph().toString());
        account.setSignsInAs("somebody.else@contoso.test");
        assertEquals(List.of(resource + "Mail.Send.Shared", resource + "Mail.ReadWrite.Shared"), scopes());
    }

    @Test
    void aCloudThatIsNotKnownShowsItsResourceInTheUrlOfGraph() {
        account.setTransport(Transport.GRAPH);
        account.setGraphUrl("https://graph.example.fr/v1.0");
        assertEquals(List.of("https://graph.microsoft.com/Mail.Send"), scopes());
        application.setCloud(Cloud.CUSTOM);
        assertEquals(List.of("https://graph.example.fr/Mail.Send"), scopes());
        assertEquals("https://graph.example.fr/.default", application.applicationScope(account));
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
