package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.ClientCredential;
import io.jenkins.plugins.oauthmail.token.entra.FederatedTokenRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The application proves itself with a token of an issuer that Entra trusts, such as Kubernetes or Jenkins itself, so
 * that there is no secret to keep. The token comes from a <i>Secret text</i> credential that issues one whenever it is
 * read, or from a file that is renewed. It is read for each exchange with the token endpoint, and never stored.
 *
 * @see <a href="https://learn.microsoft.com/entra/workload-id/workload-identity-federation">Workload identity
 *     federation</a>
 */
@Restricted(NoExternalUse.class)
public final class FederatedToken extends ClientAuthentication {
    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private String tokenFile;

    @CheckForNull
    private String issuer;

    @CheckForNull
    private String subject;

    @CheckForNull
    private String audience;

    /** Set either {@link #setCredentialsId} or {@link #setTokenFile}. */
    @DataBoundConstructor
    public FederatedToken() {
        // Everything has a setter.
    }

    /** ID of the Secret text credential that issues the token; null if a file contains it. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Absolute path of the file on the controller that contains the token; null if a credential issues it. */
    @CheckForNull
    public String getTokenFile() {
        return tokenFile;
    }

    @DataBoundSetter
    public void setTokenFile(@CheckForNull String tokenFile) {
        this.tokenFile = Util.fixEmptyAndTrim(tokenFile);
    }

    /** The issuer that the token must have; null for any. */
    @CheckForNull
    public String getIssuer() {
        return issuer;
    }

    @DataBoundSetter
    public void setIssuer(@CheckForNull String issuer) {
        this.issuer = Util.fixEmptyAndTrim(issuer);
    }

    /** The subject that the token must have; null for any. */
    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** The audience that the token must have; null for that of the public cloud. */
    @CheckForNull
    public String getAudience() {
        return audience;
    }

    @DataBoundSetter
    public void setAudience(@CheckForNull String audience) {
        String given = Util.fixEmptyAndTrim(audience);
        this.audience = FederatedTokenRules.DEFAULT_AUDIENCE.equals(given) ? null : given;
    }

    private FederatedTokenRules rules() {
        return new FederatedTokenRules(
                issuer, subject, audience == null ? FederatedTokenRules.DEFAULT_AUDIENCE : audience);
    }

    /** Does not read the token, which costs a signature or a file access; that is only done when one is needed. */
    @NonNull
    @Override
    public ClientCredential.Federated resolve() throws TokenFailure {
        return new ClientCredential.Federated(source());
    }

    private CheckedSource source() throws TokenFailure {
        if (tokenFile != null) {
            return new FileSource(tokenFile, rules());
        }
        if (credentialsId == null) {
            throw new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, Messages.FederatedToken_noSource());
        }
        SystemCredentials.find(StringCredentials.class, credentialsId, Messages.FederatedToken_role());
        return new CredentialSource(credentialsId, rules());
    }

    /** That of the credential; a token file is not for jobs. */
    @NonNull
    @Override
    public Optional<String> globalCredential() {
        return Optional.ofNullable(credentialsId).filter(id -> SystemCredentials.isGlobal(StringCredentials.class, id));
    }

    @Override
    public void track(@NonNull Run<?, ?> build) {
        SystemCredentials.track(build, StringCredentials.class, credentialsId);
    }

    @Override
    void validate(String element) {
        InvalidConfiguration.refuse(
                element, "clientAuthentication.credentialsId", sourceProblem(credentialsId, tokenFile));
        InvalidConfiguration.refuse(
                element, "clientAuthentication.tokenFile", tokenFile == null ? null : TokenFile.problem(tokenFile));
        InvalidConfiguration.refuse(element, "clientAuthentication.issuer", issuerProblem(issuer));
    }

    @CheckForNull
    private static String sourceProblem(@CheckForNull String credential, @CheckForNull String file) {
        if (credential == null && file == null) {
            return Messages.FederatedToken_noSource();
        }
        return credential != null && file != null ? Messages.FederatedToken_twoSources() : null;
    }

    @CheckForNull
    private static String issuerProblem(@CheckForNull String value) {
        if (value == null) {
            return null;
        }
        try {
            URI uri = new URI(value);
            boolean url = "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return url ? null : Messages.FederatedToken_issuerUrl();
        } catch (URISyntaxException e) {
            return Messages.FederatedToken_issuerUrl();
        }
    }

    /** Reads and checks the token. */
    private interface CheckedSource extends ClientCredential.Federated.Source {
        FederatedTokenRules.Checked checked() throws TokenFailure;

        @NonNull
        @Override
        default String read() throws TokenFailure {
            return checked().value();
        }
    }

    private record FileSource(String path, FederatedTokenRules rules) implements CheckedSource {
        @Override
        public FederatedTokenRules.Checked checked() throws TokenFailure {
            return rules.check(TokenFile.read(path), Messages.FederatedToken_ofFile(path), Clock.systemUTC());
        }
    }

    private record CredentialSource(String id, FederatedTokenRules rules) implements CheckedSource {
        @Override
        public FederatedTokenRules.Checked checked() throws TokenFailure {
            StringCredentials credential =
                    SystemCredentials.find(StringCredentials.class, id, Messages.FederatedToken_role());
            String token =
                    SystemCredentials.held(id, () -> credential.getSecret().getPlainText());
            return rules.check(Util.fixNull(token), Messages.FederatedToken_ofCredential(id), Clock.systemUTC());
        }
    }

    /** Lists Secret text credentials, and shows what Entra has to know about the token. */
    @Extension
    @Symbol("federatedToken")
    public static final class DescriptorImpl extends Descriptor<ClientAuthentication> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.FederatedToken_displayName();
        }

        /** Shown as an example. */
        @NonNull
        public String getDefaultAudience() {
            return FederatedTokenRules.DEFAULT_AUDIENCE;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
            return SystemCredentials.optionsOrNone(StringCredentials.class, credentialsId);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckCredentialsId(
                @QueryParameter String value,
                @QueryParameter String tokenFile,
                @QueryParameter String issuer,
                @QueryParameter String subject,
                @QueryParameter String audience) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            FormValidation chosen = SystemCredentials.check(StringCredentials.class, value);
            if (chosen.kind == FormValidation.Kind.ERROR || Util.fixEmptyAndTrim(value) == null) {
                return chosen;
            }
            if (Util.fixEmptyAndTrim(tokenFile) != null) {
                return FormValidation.error(Messages.FederatedToken_twoSources());
            }
            FormValidation token = check(value, null, issuer, subject, audience);
            return chosen.kind == FormValidation.Kind.OK || token.kind == FormValidation.Kind.ERROR ? token : chosen;
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckTokenFile(
                @QueryParameter String value,
                @QueryParameter String issuer,
                @QueryParameter String subject,
                @QueryParameter String audience) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.ok()
                    : check(null, value, issuer, subject, audience);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckIssuer(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FieldRules.validation(issuerProblem(Util.fixEmptyAndTrim(value)));
        }

        private static FormValidation check(
                @CheckForNull String credential,
                @CheckForNull String file,
                String issuer,
                String subject,
                String audience) {
            FederatedToken candidate = new FederatedToken();
            candidate.setCredentialsId(credential);
            candidate.setTokenFile(file);
            candidate.setIssuer(issuer);
            candidate.setSubject(subject);
            candidate.setAudience(audience);
            try {
                FederatedTokenRules.Checked token = candidate.source().checked();
                return FormValidation.ok(Messages.FederatedToken_good(
                        token.expires().toString(),
                        token.issuer(),
                        token.subject(),
                        candidate.rules().audience()));
            } catch (TokenFailure e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
