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
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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

/** The application proves itself with a client secret, kept in a <i>Secret text</i> credential. */
@Restricted(NoExternalUse.class)
public final class ClientSecret extends ClientAuthentication {
    private final String credentialsId;

    @CheckForNull
    private String expiresOn;

    /** @param credentialsId ID of the Secret text credential that holds the secret's value */
    @DataBoundConstructor
    public ClientSecret(String credentialsId) {
        this.credentialsId = Util.fixNull(credentialsId).strip();
    }

    public String getCredentialsId() {
        return credentialsId;
    }

    /** The secret's expiry date, ISO 8601 such as {@code 2027-05-31}, as shown by Entra; null if unknown. */
    @CheckForNull
    public String getExpiresOn() {
        return expiresOn;
    }

    @DataBoundSetter
    public void setExpiresOn(@CheckForNull String expiresOn) {
        this.expiresOn = Util.fixEmptyAndTrim(expiresOn);
    }

    /** The end of the day {@link #getExpiresOn()} in UTC, as Entra counts; empty if unknown. */
    @NonNull
    @Override
    public Optional<Instant> expiry() {
        return expiresOn == null || FieldRules.date(expiresOn) != null
                ? Optional.empty()
                : Optional.of(
                        LocalDate.parse(expiresOn).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    @NonNull
    @Override
    public ClientCredential.Secret resolve() throws TokenFailure {
        StringCredentials credential =
                SystemCredentials.find(StringCredentials.class, credentialsId, Messages.ClientSecret_role());
        String secret = Util.fixEmptyAndTrim(SystemCredentials.held(
                credentialsId, () -> credential.getSecret().getPlainText()));
        if (secret == null) {
            throw new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, Messages.ClientSecret_empty(credentialsId));
        }
        return new ClientCredential.Secret(secret);
    }

    @NonNull
    @Override
    public Optional<String> globalCredential() {
        return Optional.of(credentialsId).filter(id -> SystemCredentials.isGlobal(StringCredentials.class, id));
    }

    @Override
    public void track(@NonNull Run<?, ?> build) {
        SystemCredentials.track(build, StringCredentials.class, credentialsId);
    }

    @Override
    void validate(String element) {
        InvalidConfiguration.refuse(
                element, "clientAuthentication.credentialsId", FieldRules.credentialsId(credentialsId));
        InvalidConfiguration.refuse(element, "clientAuthentication.expiresOn", FieldRules.date(expiresOn));
    }

    /** Lists and checks Secret text credentials. */
    @Extension(ordinal = 1)
    @Symbol("clientSecret")
    public static final class DescriptorImpl extends Descriptor<ClientAuthentication> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ClientSecret_displayName();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
            return SystemCredentials.options(StringCredentials.class, credentialsId);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            FormValidation chosen = SystemCredentials.check(StringCredentials.class, value);
            if (chosen.kind == FormValidation.Kind.ERROR || Util.fixEmptyAndTrim(value) == null) {
                return chosen;
            }
            try {
                ClientCredential.Secret secret = new ClientSecret(value).resolve();
                return FieldRules.isGuid(secret.value())
                        ? FormValidation.error(Messages.ClientSecret_looksLikeItsId())
                        : chosen;
            } catch (TokenFailure e) {
                return FormValidation.error(e.getMessage());
            }
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckExpiresOn(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            String day = Util.fixEmptyAndTrim(value);
            return day == null || FieldRules.date(day) != null
                    ? FieldRules.validation(FieldRules.date(day))
                    : CredentialValidity.ofSecret(LocalDate.parse(day), Clock.systemUTC());
        }
    }
}
