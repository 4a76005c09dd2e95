package io.jenkins.inmemory;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsDescriptor;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import java.security.KeyStore;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Credentials of the kinds that the plugin asks for. */
public final class InMemoryCredentials {
    private InMemoryCredentials() {}

    @NonNull
    public static StringCredentials secretText(CredentialsScope scope, String id, String secret) {
        return new SecretText(scope, id, Secret.fromString(secret));
    }

    @NonNull
    public static StandardCertificateCredentials certificate(
            CredentialsScope scope, String id, KeyStore keyStore, String password) {
        return new Certificate(scope, id, keyStore, Secret.fromString(password));
    }

    /** @param keys in PEM */
    @NonNull
    public static SSHUserPrivateKey sshKey(
            CredentialsScope scope, String id, List<String> keys, @CheckForNull String passphrase) {
        return new SshKey(scope, id, keys, passphrase == null ? null : Secret.fromString(passphrase));
    }

    private interface Standard extends StandardCredentials {
        CredentialsScope scope();

        String id();

        @Override
        default CredentialsScope getScope() {
            return scope();
        }

        @NonNull
        @Override
        default String getId() {
            return id();
        }

        @NonNull
        @Override
        default String getDescription() {
            return "";
        }

        @NonNull
        @Override
        default CredentialsDescriptor getDescriptor() {
            throw new UnsupportedOperationException("The form of a credential needs a controller.");
        }
    }

    private record SecretText(CredentialsScope scope, String id, Secret secret) implements Standard, StringCredentials {
        @NonNull
        @Override
        public Secret getSecret() {
            return secret;
        }
    }

    private record Certificate(CredentialsScope scope, String id, KeyStore keyStore, Secret password)
            implements Standard, StandardCertificateCredentials {
        @NonNull
        @Override
        public KeyStore getKeyStore() {
            return keyStore;
        }

        @NonNull
        @Override
        public Secret getPassword() {
            return password;
        }
    }

    private record SshKey(CredentialsScope scope, String id, List<String> keys, Secret passphrase)
            implements Standard, SSHUserPrivateKey {
        @CheckForNull
        @Override
        public Secret getPassphrase() {
            return passphrase;
        }

        @NonNull
        @Override
        public List<String> getPrivateKeys() {
            return keys;
        }

        @NonNull
        @Override
        public String getUsername() {
            return "";
        }
    }
}
