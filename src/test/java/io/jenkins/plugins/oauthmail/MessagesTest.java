package io.jenkins.plugins.oauthmail;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import io.jenkins.plugins.oauthmail.token.entra.AuthorizationRequest;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.jvnet.localizer.LocaleProvider;

/** What users read stands in the Messages.properties of its package and can be translated there. */
class MessagesTest {
    private static final String ROOT = "io/jenkins/plugins/oauthmail";
    private static final String ROOMS = "io.jenkins.plugins.oauthmail.ArchitectureTest#PACKAGES";

    /** What MessageFormat shows as an apostrophe, and the quotes that make a brace one. */
    private static final Pattern GOOD_APOSTROPHES = Pattern.compile("''|'[{}]'");

    /** A statement that tells a user something, as far as that can be seen by its type. */
    private static final Pattern SAYING =
            Pattern.compile("(new (AbortException|MailFailure|TokenFailure|InvalidKeyMaterial|IllegalArgumentException)"
                    + "|MailFailure\\.\\w+|FormValidation\\.\\w+)\\([^;]*;");

    private static final Pattern WORDS = Pattern.compile("\"[^\"\n]*[A-Za-z,] [A-Za-z][^\"\n]*\"");

    @ParameterizedTest
    @FieldSource(ROOMS)
    void everyMessageIsAValidFormatWithDoubledApostrophes(String room) throws IOException {
        Properties messages = messages(room);
        assertAll(messages.stringPropertyNames().stream().map(key -> () -> {
            String value = messages.getProperty(key);
            new MessageFormat(value);
            assertFalse(GOOD_APOSTROPHES.matcher(value).replaceAll("").contains("'"), key + "=" + value);
        }));
    }

    @ParameterizedTest
    @FieldSource(ROOMS)
    void everyKeyIsUsed(String room) throws IOException {
        String code = String.join("\n", sources(room));
        assertAll(messages(room).stringPropertyNames().stream().map(key -> () -> {
            Pattern use = Pattern.compile("\\bMessages(\\.|::)_?" + key.replace('.', '_') + "\\b");
            assertTrue(use.matcher(code).find(), key + " is used nowhere in " + room);
        }));
    }

    @ParameterizedTest
    @FieldSource(ROOMS)
    void sentencesForUsersAreNotInJavaCode(String room) throws IOException {
        for (String source : sources(room)) {
            Matcher saying = SAYING.matcher(source);
            while (saying.find()) {
                assertFalse(WORDS.matcher(saying.group()).find(), saying.group());
            }
        }
    }

    @Test
    void sentencesAreTranslatedWhenTheyAreFormatted() {
        String english = wrongAddress();
        assertEquals(
                "Message: to: \"a@example.com;b c@example.com\" is not an address like name@example.com.", english);
        inTestLanguage(() ->
                assertEquals("\"a@example.com;b c@example.com\" fo to ton si na sserdda (egassem)", wrongAddress()));
        assertEquals(english, wrongAddress());
    }

    @Test
    void adviceForErrorCodesIsTranslatedWhenItIsFormatted() {
        String english = declined();
        assertEquals(
                "The sign-in was cancelled or consent was declined (access_denied, AADSTS65004), saying \"User declined to consent.\": start the authorization again.",
                english);
        inTestLanguage(() -> assertEquals(
                "niaga trats sa access_denied, AADSTS65004 denilced saw tnesnoc, saying \"User declined to consent.\"",
                declined()));
        assertEquals(english, declined());
    }

    private static String wrongAddress() {
        return assertThrows(MailFailure.class, () -> Addresses.parse("to", "a@example.com;b c@example.com"))
                .getMessage();
    }

    private static String declined() {
        return AuthorizationRequest.refusal("access_denied", "AADSTS65004: User declined to consent.")
                .getMessage();
    }

    private static void inTestLanguage(Runnable check) {
        LocaleProvider before = LocaleProvider.getProvider();
        LocaleProvider.setProvider(new LocaleProvider() {
            @Override
            public Locale get() {
                return Locale.forLanguageTag("xx");
            }
        });
        try {
            check.run();
        } finally {
            LocaleProvider.setProvider(before);
        }
    }

    private static Properties messages(String room) throws IOException {
        Properties messages = new Properties();
        Path file = main("resources").resolve(room.replace('.', '/')).resolve("Messages.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                messages.load(reader);
            }
        }
        return messages;
    }

    private static List<String> sources(String room) throws IOException {
        try (Stream<Path> files = Files.list(main("java").resolve(room.replace('.', '/')))) {
            List<String> sources = new ArrayList<>();
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                sources.add(Files.readString(file));
            }
            return sources;
        }
    }

    /** The two builds have different working directories. */
    private static Path main(String kind) {
        return Stream.of("src/main", "../main")
                .map(main -> Path.of(main, kind, ROOT))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
    }
}
