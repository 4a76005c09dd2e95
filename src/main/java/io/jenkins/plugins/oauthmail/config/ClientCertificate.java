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

    /**
     * The most recently used pair. Decrypting a key with bcrypt takes a tenth of a second and checking a pair two
     * milliseconds, but every use of a token needs it.
     */
    @CheckForNull
    private transient volatile Checked checked;

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
        KeyStore store = keyStore(certificate);
        SSHUserPrivateKey key = keyCredentialsId == null
                ? null
                : SystemCredentials.find(
                        SSHUserPrivateKey.class, keyCredentialsId, Messages.ClientCertificate_keyRole());
        try {
            Checked known = checked;
            if (known != null && known.isOf(certificate, store, key)) {
                KeyMaterial.requireValidNow(known.pair().certificate(), Clock.systemUTC());
                return known.pair();
            }
            PrivateKey read = key == null ? privateKey(store, certificate) : privateKey(key);
            ClientCredential.Certificate pair =
                    KeyMaterial.pair(KeyMaterial.certificate(store), read, Clock.systemUTC());
            checked = new Checked(certificate, store, key, pair);
            return pair;
        } catch (InvalidKeyMaterial e) {
            throw new TokenFailure(TokenFailure.Kind.KEY_MATERIAL, e.getMessage(), e);
        }
    }

    private PrivateKey privateKey(KeyStore store, StandardCertificateCredentials certificate)
            throws TokenFailure, InvalidKeyMaterial {
        Secret password = SystemCredentials.held(certificateCredentialsId, certificate::getPassword);
        return KeyMaterial.privateKey(store, characters(password))
                .orElseThrow(
                        () -> new InvalidKeyMaterial(Messages.ClientCertificate_withoutKey(certificateCredentialsId)));
    }

    private PrivateKey privateKey(SSHUserPrivateKey key) throws TokenFailure, InvalidKeyMaterial {
        List<String> keys = SystemCredentials.held(keyCredentialsId, key::getPrivateKeys);
        if (keys.size() != 1) {
            throw new InvalidKeyMaterial(Messages.ClientCertificate_severalKeys(keyCredentialsId, keys.size()));
        }
        Secret passphrase = SystemCredentials.held(keyCredentialsId, key::getPassphrase);
        return KeyMaterial.privateKey(keys.get(0), characters(passphrase));
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

    /** Editing a credential replaces the object; credentials of external vaults have a new keystore when it changes. */
    private record Checked(
            StandardCertificateCredentials credential,
            KeyStore store,
            @CheckForNull SSHUserPrivateKey key,
            ClientCredential.Certificate pair) {

        boolean isOf(
                StandardCertificateCredentials otherCredential,
                KeyStore otherStore,
                @CheckForNull SSHUserPrivateKey otherKey) {
            return credential == otherCredential && store == otherStore && key == otherKey;
        }

        @Override
        public String toString() {
            return "Checked[" + pair + "]";
        }
    }

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
