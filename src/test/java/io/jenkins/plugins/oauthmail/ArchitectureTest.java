package io.jenkins.plugins.oauthmail;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The floors of the house: dependencies point down only, and each library stays in its room. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.oauthmail";
    static final List<String> ROOMS =
            List.of("token", "mail", "config", "jobs", "steps", "notifier", "trigger", "manage");

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages(ROOMS.stream().map(room -> ROOT + "." + room).toArray(String[]::new));

    @Test
    void productionCodeIsFound() {
        for (String room : ROOMS) {
            assertTrue(
                    PRODUCTION.stream().anyMatch(type -> type.getPackageName().equals(ROOT + "." + room)),
                    "no class found in " + room);
        }
    }

    @Test
    void engineKnowsNoJenkinsType() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".token..", ROOT + ".mail..")
                // The localizer marks what it generates with an annotation of Jenkins' own.
                .and()
                .doNotHaveSimpleName("Messages")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "hudson..", "jenkins..", "org.kohsuke..", "com.cloudbees..", "org.jenkinsci..", "net.sf.json..")
                .check(PRODUCTION);
    }

    @Test
    void msalStaysInToken() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".token..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.microsoft..", "com.azure..")
                .check(PRODUCTION);
    }

    @Test
    void jakartaMailStaysInMail() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".mail..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..", "jakarta.activation..", "org.jsoup..")
                .check(PRODUCTION);
    }

    @Test
    void noPublicSignatureShowsALibraryOfTheEngine() {
        classes()
                .that()
                .resideInAnyPackage(ROOT + ".token..", ROOT + ".mail..")
                .and()
                .arePublic()
                .should(new OnlyOwnTypesInPublicSignatures(
                        "com.microsoft", "com.azure", "jakarta.mail", "org.eclipse.angus", "org.jsoup"))
                .check(PRODUCTION);
    }

    @Test
    void arrowsPointDown() {
        mayDependOn("token");
        mayDependOn("mail", "token");
        mayDependOn("config", "token", "mail");
        mayDependOn("jobs", "config", "token", "mail");
        mayDependOn("steps", "jobs", "config", "token", "mail");
        mayDependOn("notifier", "jobs", "config", "token", "mail");
        mayDependOn("trigger", "jobs", "config", "token", "mail");
        mayDependOn("manage", "jobs", "config", "token", "mail");
    }

    @Test
    void noFileIsLongerThan300Lines() throws IOException {
        // The two builds have different working directories.
        Path sources = Stream.of("src/main/java", "../main/java")
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(sources)) {
            files = tree.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertTrue(files.size() > ROOMS.size(), "no sources found in " + sources.toAbsolutePath());
        assertAll(files.stream().map(file -> (Executable) () -> {
            try (Stream<String> lines = Files.lines(file)) {
                assertTrue(lines.count() <= 300, file + " is longer than 300 lines");
            }
        }));
    }

    private static void mayDependOn(String room, String... lower) {
        List<String> allowed = Stream.concat(Stream.of(room), Stream.of(lower))
                .map(name -> ROOT + "." + name)
                .toList();
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("are of a room other than " + allowed) {
                    @Override
                    public boolean test(JavaClass type) {
                        String name = type.getPackageName();
                        return name.startsWith(ROOT) && allowed.stream().noneMatch(name::equals);
                    }
                })
                .check(PRODUCTION);
    }
}
