package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * How an application authenticates itself to the token endpoint. Equal if the values are equal; toString hides them.
 */
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
     * A certificate that is registered for the application, and its private key. Create it with
     * {@link KeyMaterial#pair}, which checks that they belong together.
     *
     * @param key RSA private key
     * @param certificate the certificate that was uploaded to the app registration
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
