package io.jenkins.plugins.oauthmail.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The activity of one account: two files that are only appended to. When the newer one is full, it replaces the older
 * one. A controller that is killed leaves at most one line that is not whole, which is skipped. Not thread-safe, except
 * that what {@link #open} returned may be read while others write.
 */
final class ActivityFile {
    private static final String SUFFIX = ".tsv";

    private final Path newer;
    private final Path older;
    private final Path rewritten;
    private final int maxLines;

    /** Lines of the newer file; -1 if they have not been counted yet. */
    private int lines = -1;

    /**
     * @param folder created when the first entry is appended
     * @param accountId ID of the account; has no dots
     * @param maxLines maximum number of lines of each of the two files
     */
    ActivityFile(@NonNull Path folder, @NonNull String accountId, int maxLines) {
        newer = folder.resolve(accountId + SUFFIX);
        older = folder.resolve(accountId + ".older" + SUFFIX);
        rewritten = folder.resolve(accountId + ".rewritten" + SUFFIX);
        this.maxLines = maxLines;
    }

    /** The account whose file has this name. */
    @NonNull
    static String accountId(@NonNull String fileName) {
        return fileName.replaceFirst("\\..*", "");
    }

    /** Appends entries: all of them, or none if it fails. */
    void append(@NonNull List<ActivityEntry> entries) throws IOException {
        if (lines < 0) {
            lines = count();
        }
        if (lines >= maxLines) {
            Files.move(newer, older, StandardCopyOption.REPLACE_EXISTING);
            lines = 0;
        }
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(ActivityLine.of(entry)));
        Files.createDirectories(newer.resolveSibling("."));
        try (FileChannel file =
                FileChannel.open(newer, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = file.size();
            if (isCutOff(file, end)) {
                text.insert(0, '\n');
            }
            try {
                write(file, end, text.toString());
            } catch (IOException e) {
                // Otherwise the entries that made it to a full disk would be there twice.
                file.truncate(end);
                throw e;
            }
        }
        lines += entries.size();
    }

    private static void write(FileChannel file, long position, String text) throws IOException {
        file.position(position);
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static boolean isCutOff(FileChannel file, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n';
    }

    private int count() throws IOException {
        int count = 0;
        try (InputStream file = Files.newInputStream(newer)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    count += buffer[i] == '\n' ? 1 : 0;
                }
            }
        } catch (NoSuchFileException none) {
            return 0;
        }
        return count;
    }

    /** Opens what was recorded so far, oldest first. */
    @NonNull
    List<InputStream> open() throws IOException {
        List<InputStream> files = new ArrayList<>();
        for (Path file : List.of(older, newer)) {
            try {
                files.add(Files.newInputStream(file));
            } catch (NoSuchFileException none) {
                // Nothing was recorded, or not much.
                continue;
            }
        }
        return files;
    }

    /** Reads a file and closes it. */
    static void read(@NonNull InputStream file, @NonNull Consumer<ActivityEntry> reader) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8), 1 << 16)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ActivityEntry entry = ActivityLine.parse(line);
                if (entry != null) {
                    reader.accept(entry);
                }
            }
        }
    }

    /** Deletes entries from before a time. */
    void deleteBefore(@NonNull Instant time) throws IOException {
        for (Path file : List.of(older, newer)) {
            if (Files.exists(file) && beginsBefore(file, time)) {
                rewrite(file, time);
            }
        }
    }

    private static boolean beginsBefore(Path file, Instant time) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            ActivityEntry first = line == null ? null : ActivityLine.parse(line);
            return first == null || first.time().isBefore(time);
        }
    }

    private void rewrite(Path file, Instant time) throws IOException {
        int[] kept = {0};
        try (Writer out = Files.newBufferedWriter(rewritten, StandardCharsets.UTF_8)) {
            read(Files.newInputStream(file), entry -> {
                if (!entry.time().isBefore(time)) {
                    try {
                        out.write(ActivityLine.of(entry));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    kept[0]++;
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (kept[0] == 0) {
            Files.delete(rewritten);
            Files.delete(file);
        } else {
            Files.move(rewritten, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        if (file.equals(newer)) {
            lines = kept[0];
        }
    }

    void delete() throws IOException {
        for (Path file : List.of(older, newer, rewritten)) {
            Files.deleteIfExists(file);
        }
        lines = 0;
    }
}
