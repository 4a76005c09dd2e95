package io.jenkins.plugins.oauthmail.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.common.StandardCertificateCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import io.jenkins.plugins.oauthmail.token.entra.ClientCredential;
import io.jenkins.plugins.oauthmail.token.entra.InvalidKeyMaterial;
import io.jenkins.plugins.oauthmail.token.entra.KeyMaterial;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The application proves itself by signing with the private key of an X.509 certificate. The certificate comes from a
 * <i>Certificate</i> credential; the key from the same credential or, if that holds none, from an <i>SSH Username with
 * private key</i> credential.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-2.2">RFC 7523, section 2.2</a>
 */
@Restricted(NoExternalUse.class)
public final class ClientCertificate extends ClientAuthentication {
    private final String certificateCredentialsId;

    @CheckForNull
    private String keyCredentialsId;

    /** The most recently decrypted key: bcrypt takes a tenth of a second, and every use of a token needs the key. */
    @CheckForNull
    private transient volatile Decrypted decrypted;

    /** @param certificateCredentialsId ID of the Certificate credential */
    @DataBoundConstructor
    public ClientCertificate(String certificateCredentialsId) {
        this.certificateCredentialsId = Util.fixNull(certificateCredentialsId).strip();
    }

    public String getCertificateCredentialsId() {
        return certificateCredentialsId;
    }

    /** ID of the SSH key credential; null if the Certificate credential holds the key itself. */
    @CheckForNull
    public String getKeyCredentialsId() {
        return keyCredentialsId;
    }

    @DataBoundSetter
    public void setKeyCredentialsId(@CheckForNull String keyCredentialsId) {
        this.keyCredentialsId = Util.fixEmptyAndTrim(keyCredentialsId);
    }

    @NonNull
    @Override
    public ClientCredential.Certificate resolve() throws TokenFailure {
        StandardCertificateCredentials certificate = SystemCredentials.find(
                StandardCertificateCredentials.class, certificateCredentialsId, Messages.ClientCertificate_role());
        try {
            return KeyMaterial.pair(
                    KeyMaterial.certificate(keyStore(certificate)), privateKey(certificate), Clock.systemUTC());
        } catch (InvalidKeyMaterial e) {
            throw new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, e.getMessage(), e);
        }
    }

    private PrivateKey privateKey(StandardCertificateCredentials certificate) throws TokenFailure, InvalidKeyMaterial {
        if (keyCredentialsId == null) {
            return KeyMaterial.privateKey(keyStore(certificate), characters(certificate.getPassword()))
                    .orElseThrow(() ->
                            new InvalidKeyMaterial(Messages.ClientCertificate_withoutKey(certificateCredentialsId)));
        }
        SSHUserPrivateKey key =
                SystemCredentials.find(SSHUserPrivateKey.class, keyCredentialsId, Messages.ClientCertificate_keyRole());
        List<String> keys = SystemCredentials.held(keyCredentialsId, key::getPrivateKeys);
        if (keys.size() != 1) {
            throw new InvalidKeyMaterial(Messages.ClientCertificate_severalKeys(keyCredentialsId, keys.size()));
        }
        Decrypted known = decrypted;
        if (known == null || known.credential() != key) {
            known = new Decrypted(key, KeyMaterial.privateKey(keys.get(0), characters(key.getPassphrase())));
            decrypted = known;
        }
        return known.key();
    }

    private static KeyStore keyStore(StandardCertificateCredentials certificate) throws TokenFailure {
        return SystemCredentials.held(certificate.getId(), certificate::getKeyStore);
    }

    @CheckForNull
    private static char[] characters(@CheckForNull Secret secret) {
        String text = secret == null ? null : Util.fixEmpty(secret.getPlainText());
        return text == null ? null : text.toCharArray();
    }

    @NonNull
    @Override
    public Optional<Instant> expiry() {
        try {
            StandardCertificateCredentials certificate = SystemCredentials.find(
                    StandardCertificateCredentials.class, certificateCredentialsId, Messages.ClientCertificate_role());
            return Optional.of(
                    KeyMaterial.certificate(keyStore(certificate)).getNotAfter().toInstant());
        } catch (TokenFailure | InvalidKeyMaterial e) {
            return Optional.empty();
        }
    }

    /** That of the private key if there are two credentials: a certificate alone is no use to anybody. */
    @NonNull
    @Override
    public Optional<String> globalCredential() {
        return keyCredentialsId == null
                ? Optional.of(certificateCredentialsId)
                        .filter(id -> SystemCredentials.isGlobal(StandardCertificateCredentials.class, id))
                : Optional.of(keyCredentialsId).filter(id -> SystemCredentials.isGlobal(SSHUserPrivateKey.class, id));
    }

    @Override
    public void track(@NonNull Run<?, ?> build) {
        SystemCredentials.track(build, StandardCertificateCredentials.class, certificateCredentialsId);
        SystemCredentials.track(build, SSHUserPrivateKey.class, keyCredentialsId);
    }

    @Override
    void validate(String element) {
        InvalidConfiguration.refuse(
                element,
                "clientAuthentication.certificateCredentialsId",
                FieldRules.credentialsId(certificateCredentialsId));
    }

    private record Decrypted(SSHUserPrivateKey credential, PrivateKey key) {}

    /** Lists Certificate and SSH key credentials and checks that the selected two match. */
    @Extension
    @Symbol("clientCertificate")
    public static final class DescriptorImpl extends Descriptor<ClientAuthentication> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ClientCertificate_displayName();
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillCertificateCredentialsIdItems(@QueryParameter String certificateCredentialsId) {
            return SystemCredentials.options(StandardCertificateCredentials.class, certificateCredentialsId);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public ListBoxModel doFillKeyCredentialsIdItems(@QueryParameter String keyCredentialsId) {
            return SystemCredentials.optionsOrNone(SSHUserPrivateKey.class, keyCredentialsId);
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckCertificateCredentialsId(
                @QueryParameter String value, @QueryParameter String keyCredentialsId) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            FormValidation chosen = SystemCredentials.check(StandardCertificateCredentials.class, value);
            if (chosen.kind == FormValidation.Kind.ERROR || Util.fixEmptyAndTrim(value) == null) {
                return chosen;
            }
            ClientCertificate candidate = new ClientCertificate(value);
            candidate.setKeyCredentialsId(keyCredentialsId);
            try {
                FormValidation validity =
                        CredentialValidity.of(candidate.resolve().certificate(), Clock.systemUTC());
                return chosen.kind == FormValidation.Kind.OK ? validity : chosen;
            } catch (TokenFailure e) {
                return FormValidation.error(e.getMessage());
            }
        }

        @POST
        @Restricted(DoNotUse.class) // Stapler only
        public FormValidation doCheckKeyCredentialsId(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return SystemCredentials.check(SSHUserPrivateKey.class, value);
        }
    }
}
