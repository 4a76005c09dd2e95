package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.token.TokenFailure;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * How an application authenticates itself to the token endpoint. Equal if the values are equal; toString hides them.
 */
public sealed interface ClientCredential
        permits ClientCredential.Secret, ClientCredential.Certificate, ClientCredential.Federated {

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

    /**
     * A token of an issuer that the application trusts (workload identity federation). It is valid for a short time, so
     * only its source is kept, and the token is read for each exchange with the token endpoint.
     */
    record Federated(@NonNull Source source) implements ClientCredential {

        /** Must be equal to another one that reads from the same place. */
        public interface Source {
            /**
             * @return a token that has been checked with {@link FederatedTokenRules}
             * @throws TokenFailure if there is none that can be used
             */
            @NonNull
            String read() throws TokenFailure;
        }

        public Federated {
            Objects.requireNonNull(source, "source");
        }
    }
}
