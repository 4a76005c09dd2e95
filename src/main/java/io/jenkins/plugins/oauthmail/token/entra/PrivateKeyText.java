package io.jenkins.plugins.oauthmail.token.entra;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.NoSuchPaddingException;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHKeyPairResourceParser;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/**
 * Parses the text of a private key. OpenSSH's format is left to Apache MINA SSHD, because BouncyCastle cannot decrypt
 * it; PKCS#8 (RFC 5958) and PKCS#1 (RFC 8017) are left to BouncyCastle, because only it supports all their ciphers.
 * SSHD requires that BouncyCastle is registered in the JVM, and otherwise registers it; in Jenkins, the
 * bouncycastle-api plugin has already done so.
 */
final class PrivateKeyText {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String OPENSSH = "OPENSSH PRIVATE KEY";
    private static final Set<String> JDK_KINDS = Set.of("RSA", "EC");
    private static final int MAX_LENGTH = 64 * 1024;

    private final String text;

    PrivateKeyText(String text) {
        this.text = text.length() > MAX_LENGTH ? text.strip() : PastedPem.restored(text);
    }

    PrivateKey read(char[] passphrase) throws InvalidKeyMaterial {
        String kind = onlyKind();
        try {
            return plain(OPENSSH.equals(kind) ? openSsh(passphrase) : pem(passphrase));
        } catch (InvalidKeyMaterial e) {
            throw e;
        } catch (IOException | GeneralSecurityException | PKCSException | OperatorCreationException e) {
            throw unreadable(e);
        } catch (RuntimeException e) {
            // Both libraries throw these for damaged text.
            throw unreadable(e);
        }
    }

    private String onlyKind() throws InvalidKeyMaterial {
        if (text.startsWith("PuTTY-User-Key-File")) {
            throw new InvalidKeyMaterial(Messages.PrivateKeyText_putty());
        }
        List<String> kinds = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text.substring(0, Math.min(text.length(), MAX_LENGTH)));
        while (begin.find()) {
            if (begin.group(1).endsWith(PRIVATE_KEY)) {
                kinds.add(begin.group(1));
            }
        }
        if (kinds.isEmpty()) {
            throw new InvalidKeyMaterial(Messages.PrivateKeyText_none());
        }
        if (kinds.size() > 1) {
            throw new InvalidKeyMaterial(Messages.PrivateKeyText_several(kinds.size()));
        }
        return kinds.get(0);
    }

    private PrivateKey openSsh(char[] passphrase) throws IOException, GeneralSecurityException, InvalidKeyMaterial {
        boolean[] asked = new boolean[1];
        FilePasswordProvider answer = (session, resource, retry) -> {
            asked[0] = true;
            return passphrase.length == 0 ? null : new String(passphrase);
        };
        Collection<KeyPair> pairs;
        try {
            pairs = OpenSSHKeyPairResourceParser.INSTANCE.loadKeyPairs(
                    null, NamedResource.ofName("private key"), answer, text);
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw unsupported(e);
        } catch (IOException | GeneralSecurityException e) {
            if (asked[0]) {
                throw locked(passphrase, e);
            }
            throw e;
        }
        if (pairs.size() != 1) {
            throw unreadable(null);
        }
        return pairs.iterator().next().getPrivate();
    }

    private PrivateKey pem(char[] passphrase)
            throws IOException, PKCSException, OperatorCreationException, InvalidKeyMaterial {
        // Our own instance, so that nothing is registered in the JVM.
        BouncyCastleProvider provider = new BouncyCastleProvider();
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter().setProvider(provider);
        Object parsed = key();
        if (parsed instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            needed(passphrase);
            try {
                return converter.getPrivateKey(
                        encrypted.decryptPrivateKeyInfo(new JcePKCSPBEInputDecryptorProviderBuilder()
                                .setProvider(provider)
                                .build(passphrase)));
            } catch (PKCSException e) {
                throw e.getCause() instanceof OperatorCreationException ? unsupported(e) : locked(passphrase, e);
            } catch (IOException e) {
                throw locked(passphrase, e);
            }
        }
        if (parsed instanceof PEMEncryptedKeyPair encrypted) {
            needed(passphrase);
            try {
                return converter
                        .getKeyPair(encrypted.decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                                .setProvider(provider)
                                .build(passphrase)))
                        .getPrivate();
            } catch (IOException e) {
                // A wrong passphrase fails in the cipher; without a cause, there is no such cipher.
                throw e.getCause() == null ? unsupported(e) : locked(passphrase, e);
            }
        }
        if (parsed instanceof PEMKeyPair pair) {
            return converter.getKeyPair(pair).getPrivate();
        }
        if (parsed instanceof PrivateKeyInfo info) {
            return converter.getPrivateKey(info);
        }
        throw unreadable(null);
    }

    /** Skips what may precede the key: its certificate, or the curve of an EC key. */
    private Object key() throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            Object parsed = parser.readObject();
            while (parsed != null
                    && !(parsed instanceof PKCS8EncryptedPrivateKeyInfo
                            || parsed instanceof PEMEncryptedKeyPair
                            || parsed instanceof PEMKeyPair
                            || parsed instanceof PrivateKeyInfo)) {
                parsed = parser.readObject();
            }
            return parsed;
        }
    }

    /**
     * Converts the key to the JDK's own class if it has one, so that equal keys are equal whichever library parsed
     * them.
     */
    private static PrivateKey plain(PrivateKey key) throws GeneralSecurityException {
        String algorithm = key.getAlgorithm().equals("ECDSA") ? "EC" : key.getAlgorithm();
        if (!JDK_KINDS.contains(algorithm) || key.getEncoded() == null) {
            return key;
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    }

    private static void needed(char[] passphrase) throws InvalidKeyMaterial {
        if (passphrase.length == 0) {
            throw locked(passphrase, null);
        }
    }

    private static InvalidKeyMaterial locked(char[] passphrase, Exception cause) {
        String sentence = passphrase.length == 0
                ? Messages.PrivateKeyText_passphraseMissing()
                : Messages.PrivateKeyText_passphraseWrong();
        return new InvalidKeyMaterial(sentence, cause);
    }

    private static InvalidKeyMaterial unsupported(Exception cause) {
        return new InvalidKeyMaterial(Messages.PrivateKeyText_unsupported(), cause);
    }

    private static InvalidKeyMaterial unreadable(Exception cause) {
        return new InvalidKeyMaterial(Messages.PrivateKeyText_unreadable(), cause);
    }
}
