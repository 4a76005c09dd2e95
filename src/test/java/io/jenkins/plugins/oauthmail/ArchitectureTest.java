package io.jenkins.plugins.oauthmail;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.jenkins.plugins.oauthmail.testing.ProductionClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The floors of the house: dependencies point down only, and each library stays in its room. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.oauthmail";

    /** From the ground up: a room may use those before it, and of the engine only what {@link #DOOR} names. */
    private static final List<String> ENGINE = List.of(
            "token",
            "mail.model",
            "mail.connect",
            "mail.replytext",
            "mail.compose",
            "mail.received",
            "mail.smtp",
            "mail.imap",
            "mail");

    private static final List<String> PLUGIN = List.of(
            "config", "account", "watch", "jobs", "steps", "notifier", "trigger", "approval", "manage", "neighbours");

    /** What people and other plugins touch; these rooms do not know each other. */
    private static final List<String> TOP = List.of("steps", "notifier", "trigger", "approval", "manage", "neighbours");

    /** What the rooms above the engine may use of it. */
    private static final List<String> DOOR = List.of("token", "mail", "mail.model");

    static final List<String> ROOMS =
            Stream.concat(ENGINE.stream(), PLUGIN.stream()).toList();

    private static final JavaClasses PRODUCTION = ProductionClasses.ALL;

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
    void theDoorShowsNoLibraryOfTheEngine() {
        classes()
                .that()
                .resideInAnyPackage(DOOR.stream().map(room -> ROOT + "." + room).toArray(String[]::new))
                .and()
                .arePublic()
                .should(new OnlyOwnTypesInPublicSignatures(
                        "com.microsoft", "com.azure", "jakarta.mail", "org.eclipse.angus", "org.jsoup"))
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void arrowsPointDown(String room) {
        Set<String> allowed = new TreeSet<>(below(room));
        allowed.add(room);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("are of a room other than " + allowed) {
                    @Override
                    public boolean test(JavaClass type) {
                        String name = type.getPackageName();
                        return name.startsWith(ROOT)
                                && allowed.stream()
                                        .map(each -> ROOT + "." + each)
                                        .noneMatch(name::equals);
                    }
                })
                .check(PRODUCTION);
    }

    private static List<String> below(String room) {
        int place = ENGINE.indexOf(room);
        if (place >= 0) {
            return ENGINE.subList(0, place).stream()
                    .filter(lower -> !isTransport(room) || !isTransport(lower))
                    .toList();
        }
        List<String> lower = PLUGIN.subList(0, PLUGIN.indexOf(room)).stream()
                .filter(other -> !TOP.contains(room) || !TOP.contains(other))
                .toList();
        return Stream.concat(DOOR.stream(), lower.stream()).toList();
    }

    /** The transports do not know each other. */
    private static boolean isTransport(String room) {
        return room.equals("mail.smtp") || room.equals("mail.imap");
    }

    /** Other plugins may rely on nothing above the engine; what they may use one day has to be taken out here. */
    @Test
    void publicTypesAboveTheEngineAreRestricted() {
        classes()
                .that()
                .resideInAnyPackage(
                        PLUGIN.stream().map(room -> ROOT + "." + room).toArray(String[]::new))
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("Messages")
                .should()
                .beAnnotatedWith(new DescribedPredicate<JavaAnnotation<?>>("@Restricted(NoExternalUse.class)") {
                    @Override
                    public boolean test(JavaAnnotation<?> annotation) {
                        return annotation.getRawType().isEquivalentTo(Restricted.class)
                                && annotation
                                        .get("value")
                                        .filter(JavaClass[].class::isInstance)
                                        .map(JavaClass[].class::cast)
                                        .filter(to -> to.length == 1 && to[0].isEquivalentTo(NoExternalUse.class))
                                        .isPresent();
                    }
                })
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void eachRoomIsDescribed(String room) {
        assertTrue(
                Files.isRegularFile(
                        sources().resolve((ROOT + "." + room).replace('.', '/')).resolve("package-info.java")),
                room + " has no package-info.java");
    }

    /** The two builds have different working directories. */
    private static Path sources() {
        return Stream.of("src/main/java", "../main/java")
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
    }
}
