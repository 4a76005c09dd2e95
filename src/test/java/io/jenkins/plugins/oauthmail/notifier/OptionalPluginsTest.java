package io.jenkins.plugins.oauthmail.notifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import io.jenkins.plugins.oauthmail.testing.ProductionClasses;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only one class touches a plugin that may be missing, and Jenkins leaves it out when it is. */
class OptionalPluginsTest {
    @ParameterizedTest
    @CsvSource({
        "MailerAddressBook|MailerThread, hudson\\.tasks\\.Mail.*",
        "TokenMacroText, org\\.jenkinsci\\.plugins\\.tokenmacro\\..*",
        "JUnitTestReport, hudson\\.tasks\\.(test|junit)\\..*"
    })
    void onlyOneClassUsesIt(String only, String types) {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(" + only + ")")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(types)
                .check(ProductionClasses.ALL);
    }
}
