package io.jenkins.plugins.oauthmail.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.oauthmail.token.ClientCredential;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The application proves itself with a client secret, kept in a <i>Secret text</i> credential. */
public final class ClientSecret extends ClientAuthentication {
    private final String credentialsId;

    /** @param credentialsId id of the Secret text credential that holds the secret's value */
    @DataBoundConstructor
    public ClientSecret(String credentialsId) {
        this.credentialsId = Util.fixNull(credentialsId).strip();
    }

    public String getCredentialsId() {
        return credentialsId;
    }

    @NonNull
    @Override
    public ClientCredential.Secret resolve() throws TokenFailure {
        StringCredentials credential = SystemCredentials.find(StringCredentials.class, credentialsId, "client secret");
        String secret = Util.fixEmptyAndTrim(credential.getSecret().getPlainText());
        if (secret == null) {
            throw new TokenFailure(
                    TokenFailure.Kind.KEY_MATERIAL,
                    "The credential '" + credentialsId + "' is empty; put the client secret's value into it.");
        }
        return new ClientCredential.Secret(secret);
    }

    @Override
    public void track(@NonNull Run<?, ?> build) {
        SystemCredentials.track(build, StringCredentials.class, credentialsId);
    }

    @Override
    void validate(String element) {
        InvalidConfiguration.refuse(
                element, "clientAuthentication.credentialsId", FieldRules.credentialsId(credentialsId));
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
            return SystemCredentials.options(StringCredentials.class, credentialsId, false);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            FormValidation chosen = SystemCredentials.check(StringCredentials.class, value, false);
            if (chosen.kind == FormValidation.Kind.ERROR) {
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
    }
}
