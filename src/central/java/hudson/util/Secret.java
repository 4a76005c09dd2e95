package hudson.util;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A text that is encrypted wherever it is stored. The key lives as long as this process. */
public final class Secret implements Serializable {
    private static final long serialVersionUID = 1;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SecretKeySpec KEY = new SecretKeySpec(random(16), "AES");
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    @NonNull
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** @param data a plain text, or what {@link #getEncryptedValue()} gave */
    @NonNull
    public static Secret fromString(@CheckForNull String data) {
        String text = Objects.requireNonNullElse(data, "");
        Secret decrypted = decrypt(text);
        return decrypted == null ? new Secret(text) : decrypted;
    }

    @CheckForNull
    public static Secret decrypt(@CheckForNull String data) {
        if (data == null || !data.startsWith("{") || !data.endsWith("}")) {
            return null;
        }
        try {
            ByteBuffer parts = ByteBuffer.wrap(Base64.getDecoder().decode(data.substring(1, data.length() - 1)));
            byte[] nonce = new byte[NONCE_BYTES];
            parts.get(nonce);
            byte[] encrypted = new byte[parts.remaining()];
            parts.get(encrypted);
            return new Secret(
                    new String(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(encrypted), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | RuntimeException notOurs) {
            return null;
        }
    }

    @CheckForNull
    public static String toString(@CheckForNull Secret s) {
        return s == null ? null : s.value;
    }

    @NonNull
    public String getPlainText() {
        return value;
    }

    public String getEncryptedValue() {
        byte[] nonce = random(NONCE_BYTES);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(value.getBytes(StandardCharsets.UTF_8));
            ByteBuffer parts = ByteBuffer.allocate(nonce.length + encrypted.length);
            return "{"
                    + Base64.getEncoder()
                            .encodeToString(parts.put(nonce).put(encrypted).array())
                    + "}";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The plain text, as in Jenkins; that is why nobody should call it. */
    @Override
    @Deprecated
    public String toString() {
        return value;
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Secret other && value.equals(other.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    private static Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, KEY, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
