package io.jenkins.plugins.oauthmail.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jenkins.plugins.oauthmail.mail.model.FileFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nobody learns from a sentence where the controller keeps its files. */
class FileFailureTest {
    private static final List<String> PATHS = List.of(
            "/var/jenkins_home/secrets/x.key",
            "/tmp/oauth-mail-7.spool",
            "C:\\Jenkins\\x.xml",
            "\\\\nas\\jenkins\\x",
            "/x");

    @Test
    void removesPaths() {
        for (String path : PATHS) {
            for (Exception failure : List.of(
                    new NoSuchFileException(path),
                    new AccessDeniedException(path),
                    new FileAlreadyExistsException(path),
                    new NotDirectoryException(path),
                    new FileSystemLoopException(path),
                    new FileSystemException(path),
                    new FileSystemException(path, path, "No space left on device"),
                    new FileNotFoundException(path),
                    new FileNotFoundException(path + " (Permission denied)"),
                    new IOException(path + ": broken"),
                    new IOException("Failed to mkdirs: " + path),
                    new IOException("Unable to read " + path, new NoSuchFileException(path)),
                    new IOException(
                            "remote file operation failed: " + path + " at hudson.remoting.Channel@1:a: x", null),
                    new IOException("rename '" + path + "' to \"" + path + "\" failed"))) {
                String reason = FileFailure.reason(failure);
                assertFalse(reason.contains(path), failure + ": " + reason);
                assertFalse(reason.isBlank(), failure.toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "see https://example.com/a/b, it says and/or 1/2 | see https://example.com/a/b, it says and/or 1/2",
                "ratio 3 / 4 at 12:30 | ratio 3 / 4 at 12:30",
                "cannot read /a/b.txt. | cannot read [...].",
                "no such file | no such file",
            })
    void keepsOtherWords(String said, String reason) {
        assertEquals(reason, FileFailure.reason(new IOException(said)));
    }

    @Test
    void keepsTheReasonOfTheSystem() {
        assertEquals(
                "No space left on device",
                FileFailure.reason(
                        new IOException("x", new FileSystemException("/tmp/a", null, "No space left on device"))));
        assertEquals("Permission denied", FileFailure.reason(new FileNotFoundException("/a/b (Permission denied)")));
        assertEquals("there is no such file or folder", FileFailure.reason(new NoSuchFileException("/a")));
        assertEquals("IOException", FileFailure.reason(new IOException()));
    }
}
