package io.jenkins.plugins.oauthmail.token.entra;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Certificates and keys for the authentication of an application. They are checked before they are used. */
public final class KeyMaterial {

    private static final int MIN_BITS = 2048;
    private static final String IMPORT = "keytool -importcert -noprompt -alias oauth-mail -file certificate.pem"
            + " -storetype PKCS12 -keystore certificate.p12";

    private KeyMaterial() {}

    /**
     * Combines a certificate and its private key if Entra accepts them: RSA, 2048 bits or more, valid today, belonging
     * together.
     *
     * @param clock the current time
     * @throws InvalidKeyMaterial with the reason
     */
    @NonNull
    public static ClientCredential.Certificate pair(
            @NonNull X509Certificate certificate, @NonNull PrivateKey key, @NonNull Clock clock)
            throws InvalidKeyMaterial {
        if (!(certificate.getPublicKey() instanceof RSAPublicKey rsa)) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_certificateNotRsa(
                    certificate.getPublicKey().getAlgorithm()));
        }
        int bits = rsa.getModulus().bitLength();
        if (bits < MIN_BITS) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_tooShort(bits, MIN_BITS));
        }
        if (!"RSA".equals(key.getAlgorithm())) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_keyNotRsa(key.getAlgorithm()));
        }
        requireValidNow(certificate, clock);
        if (!belongTogether(certificate.getPublicKey(), key)) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_otherKey());
        }
        return new ClientCredential.Certificate(key, certificate);
    }

    /**
     * Requires a certificate to be valid today, which is the only thing about a {@linkplain #pair pair} that changes.
     *
     * @param clock the current time
     * @throws InvalidKeyMaterial if it is not valid yet, or has expired
     */
    public static void requireValidNow(@NonNull X509Certificate certificate, @NonNull Clock clock)
            throws InvalidKeyMaterial {
        Instant now = clock.instant();
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw new InvalidKeyMaterial(
                    Messages.KeyMaterial_tooEarly(day(certificate.getNotBefore().toInstant())));
        }
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new InvalidKeyMaterial(
                    Messages.KeyMaterial_expired(day(certificate.getNotAfter().toInstant())));
        }
    }

    /**
     * The only certificate of a keystore, with or without its key.
     *
     * @param store already loaded
     * @throws InvalidKeyMaterial unless there is exactly one X.509 certificate, or exactly one with its key; the message
     *     says how to create such a keystore
     */
    @NonNull
    public static X509Certificate certificate(@NonNull KeyStore store) throws InvalidKeyMaterial {
        Certificate only;
        try {
            List<String> aliases = Collections.list(store.aliases());
            if (aliases.isEmpty()) {
                throw new InvalidKeyMaterial(Messages.KeyMaterial_empty(IMPORT));
            }
            List<String> keys = new ArrayList<>();
            for (String alias : aliases) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
            if (keys.size() == 1) {
                // Beside it, programs export the authorities that issued its certificate.
                aliases = keys;
            }
            if (aliases.size() > 1) {
                throw new InvalidKeyMaterial(Messages.KeyMaterial_several(aliases.size(), IMPORT));
            }
            only = store.getCertificate(aliases.get(0));
        } catch (KeyStoreException e) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_unreadable(), e);
        }
        if (only instanceof X509Certificate certificate) {
            return certificate;
        }
        throw new InvalidKeyMaterial(Messages.KeyMaterial_noCertificate(IMPORT));
    }

    /**
     * The private key in the same keystore as the certificate.
     *
     * @param store already loaded
     * @param password password of the key, usually the same as that of the keystore; null for none
     * @return empty if the keystore contains no key
     * @throws InvalidKeyMaterial if there are several keys, or the password is wrong
     */
    @NonNull
    public static Optional<PrivateKey> privateKey(@NonNull KeyStore store, @CheckForNull char[] password)
            throws InvalidKeyMaterial {
        PrivateKey found = null;
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    if (found != null) {
                        throw new InvalidKeyMaterial(Messages.KeyMaterial_severalKeys());
                    }
                    found = key;
                }
            }
        } catch (UnrecoverableKeyException e) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_password(), e);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_unreadable(), e);
        }
        return Optional.ofNullable(found);
    }

    /**
     * Parses a private key in PKCS#8, PKCS#1 or OpenSSH's own format, unencrypted or encrypted.
     *
     * @param pem text with exactly one key
     * @param passphrase null or empty for none; ignored for an unencrypted key
     * @throws InvalidKeyMaterial if there is no such key, or the passphrase is wrong or missing
     */
    @NonNull
    public static PrivateKey privateKey(@NonNull String pem, @CheckForNull char[] passphrase)
            throws InvalidKeyMaterial {
        return new PrivateKeyText(pem).read(passphrase == null ? new char[0] : passphrase);
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey key) throws InvalidKeyMaterial {
        byte[] message = RandomText.next().getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key);
            signer.update(message);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(publicKey);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            // The signature has a different length than one of the certificate's key.
            return false;
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyMaterial(Messages.KeyMaterial_cannotSign(), e);
        }
    }

    private static String day(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
}
