package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.Authority;
import io.jenkins.plugins.oauthmail.token.entra.Registration;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * An app registration at the identity provider.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/quickstart-register-app">Register an
 *     application</a>
 */
@Restricted(NoExternalUse.class)
public final class OAuthApplication implements Describable<OAuthApplication> {
    private final String id;
    private final String clientId;
    private final String tenantId;
    private final ClientAuthentication clientAuthentication;
    private Cloud cloud;
    private String authority;
    private String mailResource;
    private String extraScopes;

    /** Parsing it is most of the work of comparing an authorization with its application. */
    @CheckForNull
    private transient volatile Authority parsedAuthority;

    /**
     * @param id used by accounts and configuration as code
     * @param clientId Application (client) ID
     * @param tenantId Directory (tenant) ID or a domain of the tenant
     * @param clientAuthentication a client secret, a certificate or a federated token
     */
    @DataBoundConstructor
    public OAuthApplication(String id, String clientId, String tenantId, ClientAuthentication clientAuthentication) {
        this.id = Util.fixNull(id).strip();
        // Compared with the audience of the id_token, where Entra writes GUIDs in lower case.
        this.clientId = Util.fixNull(clientId).strip().toLowerCase(Locale.ROOT);
        this.tenantId = Util.fixNull(tenantId).strip();
        this.clientAuthentication = clientAuthentication;
    }

    @NonNull
    public String getId() {
        return id;
    }

    @NonNull
    public String getClientId() {
        return clientId;
    }

    @NonNull
    public String getTenantId() {
        return tenantId;
    }

    public ClientAuthentication getClientAuthentication() {
        return clientAuthentication;
    }

    @NonNull
    public Cloud getCloud() {
        return cloud == null ? Cloud.PUBLIC : cloud;
    }

    @DataBoundSetter
    public void setCloud(Cloud cloud) {
        this.cloud = cloud == Cloud.PUBLIC ? null : cloud;
        this.parsedAuthority = null;
    }

    /** The sign-in URL without the tenant; null unless the cloud is {@link Cloud#CUSTOM}. */
    @CheckForNull
    public String getAuthority() {
        return authority;
    }

    @DataBoundSetter
    public void setAuthority(@CheckForNull String authority) {
        this.authority = Util.fixEmptyAndTrim(authority);
        this.parsedAuthority = null;
    }

    /** The resource that mail permissions belong to, with a trailing slash; null for the cloud's. */
    @CheckForNull
    public String getMailResource() {
        return mailResource;
    }

    /** @param mailResource the trailing slash is optional */
    @DataBoundSetter
    public void setMailResource(@CheckForNull String mailResource) {
        String given = Util.fixEmptyAndTrim(mailResource);
        // The name of a permission is appended to it.
        this.mailResource = given == null || given.endsWith("/") ? given : given + "/";
    }

    /** Scopes to request at sign-in in addition to those that mail needs, separated by spaces; null for none. */
    @CheckForNull
    public String getExtraScopes() {
        return extraScopes;
    }

    @DataBoundSetter
    public void setExtraScopes(@CheckForNull String extraScopes) {
        this.extraScopes = Util.fixEmptyAndTrim(extraScopes);
    }

    /** {@link #getExtraScopes()} as a set. */
    @NonNull
    public Set<String> extraScopes() {
        return extraScopes == null ? Set.of() : new LinkedHashSet<>(List.of(extraScopes.split("\\s+")));
    }

    /** The scopes requested when a person signs in for the account: sending, and reading if any job may read. */
    @NonNull
    public Set<String> scopesFor(@NonNull MailAccount account) {
        Set<String> scopes = new LinkedHashSet<>();
        scopes.add(scope(account, MailUse.SEND));
        if (account.isReadable()) {
            scopes.add(scope(account, MailUse.READ));
        }
        return scopes;
    }

    /** The scope, including the resource, that the use of the account requires. */
    @NonNull
    public String scope(@NonNull MailAccount account, @NonNull MailUse use) {
        return resource(account)
                + (account.getTransport() == Transport.GRAPH
                        ? use.graphPermission(account.isShared())
                        : use.permission());
    }

    /** The resource that the account's delegated permissions belong to, with a trailing slash. */
    @NonNull
    public String resource(@NonNull MailAccount account) {
        return account.getTransport() == Transport.GRAPH ? graphResource(account) : exchangeResource();
    }

    /** Whether scopes were granted for the way of sending and reading that the account does not use. */
    public boolean areForOtherTransport(@NonNull MailAccount account, @NonNull Set<String> scopes) {
        String other = account.getTransport() == Transport.GRAPH
                ? exchangeResource()
                : getCloud().graphResource();
        return scopes.stream().anyMatch(scope -> scope.startsWith(other));
    }

    private String exchangeResource() {
        return mailResource == null ? getCloud().delegatedResource() : mailResource;
    }

    /** In a cloud that is not known here, the address of Microsoft Graph shows its resource. */
    private String graphResource(MailAccount account) {
        String url = account.getGraphUrl();
        return getCloud() == Cloud.CUSTOM && url != null && url.startsWith("https://")
                ? URI.create(url).resolve("/").toString()
                : getCloud().graphResource();
    }

    /** The scope of a client credentials request for SMTP and IMAP: everything granted to the application. */
    public String applicationScope() {
        return (mailResource == null ? getCloud().applicationResource() : mailResource) + ".default";
    }

    /** The scope of a client credentials request for the account: everything granted to the application. */
    @NonNull
    public String applicationScope(@NonNull MailAccount account) {
        return account.getTransport() == Transport.GRAPH ? graphResource(account) + ".default" : applicationScope();
    }

    /** The authority where people sign in and tokens are issued. */
    @NonNull
    public Authority authority() {
        Authority parsed = parsedAuthority;
        if (parsed == null) {
            parsed = Authority.of(
                    getCloud() == Cloud.CUSTOM ? authority : getCloud().authority(), tenantId);
            parsedAuthority = parsed;
        }
        return parsed;
    }

    /**
     * The registration for the token engine, with the current credentials.
     *
     * @throws TokenFailure if a credential is missing or unusable
     */
    @NonNull
    public Registration registration() throws TokenFailure {
        return new Registration(clientId, authority(), clientAuthentication.resolve());
    }

    /**
     * Rejects an application that cannot work.
     *
     * @throws InvalidConfiguration naming the application, the field and the fix
     */
    public void validate() {
        String element = Messages.OAuthApplication_element(id);
        InvalidConfiguration.refuse(element, "id", FieldRules.id(id));
        InvalidConfiguration.refuse(element, "clientId", FieldRules.clientId(clientId));
        InvalidConfiguration.refuse(element, "tenantId", FieldRules.tenantId(tenantId));
        InvalidConfiguration.refuse(element, "authority", FieldRules.authority(getCloud(), authority, tenantId));
        InvalidConfiguration.refuse(element, "mailResource", FieldRules.mailResource(mailResource));
        if (clientAuthentication == null) {
            InvalidConfiguration.refuse(
                    element, "clientAuthentication", Messages.OAuthApplication_clientAuthenticationMissing());
        } else {
            clientAuthentication.validate(element);
        }
    }

    /** Checks the fields while they are being edited. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<OAuthApplication> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OAuthApplication_displayName();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::id);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckClientId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::clientId);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTenantId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::tenantId);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckAuthority(
                @QueryParameter String value, @QueryParameter Cloud cloud, @QueryParameter String tenantId) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(
                    value,
                    typed -> FieldRules.authority(
                            cloud, typed, Util.fixNull(tenantId).strip()));
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckMailResource(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.asTyped(value, FieldRules::mailResource);
        }
    }
}
