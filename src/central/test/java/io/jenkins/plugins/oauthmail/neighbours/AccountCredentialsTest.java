package io.jenkins.plugins.oauthmail.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnamePortRequirement;
import com.cloudbees.plugins.credentials.domains.HostnameRequirement;
import com.thoughtworks.xstream.XStreamException;
import hudson.AbortException;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import hudson.util.XStream2;
import io.jenkins.inmemory.InMemoryJob;
import io.jenkins.plugins.oauthmail.account.AccountActivity;
import io.jenkins.plugins.oauthmail.account.AccountFailure;
import io.jenkins.plugins.oauthmail.account.ActivityEntry;
import io.jenkins.plugins.oauthmail.account.ActivityLog;
import io.jenkins.plugins.oauthmail.account.ActivitySource;
import io.jenkins.plugins.oauthmail.account.AuthorizationStore;
import io.jenkins.plugins.oauthmail.config.Grant;
import io.jenkins.plugins.oauthmail.config.MailAccount;
import io.jenkins.plugins.oauthmail.config.MailUse;
import io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.testing.EntraAnswer;
import io.jenkins.plugins.oauthmail.testing.JenkinsRig;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.Authentication;

/** Who gets a token of an account as a password, and who does not. */
class AccountCredentialsTest {
    private static final String ID = "oauth-mail-" + JenkinsRig.ACCOUNT;
    private static final Class<StandardUsernamePasswordCredentials> TYPE = StandardUsernamePasswordCredentials.class;

    private static final Map<String, Object> MAIL =
            Map.of("account", JenkinsRig.ACCOUNT, "to", JenkinsRig.ADDRESS, "subject", "x");

    private JenkinsRig rig;
    private MailAccount account;
    private InMemoryJob job;

