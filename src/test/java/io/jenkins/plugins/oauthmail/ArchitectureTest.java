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

/** Package layers: dependencies point down only, and each library is used in one package only. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.oauthmail";

    /** From the bottom up: each package may use those before it. Only some may use {@link #PROVIDER}. */
    private static final List<String> ENGINE = List.of(
            "token",
            "token.entra",
            "mail.model",
            "mail.connect",
            "mail.replytext",
            "mail.compose",
            "mail.received",
            "mail.smtp",
            "mail.imap",
            "mail.graph",
            "mail");

    /** What other plugins may use. */
    private static final String API = "api";

    /** The packages above the engine, from the bottom up; of the engine, they may use {@link #FACADE}. */
    private static final List<String> PLUGIN = List.of(
            "config",
            "account",
            "watch",
            "jobs",
            "steps",
            "notifier",
            "trigger",
            "approval",
            "manage",
            "neighbours",
            API);

    /** What people and other plugins touch; these packages do not know each other. */
    private static final List<String> TOP =
            List.of("steps", "notifier", "trigger", "approval", "manage", "neighbours", API);

    /** What the packages above the engine may use of it. */
    private static final List<String> FACADE = List.of("token", "mail", "mail.model");

    /** The provider's own package, and those that make its token sources, define its applications or sign people in. */
    private static final String PROVIDER = "token.entra";

    private static final List<String> USERS_OF_PROVIDER = List.of("config", "account", "manage");

    static final List<String> PACKAGES =
            Stream.concat(ENGINE.stream(), PLUGIN.stream()).toList();

    private static final JavaClasses PRODUCTION = ProductionClasses.ALL;

    @Test
    void findsProductionCode() {
        for (String name : PACKAGES) {
            assertTrue(
                    PRODUCTION.stream().anyMatch(type -> type.getPackageName().equals(ROOT + "." + name)),
                    "no class found in " + name);
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
    void msalStaysInTokenEntra() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".token.entra..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.microsoft..")
                .check(PRODUCTION);
    }

    /** Which MSAL depends on, and Microsoft Graph speaks. */
    @Test
    void jsonStaysWithMicrosoft() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".token.entra..", ROOT + ".mail.graph..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.azure..")
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
    void publicSignaturesShowNoLibraryOfTheEngine() {
        classes()
                .that()
                .resideInAnyPackage(Stream.concat(FACADE.stream(), Stream.of(PROVIDER))
                        .map(name -> ROOT + "." + name)
                        .toArray(String[]::new))
                .and()
                .arePublic()
                .should(new OnlyOwnTypesInPublicSignatures(
                        "com.microsoft", "com.azure", "jakarta.mail", "org.eclipse.angus", "org.jsoup"))
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void packagesOnlyUseLowerOnes(String name) {
        Set<String> allowed = new TreeSet<>(below(name));
        allowed.add(name);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("are in a package other than " + allowed) {
                    @Override
                    public boolean test(JavaClass type) {
                        String used = type.getPackageName();
                        return used.startsWith(ROOT)
                                && allowed.stream()
                                        .map(each -> ROOT + "." + each)
                                        .noneMatch(used::equals);
                    }
                })
                .check(PRODUCTION);
    }

    private static List<String> below(String name) {
        int place = ENGINE.indexOf(name);
        if (place >= 0) {
            return ENGINE.subList(0, place).stream()
                    .filter(lower -> !isTransport(name) || !isTransport(lower))
                    .filter(lower -> !lower.equals(PROVIDER))
                    .toList();
        }
        List<String> lower = PLUGIN.subList(0, PLUGIN.indexOf(name)).stream()
                .filter(other -> !TOP.contains(name) || !TOP.contains(other))
                .toList();
        Stream<String> engine = USERS_OF_PROVIDER.contains(name)
                ? Stream.concat(FACADE.stream(), Stream.of(PROVIDER))
                : FACADE.stream();
        return Stream.concat(engine, lower.stream()).toList();
    }

    /** The transports do not know each other. */
    private static boolean isTransport(String name) {
        return name.equals("mail.smtp") || name.equals("mail.imap") || name.equals("mail.graph");
    }

    /** Other plugins may rely on nothing above the engine but {@link #API}. */
    @Test
    void publicTypesAboveTheEngineAreRestricted() {
        classes()
                .that()
                .resideInAnyPackage(PLUGIN.stream()
                        .filter(name -> !name.equals(API))
                        .map(name -> ROOT + "." + name)
                        .toArray(String[]::new))
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

    /** What is promised must not show what may change. */
    @Test
    void publicSignaturesOfTheApiShowNothingElse() {
        classes()
                .that()
                .resideInAPackage(ROOT + "." + API)
                .and()
                .arePublic()
                .should(new OnlyOwnTypesInPublicSignatures(Stream.concat(ENGINE.stream(), PLUGIN.stream())
                        .filter(name -> !name.equals(API))
                        .map(name -> ROOT + "." + name)
                        .toArray(String[]::new)))
                .check(PRODUCTION);
    }

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void eachPackageIsDescribed(String name) {
        assertTrue(
                Files.isRegularFile(
                        sources().resolve((ROOT + "." + name).replace('.', '/')).resolve("package-info.java")),
                name + " has no package-info.java");
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
