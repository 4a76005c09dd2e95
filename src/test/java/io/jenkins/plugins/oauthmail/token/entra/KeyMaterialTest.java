package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class KeyMaterialTest {

    private static final Clock NOW = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    private static final String IMPORT = "keytool -importcert -noprompt -alias oauth-mail -file certificate.pem"
            + " -storetype PKCS12 -keystore certificate.p12";

    private static void refused(String sentence, Executable attempt) {
        assertEquals(sentence, assertThrows(InvalidKeyMaterial.class, attempt).getMessage());
    }

    private static Executable pairing(String certificate, String key) {
        return () -> KeyMaterial.pair(Fixtures.certificate(certificate), Fixtures.key(key), NOW);
    }

    @Test
    void pairsCertificateAndKey() throws Exception {
        ClientCredential.Certificate one =
                KeyMaterial.pair(Fixtures.certificate("rsa.certificate.pem"), Fixtures.key("rsa.pkcs1.pem"), NOW);
        ClientCredential.Certificate same = KeyMaterial.pair(
                Fixtures.certificate("rsa.certificate.pem"), Fixtures.key("rsa.openssh.encrypted.pem"), NOW);
        assertEquals(one, same);
        assertFalse(one.equals(new ClientCredential.Certificate(
                Fixtures.key("foreign.pkcs8.pem"), Fixtures.certificate("foreign.certificate.pem"))));
    }

    @Test
    void rejectsAMismatchedKey() {
        refused(
                "The private key does not belong to the certificate:"
                        + " select the key that the certificate was created with.",
                pairing("rsa.certificate.pem", "foreign.pkcs8.pem"));
        refused(
                "The private key does not belong to the certificate:"
                        + " select the key that the certificate was created with.",
                pairing("rsa.certificate.pem", "short.pkcs8.pem"));
    }

    @Test
    void rejectsEllipticCurves() {
        refused(
                "The certificate is for a key of type EC, and Entra only accepts RSA: create a new one with an RSA key.",
                pairing("ec.certificate.pem", "ec.pkcs8.pem"));
        refused(
                "The private key is of type EC, and Entra only accepts RSA:"
                        + " select the RSA key that the certificate was created with.",
                pairing("rsa.certificate.pem", "ec.pkcs8.pem"));
    }

    @Test
    void rejectsShortKeys() {
        refused(
                "The certificate's RSA key has only 1024 bits: create a new one with 2048 bits or more.",
                pairing("short.certificate.pem", "short.pkcs8.pem"));
    }

    @Test
    void rejectsExpiredAndFutureCertificates() {
        refused(
                "The certificate expired on 2021-01-01: create a new one, upload it to the app registration"
                        + " and store it in the credential.",
                pairing("rsa.expired.certificate.pem", "rsa.pkcs8.pem"));
        refused(
                "The certificate is not valid before 2098-01-01: wait until then, or check the clock of this computer.",
                pairing("rsa.future.certificate.pem", "rsa.pkcs8.pem"));
    }

    @Test
    void readsAKeystoreWithKeyAndCertificate() throws Exception {
        KeyStore store = Fixtures.keyStore("key-and-certificate.p12");
        assertEquals(Fixtures.certificate("rsa.certificate.pem"), KeyMaterial.certificate(store));
        assertEquals(
                Fixtures.key("rsa.pkcs8.pem"),
                KeyMaterial.privateKey(store, Fixtures.PASSPHRASE.toCharArray()).orElseThrow());
        refused(
                "The password does not open the keystore's private key: correct it in the credential.",
                () -> KeyMaterial.privateKey(store, "wrong".toCharArray()));
        refused(
                "The password does not open the keystore's private key: correct it in the credential.",
                () -> KeyMaterial.privateKey(store, (char[]) null));
    }

    @Test
    void readsAKeystoreWithACertificateOnly() throws Exception {
        KeyStore store = Fixtures.keyStore("certificate-only.p12");
        assertEquals(Fixtures.certificate("rsa.certificate.pem"), KeyMaterial.certificate(store));
        assertTrue(
                KeyMaterial.privateKey(store, Fixtures.PASSPHRASE.toCharArray()).isEmpty());
    }

    @Test
    void explainsHowToCreateAReadableKeystore() {
        refused(
                "The keystore contains no certificate that Java can see, like those that \"openssl pkcs12 -nokeys\" creates:"
                        + " create it with \"" + IMPORT + "\".",
                () -> KeyMaterial.certificate(Fixtures.keyStore("nokeys.p12")));
        refused(
                "The keystore contains 2 entries and must contain exactly one: create a new one with \"" + IMPORT
                        + "\".",
                () -> KeyMaterial.certificate(Fixtures.keyStore("two-certificates.p12")));
    }

    @Test
    void ignoresTrustedAuthorities() throws Exception {
        KeyStore store = Fixtures.keyStore("key-and-certificate.p12");
        store.setCertificateEntry("a root", Fixtures.certificate("foreign.certificate.pem"));
        store.setCertificateEntry("z root", Fixtures.certificate("ec.certificate.pem"));
        assertEquals(Fixtures.certificate("rsa.certificate.pem"), KeyMaterial.certificate(store));
        assertEquals(
                Fixtures.key("rsa.pkcs8.pem"),
                KeyMaterial.privateKey(store, Fixtures.PASSPHRASE.toCharArray()).orElseThrow());
    }

    @Test
    void requiresOneKeyInAKeystore() throws Exception {
        KeyStore store = Fixtures.keyStore("key-and-certificate.p12");
        char[] password = Fixtures.PASSPHRASE.toCharArray();
        store.setKeyEntry("second", Fixtures.key("foreign.pkcs8.pem"), password, new java.security.cert.Certificate[] {
            Fixtures.certificate("foreign.certificate.pem")
        });
        refused(
                "The keystore contains several private keys and must contain exactly one:"
                        + " export the right one into its own keystore.",
                () -> KeyMaterial.privateKey(store, password));
    }
}
