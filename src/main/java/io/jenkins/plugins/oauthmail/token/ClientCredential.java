package io.jenkins.plugins.oauthmail.token;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/** How an application proves itself to the token endpoint. Equal when made of equal values; toString hides them. */
public sealed interface ClientCredential permits ClientCredential.Secret, ClientCredential.Certificate {

    /**
     * A client secret.
     *
     * @param value the secret's value, not its id
     */
    record Secret(@NonNull String value) implements ClientCredential {

        /**
         * @throws IllegalArgumentException if blank
         */
        public Secret {
            if (value.isBlank()) {
                throw new IllegalArgumentException(Messages.ClientCredential_emptySecret());
            }
        }

        @Override
        public String toString() {
            return "Secret[hidden]";
        }
    }

    /**
     * A certificate registered with the application, and the key that signs for it. Use {@link KeyMaterial#pair} to
     * make one: it checks that the two fit.
     *
     * @param key RSA private key
     * @param certificate the one uploaded to the app registration
     */
    record Certificate(@NonNull PrivateKey key, @NonNull X509Certificate certificate) implements ClientCredential {

        public Certificate {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(certificate, "certificate");
        }

        @Override
        public String toString() {
            return "Certificate[" + certificate.getSubjectX500Principal().getName() + ", key hidden]";
        }
    }
}
