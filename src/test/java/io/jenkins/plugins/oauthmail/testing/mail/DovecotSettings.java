package io.jenkins.plugins.oauthmail.testing.mail;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Finds Dovecot 2.3 on this machine and writes a configuration that needs nothing outside of one folder. */
final class DovecotSettings {

    private static final Path DAEMONS = Path.of("/usr/lib/dovecot");
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    /** Who owns the mail when the test runs as root, whom Dovecot refuses. */
    private static final String OWNER = "dovecot";

    private final Path folder;

    DovecotSettings(Path folder) {
        this.folder = folder;
    }

    @CheckForNull
    static Path program() {
        return Stream.of("/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/usr/bin/dovecot")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** What is not there, as a sentence; null if everything is. */
    @CheckForNull
    static String missing() throws IOException, InterruptedException {
        Path program = program();
        if (program == null) {
            return "it is not installed (Debian: dovecot-imapd, dovecot-submissiond).";
        }
        for (String daemon : List.of("imap", "imap-login", "submission", "submission-login")) {
            if (!Files.isExecutable(DAEMONS.resolve(daemon))) {
                return "its daemon " + daemon + " is not installed (Debian: dovecot-imapd, dovecot-submissiond).";
            }
        }
        Process process = new ProcessBuilder(program.toString(), "--version").start();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return version.startsWith("2.3.") ? null : "its version is " + version + ", and the settings are for 2.3.";
    }

    /** Gives a folder and all in it to the owner of the mail. */
    static void own(Path tree) throws IOException {
        if (ROOT) {
            UserPrincipal owner =
                    tree.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OWNER);
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.toList()) {
                    Files.setOwner(file, owner);
                }
            }
        }
    }

    /** Writes it and gives the main file. */
    Path write(int imap, int submission, int relay, byte[] key) throws IOException {
        Path keyFile = folder.resolve("keys/default/HS256/default");
        Files.createDirectories(keyFile.getParent());
        Files.writeString(keyFile, Base64.getEncoder().encodeToString(key));
        Path tokens = folder.resolve("oauth2.conf.ext");
        Files.writeString(tokens, """
                introspection_mode = local
                local_validation_key_dict = fs:posix:prefix=%s/keys/
                username_attribute = email
                """.formatted(folder));
        for (String name : List.of("mail", "home")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        own(folder.resolve("mail"));
        own(folder.resolve("home"));
        Path settings = folder.resolve("dovecot.conf");
        Files.writeString(settings, common(imap, submission, relay, tokens) + (ROOT ? "" : rootless()));
        return settings;
    }

    /** Without the penalties for failed logins, which tests would have to sit out. */
    private String common(int imap, int submission, int relay, Path tokens) throws IOException {
        String owner = ROOT ? OWNER : Files.getAttribute(folder, "unix:uid").toString();
        return """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = /dev/stderr
                protocols = imap submission
                listen = 127.0.0.1
                hostname = dovecot.test
                ssl = no
                disable_plaintext_auth = no
                auth_mechanisms = xoauth2
                auth_failure_delay = 0
                first_valid_uid = 1
                mail_location = maildir:%1$s/mail/%%u
                submission_relay_host = 127.0.0.1
                submission_relay_port = %2$d
                passdb {
                  driver = oauth2
                  mechanisms = xoauth2
                  args = %3$s
                }
                userdb {
                  driver = static
                  args = uid=%4$s gid=%5$s home=%1$s/home/%%u allow_all_users=yes
                }
                service imap-login {
                  inet_listener imap {
                    port = %6$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service submission-login {
                  inet_listener submission {
                    port = %7$d
                  }
                  inet_listener submissions {
                    port = 0
                  }
                }
                service anvil {
                  unix_listener anvil-auth-penalty {
                    mode = 0
                  }
                }
                namespace inbox {
                  inbox = yes
                }
                """.formatted(
                        folder,
                        relay,
                        tokens,
                        owner,
                        ROOT ? OWNER : Files.getAttribute(folder, "unix:gid").toString(),
                        imap,
                        submission);
    }

    /** All processes run as whoever started the first. */
    private String rootless() throws IOException {
        String user = System.getProperty("user.name");
        StringBuilder settings = new StringBuilder();
        settings.append("default_internal_user = ").append(user).append('\n');
        settings.append("default_login_user = ").append(user).append('\n');
        String group =
                Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
        settings.append("default_internal_group = ").append(group).append('\n');
        for (String service : List.of("anvil", "imap-login", "submission-login", "stats", "ipc", "director")) {
            settings.append("service ").append(service).append(" {\n  chroot =\n}\n");
        }
        return settings.toString();
    }
}
