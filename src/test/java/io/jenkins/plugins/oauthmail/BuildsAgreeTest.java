package io.jenkins.plugins.oauthmail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.azure.json.JsonProviders;
import com.github.davidmoten.guavamini.Preconditions;
import com.icegreen.greenmail.util.GreenMail;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.thoughtworks.xstream.XStream;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.mail.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.tools.ant.types.FileSet;
import org.bouncycastle.cert.X509CertificateHolder;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.server.SMTPServer;

/** The root build and the one in {@code src/central} name the same versions and make the same plugin. */
class BuildsAgreeTest {
    private static final Path ROOT = root();
    private static final Pom PLUGIN = Pom.read(ROOT.resolve("pom.xml"));
    private static final Pom CENTRAL = Pom.read(ROOT.resolve("src/central/pom.xml"));

    @ParameterizedTest
    @MethodSource
    void versionIsTheSame(String property) {
        assertNotNull(PLUGIN.property(property));
        assertEquals(PLUGIN.property(property), CENTRAL.property(property));
    }

    static List<String> versionIsTheSame() {
        return List.of(
                "archunit.version",
                "azure-json.version",
                "greenmail.version",
                "guava-mini.version",
                "mime4j.version",
                "msal4j.version",
                "subethasmtp.version");
    }

    /** What the root build gets from Jenkins and its plugins is what the Central build names, and vice versa. */
    @ParameterizedTest
    @MethodSource
    void libraryIsTheOneInTheCentralBuild(Class<?> type, String artifact, String property) throws URISyntaxException {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertEquals(
                artifact + "-" + CENTRAL.property(property) + ".jar",
                jar.getFileName().toString());
    }

    static List<Arguments> libraryIsTheOneInTheCentralBuild() {
        return List.of(
                Arguments.of(SMTPTransport.class, "angus-mail", "angus-mail.version"),
                Arguments.of(FileSet.class, "ant", "ant.version"),
                Arguments.of(ClassFileImporter.class, "archunit", "archunit.version"),
                Arguments.of(JsonProviders.class, "azure-json", "azure-json.version"),
                Arguments.of(X509CertificateHolder.class, "bcpkix-jdk18on", "bouncycastle.version"),
                Arguments.of(GreenMail.class, "greenmail", "greenmail.version"),
                Arguments.of(Session.class, "jakarta.mail-api", "jakarta.mail.version"),
                Arguments.of(HttpServletRequest.class, "jakarta.servlet-api", "jakarta.servlet.version"),
                Arguments.of(Test.class, "junit-jupiter-api", "junit.version"),
                Arguments.of(Jsoup.class, "jsoup", "jsoup.version"),
                Arguments.of(ConfidentialClientApplication.class, "msal4j", "msal4j.version"),
                Arguments.of(LoggerFactory.class, "slf4j-api", "slf4j.version"),
                Arguments.of(SecurityUtils.class, "sshd-common", "sshd.version"),
                Arguments.of(SMTPServer.class, "subethasmtp", "subethasmtp.version"),
                Arguments.of(Preconditions.class, "guava-mini", "guava-mini.version"),
                Arguments.of(XStream.class, "xstream", "xstream.version"));
    }

    @Test
    void sameArtifactsAreBundled() {
        Set<String> allowed = Set.of(PLUGIN.property("hpi.bundledArtifacts").split(","));
        assertEquals(allowed, CENTRAL.dependencies("compile").keySet());
        assertEquals(allowed, bundledByRoot());
    }

    @Test
    void samePluginsAreRequired() throws IOException {
        Set<String> plugins = PLUGIN.dependencies("compile").keySet();
        plugins.removeAll(bundledByRoot());
        Set<String> required = Arrays.stream(
                        centralManifest().getProperty("Plugin-Dependencies").split(","))
                .map(dependency -> dependency.replaceFirst(":.*", ""))
                .collect(Collectors.toSet());
        assertEquals(plugins, required);
    }

    @Test
    void manifestsAgree() throws IOException {
        Properties central = centralManifest();
        String jenkins =
                PLUGIN.property("jenkins.version").replace("${jenkins.baseline}", PLUGIN.property("jenkins.baseline"));
        assertEquals(jenkins, central.getProperty("Jenkins-Version"));
        assertEquals(jenkins, central.getProperty("Hudson-Version"));
        assertEquals(PLUGIN.text("artifactId"), central.getProperty("Artifact-Id"));
        assertEquals(PLUGIN.text("artifactId"), central.getProperty("Short-Name"));
        assertEquals(PLUGIN.text("groupId"), central.getProperty("Group-Id"));
        assertEquals(PLUGIN.text("name"), central.getProperty("Long-Name"));
    }

    @Test
    void licensesMatchBundledVersions() {
        Pom licenses = Pom.read(ROOT.resolve("src/central/licenses.xml"));
        Set<String> expected = bundledByRoot().stream()
                .map(artifact -> artifact + " " + PLUGIN.property(artifact + ".version"))
                .collect(Collectors.toCollection(TreeSet::new));
        expected.add("oauth-mail ");
        assertEquals(expected, licenses.attributes("l:dependency", "artifactId", "version"));
    }

    private static Set<String> bundledByRoot() {
        return PLUGIN.dependencies("compile").entrySet().stream()
                .filter(dependency -> !dependency.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Properties centralManifest() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(ROOT.resolve("src/central/manifest.properties"))) {
            properties.load(reader);
        }
        return properties;
    }

    /** Each build runs the tests in its own folder. */
    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve("src/central/pom.xml")))
                .findFirst()
                .orElseThrow();
    }
}