    @BeforeEach
    void open() throws Exception {
        rig = JenkinsRig.defined();
        job = new InMemoryJob("demo/nightly");
        assertTrue(rig.authorizeAs(JenkinsRig.ADDRESS).good());
        account = OAuthMailConfiguration.get().account(JenkinsRig.ACCOUNT).orElseThrow();
        account.setOtherPluginsMaySend(true);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private HostnamePortRequirement server() {
        Endpoint smtp = rig.smtp();
        return new HostnamePortRequirement(smtp.host(), smtp.port());
    }

    private StandardUsernamePasswordCredentials find(Run<?, ?> build, DomainRequirement... requirements) {
        return CredentialsProvider.findCredentialById(ID, TYPE, build, Arrays.asList(requirements));
    }

    private String refusal(Run<?, ?> build, DomainRequirement... requirements) {
        StandardUsernamePasswordCredentials found = find(build, requirements);
        return assertThrows(AccountRefused.class, found::getPassword).getMessage();
    }

    private AccountCredentialsProvider provider() {
        return rig.jenkins().extensions(AccountCredentialsProvider.class).get(0);
    }

    @Test
    void providesAddressAndAcceptedToken() throws Exception {
        StandardUsernamePasswordCredentials found = find(job.build(), server());
        assertEquals(JenkinsRig.ADDRESS, found.getUsername());
        assertTrue(rig.entra().accepts(JenkinsRig.ADDRESS, found.getPassword().getPlainText()));
    }

    @Test
    void recordsEachTokenThatABuildGets() throws Exception {
        StandardUsernamePasswordCredentials found = find(job.build(), server());
        assertEquals(List.of(), activity());
        found.getPassword();
        found.getPassword();
        account.setMaySend("other/**");
        assertThrows(AccountRefused.class, found::getPassword);
        List<ActivityEntry> entries = activity();
        assertEquals(2, entries.size(), entries.toString());
        ActivityEntry entry = entries.get(0);
        assertEquals(ActivitySource.OTHER_PLUGIN, entry.source());
        assertEquals("demo/nightly", entry.job());
        assertEquals(ActivityEntry.Outcome.UNKNOWN, entry.outcome());
    }

    /** Nobody else uses the account, and no authorization is there to record it with. */
    @Test
    void recordsThatTheApplicationGetsNoToken() throws Exception {
        account.setGrant(Grant.APPLICATION);
        rig.entra().grantMailbox(JenkinsRig.CLIENT_ID, JenkinsRig.ADDRESS);
        rig.entra().answerNext(EntraAnswer.aadsts(7000222));
        String refusal = refusal(job.build(), server());
        AccountFailure failure = trouble().orElseThrow();
        assertEquals("Token: " + refusal, failure.getSentence());
        assertTrue(failure.needsAttention());
        find(job.build(), server()).getPassword();
        assertEquals(Optional.empty(), trouble());
    }

    private static Optional<AccountFailure> trouble() {
        return AccountActivity.get().trouble(JenkinsRig.ACCOUNT, MailUse.SEND);
    }

    /** That there is a token does not mean that the mail server accepts it. */
    @Test
    void tokenEndsNoOtherFailure() {
        for (MailFailure.Layer layer : List.of(MailFailure.Layer.LOGIN, MailFailure.Layer.TOKEN)) {
            AccountActivity.get().failed(JenkinsRig.ACCOUNT, MailUse.SEND, new MailFailure(layer, "Refused."));
            find(job.build(), server()).getPassword();
            assertTrue(trouble().isPresent(), "after " + layer);
        }
    }

    private static List<ActivityEntry> activity() throws Exception {
        List<ActivityEntry> entries = new ArrayList<>();
        ActivityLog.get().read(JenkinsRig.ACCOUNT, entries::add);
        return entries;
    }

    @Test
    void hostNamesAreCaseInsensitive() throws Exception {
        Endpoint smtp = rig.smtp();
        HostnamePortRequirement upperCase =
                new HostnamePortRequirement(smtp.host().toUpperCase(Locale.ROOT), smtp.port());
        assertFalse(find(job.build(), upperCase).getPassword().getPlainText().isEmpty());
    }

    @Test
    void requiresExactlyHostAndPort() throws Exception {
        Run<?, ?> build = job.build();
        assertNull(find(build), "as withCredentials asks");
        assertNull(find(build, server(), new DomainRequirement()), "as Git and HTTP clients ask");
        assertNull(find(build, new HostnameRequirement(rig.smtp().host())));
        assertNull(find(build, server(), server()));
        assertNull(find(build, (DomainRequirement) null), "as Email Extension asks without a host");
        assertNull(find(
                build, new HostnamePortRequirement(rig.smtp().host(), rig.smtp().port()) {
                    private static final long serialVersionUID = 1;
                }));
    }

    @Test
    void providesNoTokenForAnotherServer() throws Exception {
        Endpoint smtp = rig.smtp();
        String refusal = refusal(job.build(), new HostnamePortRequirement("mail.attacker.test", smtp.port()));
        assertTrue(refusal.contains("mail.attacker.test") && refusal.contains(smtp.host()), refusal);
        refusal(job.build(), new HostnamePortRequirement(smtp.host(), smtp.port() + 1));
        refusal(job.build(), new HostnamePortRequirement(null, smtp.port()));
        refusal(job.build(), new HostnamePortRequirement(smtp.host() + ".", smtp.port()));
    }

    @Test
    void providesNoTokenToJobsThatMayNotSend() throws Exception {
        account.setMaySend("other/**");
        String refusal = refusal(job.build(), server());
        assertTrue(refusal.contains("'demo/nightly' may send") || refusal.contains("demo/nightly may send"), refusal);
        assertEquals(List.of(), provider().getCredentialsInItem(TYPE, job, ACL.SYSTEM2, List.of(server())));
    }

    @Test
    void checksTheJobOfTheBuild() throws Exception {
        account.setMaySend("demo/**");
        StandardUsernamePasswordCredentials found =
                provider().getCredentialByIdInItem(ID, TYPE, job, ACL.SYSTEM2, List.of(server()));
        assertFalse(found.getPassword().getPlainText().isEmpty());
        StandardUsernamePasswordCredentials elsewhere =
                TYPE.cast(found.forRun(new InMemoryJob("other/nightly").build()));
        assertThrows(AccountRefused.class, elsewhere::getPassword);
    }

    @Test
    void checksPermissionsAtEachUse() throws Exception {
        StandardUsernamePasswordCredentials found = find(job.build(), server());
        assertFalse(found.getPassword().getPlainText().isEmpty());
        account.setOtherPluginsMaySend(false);
        String refusal = assertThrows(AccountRefused.class, found::getPassword).getMessage();
        assertTrue(refusal.contains("Other plugins may send with it"), refusal);
        OAuthMailConfiguration.get().setAccounts(List.of());
        assertThrows(AccountRefused.class, found::getPassword);
    }

    @Test
    void reportsAnUnauthorizedAccount() throws Exception {
        AuthorizationStore.get().forget(JenkinsRig.ACCOUNT);
        String step = assertThrows(AbortException.class, () -> rig.send(MAIL)).getMessage();
        assertTrue(step.endsWith(refusal(job.build(), server())), step);
    }

    @Test
    void ignoresUnknownAccountsAndOtherIds() throws Exception {
        Run<?, ?> build = job.build();
        StandardUsernamePasswordCredentials unknown =
                CredentialsProvider.findCredentialById("oauth-mail-nobody", TYPE, build, List.of(server()));
        assertThrows(AccountRefused.class, unknown::getPassword);
        assertNull(CredentialsProvider.findCredentialById("nobody", TYPE, build, List.of(server())));
    }

    @Test
    void providesNothingToFoldersAndTheController() {
        assertEquals(
                List.of(),
                provider().getCredentialsInItemGroup(TYPE, rig.jenkins().jenkins(), ACL.SYSTEM2, List.of(server())));
        assertNull(provider()
                .getCredentialByIdInItemGroup(ID, TYPE, rig.jenkins().jenkins(), ACL.SYSTEM2, List.of(server())));
    }

    @Test
    void providesNothingToOtherUsers() {
        Authentication somebody;
        try (var other = rig.jenkins().as("somebody")) {
            somebody = Jenkins.getAuthentication2();
        }
        assertNull(provider().getCredentialByIdInItem(ID, TYPE, job, somebody, List.of(server())));
        assertEquals(List.of(), provider().getCredentialsInItem(TYPE, job, somebody, List.of(server())));
    }

    @Test
    void listsCredentialsToAdministratorsOnly() throws Exception {
        rig.jenkins().grant("viewer", Jenkins.SYSTEM_READ);
        try (var viewer = rig.jenkins().as("viewer")) {
            assertEquals(0, choices().size());
        }
        try (var admin = rig.jenkins().as("admin")) {
            ListBoxModel choices = choices();
            assertEquals(1, choices.size());
            assertEquals(ID, choices.get(0).value);
            account.setOtherPluginsMaySend(false);
            assertEquals(0, choices().size());
        }
    }

    private ListBoxModel choices() {
        return provider()
                .getCredentialIdsInItemGroup(
                        TYPE, rig.jenkins().jenkins(), ACL.SYSTEM2, List.of(), CredentialsMatchers.always());
    }

    @Test
    void listsNothingInJobs() {
        try (var admin = rig.jenkins().as("admin")) {
            assertEquals(
                    0,
                    provider()
                            .getCredentialIdsInItem(TYPE, job, ACL.SYSTEM2, List.of(), CredentialsMatchers.always())
                            .size());
        }
    }

    @Test
    void listedCredentialsHaveNoPassword() {
        AccountCredentials choice = AccountCredentials.toChoose(account);
        assertThrows(AccountRefused.class, choice::getPassword);
    }

    @Test
    void snapshotsContainNoToken() throws Exception {
        StandardUsernamePasswordCredentials found = find(job.build(), server());
        String token = found.getPassword().getPlainText();
        assertThrows(AccountRefused.class, () -> CredentialsProvider.snapshot(found));
        assertThrows(NotSerializableException.class, () -> new ObjectOutputStream(new ByteArrayOutputStream())
                .writeObject(found));
        assertFalse(found.toString().contains(token));
        String xml;
        try {
            xml = new XStream2().toXML(found);
        } catch (RuntimeException e) {
            xml = "";
        }
        assertFalse(xml.contains(token));
    }

    /** Such as that which stores of credentials accept, and that of a folder: every job in it could bind the token. */
    @Test
    void nobodyMakesOneOfXml() {
        Endpoint smtp = rig.smtp();
        String name = AccountCredentials.class.getName();
        String xml = "<" + name + "><accountId>" + JenkinsRig.ACCOUNT + "</accountId><host>" + smtp.host()
                + "</host><port>" + smtp.port()
                + "</port><jobs class='linked-hash-set'><string>demo/nightly</string></jobs></" + name + ">";
        assertThrows(XStreamException.class, () -> ((AccountCredentials) new XStream2().fromXML(xml)).getPassword());
    }
}
