package io.jenkins.plugins.oauthmail.token.entra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.Security;
import java.time.Clock;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyTextTest {

    private static final PrivateKey EXPECTED = Fixtures.key("rsa.pkcs8.pem");

    private static String refusal(String pem, String passphrase) {
        return assertThrows(
                        InvalidKeyMaterial.class,
                        () -> KeyMaterial.privateKey(pem, passphrase == null ? null : passphrase.toCharArray()))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa.pkcs8.pem",
                "rsa.pkcs8.encrypted.pem",
                "rsa.pkcs1.pem",
                "rsa.pkcs1.encrypted.pem",
                "rsa.openssh.pem",
                "rsa.openssh.encrypted.pem"
            })
    void readsAllSixFormats(String file) throws Exception {
        PrivateKey key = KeyMaterial.privateKey(Fixtures.text(file), Fixtures.PASSPHRASE.toCharArray());
        assertArrayEquals(EXPECTED.getEncoded(), key.getEncoded());
        assertEquals(EXPECTED, key, "equal, so that an unchanged credential is seen as unchanged");
        assertEquals(
                key,
                KeyMaterial.pair(Fixtures.certificate("rsa.certificate.pem"), key, Clock.systemUTC())
                        .key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa.pkcs8.pem", "rsa.pkcs1.pem", "rsa.openssh.pem"})
    void needsNoPassphraseForUnencryptedKeys(String file) throws Exception {
        assertEquals(EXPECTED, KeyMaterial.privateKey(Fixtures.text(file), null));
        assertEquals(EXPECTED, KeyMaterial.privateKey(Fixtures.text(file), new char[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa.pkcs8.encrypted.pem", "rsa.pkcs1.encrypted.pem", "rsa.openssh.encrypted.pem"})
    void distinguishesWrongAndMissingPassphrases(String file) {
        String pem = Fixtures.text(file);
        assertEquals(
                "The passphrase does not open the private key: correct it in the credential.",
                refusal(pem, "wrong-horse"));
        String missing = "The private key is protected by a passphrase, but none is given: store it in the credential.";
        assertEquals(missing, refusal(pem, null));
        assertEquals(missing, refusal(pem, ""));
    }

    @Test
    void acceptsWindowsLineEndsAndSurroundingSpace() throws Exception {
        for (String file : new String[] {"rsa.pkcs8.pem", "rsa.pkcs1.pem", "rsa.openssh.pem"}) {
            String pem = "\r\n  " + Fixtures.text(file).replace("\n", "\r\n") + "\r\n";
            assertEquals(EXPECTED, KeyMaterial.privateKey(pem, null), file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa.pkcs8.pem",
                "rsa.pkcs8.encrypted.pem",
                "rsa.pkcs1.pem",
                "rsa.pkcs1.encrypted.pem",
                "rsa.openssh.pem",
                "rsa.openssh.encrypted.pem"
            })
    void acceptsPastedKeys(String file) throws Exception {
        String pem = Fixtures.text(file).strip();
        String[] pasted = {
            "\ufeff" + pem,
            "\u200b\u00a0 " + pem + "\u00a0\u200b",
            pem.replace("\n", "\n    "),
            pem.replace("\n", "\n\u00a0\u00a0"),
            pem.replace("\n", "\\n"),
            pem.replace("\n", "\\r\\n"),
            "\"" + pem.replace("\n", "\\n") + "\\n\"",
            "'" + pem + "'",
            "\u201c" + pem + "\u201d",
            pem.replace("\n", " "),
            pem.replace("\n", "\t"),
            pem.replace("\n", "\n\n"),
            pem.replace("\n", "\n> "),
            pem.replace("-----", "\u2014\u2014-"),
            "{\"key\": \"" + pem.replace("\n", "\\n") + "\"}",
            Base64.getMimeEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII))
        };
        for (String each : pasted) {
            assertEquals(EXPECTED, KeyMaterial.privateKey(each, Fixtures.PASSPHRASE.toCharArray()), each);
        }
    }

    @Test
    void readsKeysEncryptedWithScrypt() throws Exception {
        String pem = Fixtures.text("rsa.pkcs8.scrypt.pem");
        assertEquals(EXPECTED, KeyMaterial.privateKey(pem, Fixtures.PASSPHRASE.toCharArray()));
        assertEquals(
                "The passphrase does not open the private key: correct it in the credential.",
                refusal(pem, "wrong-horse"));
    }

    @Test
    void readsKeysEncryptedWithChaCha20() throws Exception {
        String pem = Fixtures.text("rsa.openssh.chacha20.pem");
        assertEquals(EXPECTED, KeyMaterial.privateKey(pem, Fixtures.PASSPHRASE.toCharArray()));
    }

    @Test
    void reportsAnUnsupportedCipher() {
        assertEquals(
                "The private key is encrypted in a way that is not supported: encrypt it with"
                        + " \"openssl pkcs8 -topk8 -v2 aes-256-cbc\".",
                refusal(Fixtures.text("rsa.pkcs8.aria.pem"), Fixtures.PASSPHRASE));
        String unknown = Fixtures.text("rsa.pkcs1.encrypted.pem").replace("AES-256-CBC", "ARIA-256-CBC");
        assertTrue(refusal(unknown, Fixtures.PASSPHRASE).contains("not supported"));
    }

    @Test
    void skipsACertificateBeforeTheKey() throws Exception {
        String both = Fixtures.text("rsa.certificate.pem") + Fixtures.text("rsa.pkcs8.pem");
        assertEquals(EXPECTED, KeyMaterial.privateKey(both, null));
    }

    @Test
    void requiresExactlyOneKey() {
        assertEquals(
                "The text contains no private key: it must have a line such as"
                        + " \"-----BEGIN PRIVATE KEY-----\" (PKCS#8, PKCS#1 or OpenSSH).",
                refusal(Fixtures.text("rsa.certificate.pem"), null));
        assertEquals(
                "The text contains 2 private keys and must contain exactly one: remove the others.",
                refusal(Fixtures.text("rsa.pkcs8.pem") + Fixtures.text("foreign.pkcs8.pem"), null));
        assertEquals(
                "The private key is in PuTTY's format: export it with PuTTYgen, Conversions, Export OpenSSH key.",
                refusal("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa.pkcs8.pem",
                "rsa.pkcs8.encrypted.pem",
                "rsa.pkcs1.pem",
                "rsa.pkcs1.encrypted.pem",
                "rsa.openssh.pem",
                "rsa.openssh.encrypted.pem"
            })
    void reportsATruncatedKey(String file) {
        String pem = Fixtures.text(file);
        String end = pem.substring(pem.indexOf("-----END"));
        String said = refusal(pem.substring(0, pem.length() / 2) + "\n" + end, Fixtures.PASSPHRASE);
        assertTrue(
                said.startsWith("The private key cannot be read: paste the whole RSA key")
                        || said.startsWith("The passphrase does not open the private key"),
                said);
        assertFalse(said.contains("MII"), said);
    }

    @Test
    void registersNoProviderForPemKeys() throws Exception {
        int before = Security.getProviders().length;
        KeyMaterial.privateKey(Fixtures.text("rsa.pkcs8.encrypted.pem"), Fixtures.PASSPHRASE.toCharArray());
        KeyMaterial.privateKey(Fixtures.text("rsa.pkcs1.encrypted.pem"), Fixtures.PASSPHRASE.toCharArray());
        assertEquals(before, Security.getProviders().length);
    }

    @Test
    void readsEllipticCurves() {
        assertEquals("EC", Fixtures.key("ec.pkcs8.pem").getAlgorithm());
        String said = assertThrows(
                        InvalidKeyMaterial.class,
                        () -> KeyMaterial.pair(
                                Fixtures.certificate("rsa.certificate.pem"),
                                KeyMaterial.privateKey(Fixtures.text("ed25519.openssh.pem"), null),
                                Clock.systemUTC()))
                .getMessage();
        assertTrue(said.contains("RSA"), said);
    }
}
