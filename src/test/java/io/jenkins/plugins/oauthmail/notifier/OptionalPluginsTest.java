package io.jenkins.plugins.oauthmail.notifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only one class touches a plugin that may be missing, and Jenkins leaves it out when it is. */
class OptionalPluginsTest {
    @ParameterizedTest
    @CsvSource({
        "MailerAddressBook, hudson\\.tasks\\.Mail.*",
        "TokenMacroText, org\\.jenkinsci\\.plugins\\.tokenmacro\\..*",
        "JUnitTestReport, hudson\\.tasks\\.(test|junit)\\..*"
    })
    void onlyOneClassTouchesIt(String only, String types) {
        noClasses()
                .that()
                .doNotHaveSimpleName(only)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(types)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                        .importPackages("io.jenkins.plugins.oauthmail"));
    }
}
