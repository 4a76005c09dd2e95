package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Throw-away certificates for the servers that tests run on loopback, made by the JDK's own {@code keytool} once per
 * JVM. There is one self-signed certificate for each purpose, so that a client which trusts both still has to check
 * the host name to tell them apart. Nothing of it outlives the JVM.
 */
public final class TestCa {
    private static final Object LOCK = new Object();

    /** The default context while this JVM trusts our server; null if it never did. */
    private static SSLContext ours;

    /** The default context before. */
    private static SSLContext theirs;

    private static final char[] PASSWORD = "throw-away".toCharArray();
    private static final String ALIAS = "server";

    private final KeyStore good;
    private final KeyStore wrongHost;
    private final KeyStore trust;

    private TestCa() {
        good = keyStore("CN=OAuth Mail test server", "san=dns:localhost,dns:login.test,ip:127.0.0.1");
        wrongHost = keyStore("CN=OAuth Mail test server elsewhere", "san=dns:elsewhere.test");
        try {
            trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("good", good.getCertificate(ALIAS));
            trust.setCertificateEntry("wrong-host", wrongHost.getCertificate(ALIAS));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The certificates of this JVM, made at the first call (about a second).
     *
     * @return always the same object
     */
    @NonNull
    public static TestCa get() {
        return Holder.CA;
    }

    /** @return what a server on {@code localhost}, {@code 127.0.0.1} or {@code login.test} identifies itself with */
    @NonNull
    public SSLContext serverContext() {
        return context(good, null);
    }

    /** @return a server identity that {@link #clientContext()} trusts, but for the host {@code elsewhere.test} */
    @NonNull
    public SSLContext wrongHostContext() {
        return context(wrongHost, null);
    }

    /** @return trusts the certificates made here and no others */
    @NonNull
    public SSLContext clientContext() {
        return context(null, trust);
    }

    /** @return the certificate behind {@link #serverContext()} */
    @NonNull
    public Certificate certificate() {
        try {
            return good.getCertificate(ALIAS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes {@link #clientContext()} this JVM's default, for code that has (rightly) no switch for trusting anything.
     *
     * @return the default that was in force before, to put back with {@link SSLContext#setDefault}
     */
    @NonNull
    public SSLContext trustInThisJvm() {
        try {
            synchronized (LOCK) {
                SSLContext present = SSLContext.getDefault();
                if (present != ours) {
                    theirs = present;
                }
                ours = clientContext();
                SSLContext.setDefault(ours);
                // Not ours, even if several trust the server and stop doing so in another order.
                return theirs;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes what {@link #clientContext()} trusts as a PKCS#12 file, for another JVM's {@code javax.net.ssl.trustStore}.
     *
     * @param file is overwritten
     * @param password {@code javax.net.ssl.trustStorePassword} of that JVM
     * @throws IOException if the file cannot be written
     */
    public void writeTrustStore(@NonNull Path file, @NonNull String password) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            trust.store(out, password.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(KeyStore keys, KeyStore trusted) {
        try {
            KeyManager[] keyManagers = new KeyManager[0];
            if (keys != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(keys, PASSWORD);
                keyManagers = factory.getKeyManagers();
            }
            TrustManager[] trustManagers = new TrustManager[0];
            if (trusted != null) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(trusted);
                trustManagers = factory.getTrustManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers, trustManagers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore keyStore(String name, String subjectAlternativeNames) {
        Path dir = null;
        try {
            dir = Files.createTempDirectory("oauth-mail-test-ca");
            Path file = dir.resolve("server.p12");
            keytool(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    name,
                    "-ext",
                    subjectAlternativeNames,
                    "-startdate",
                    "-1d",
                    "-validity",
                    "30",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    new String(PASSWORD),
                    "-keystore",
                    file.toString()));
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            Files.delete(file);
            return store;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (dir != null) {
                dir.toFile().delete();
            }
        }
    }

    private static void keytool(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException("keytool ended with " + exit + ": " + said);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool was running", e);
        }
    }

    private static final class Holder {
        static final TestCa CA = new TestCa();
    }
}
