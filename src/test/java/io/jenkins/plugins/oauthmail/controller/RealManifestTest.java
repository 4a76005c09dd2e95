package io.jenkins.plugins.oauthmail.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifest that the root build writes says the same as the one that the Central build copies. The root build leaves
 * its manifest among the test classes.
 */
class RealManifestTest {
    private final Attributes real = real();
    private final Properties central = central();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Artifact-Id",
                "Group-Id",
                "Hudson-Version",
                "Jenkins-Version",
                "Long-Name",
                "Plugin-Developers",
                "Plugin-License-Name",
                "Plugin-License-Url",
                "Plugin-ScmConnection",
                "Plugin-ScmUrl",
                "Short-Name",
                "Url"
            })
    void attributeIsTheSame(String name) {
        assertEquals(real.getValue(name), central.getProperty(name));
    }

    @Test
    void sameVersionsOfPluginsAreRequired() {
        assertEquals(
                plugins(real.getValue("Plugin-Dependencies")), plugins(central.getProperty("Plugin-Dependencies")));
    }

    private static Set<String> plugins(String dependencies) {
        return new TreeSet<>(Set.of(dependencies.split(",")));
    }

    private static Attributes real() {
        try (InputStream manifest = RealManifestTest.class.getResourceAsStream("/the.hpl")) {
            return new Manifest(manifest).getMainAttributes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Properties central() {
        try (Reader reader = Files.newBufferedReader(Path.of("src/central/manifest.properties"))) {
            Properties properties = new Properties();
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
