package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.tools.ant.Project;
import org.apache.tools.ant.types.FileSet;

/** Small things with texts. */
public class Util {
    @CheckForNull
    public static String fixEmpty(@CheckForNull String s) {
        return s == null || s.isEmpty() ? null : s;
    }

    @CheckForNull
    public static String fixEmptyAndTrim(@CheckForNull String s) {
        return s == null ? null : fixEmpty(s.trim());
    }

    @NonNull
    public static String fixNull(@CheckForNull String s) {
        return fixNull(s, "");
    }

    @NonNull
    public static <T> T fixNull(@CheckForNull T s, @NonNull T defaultValue) {
        return s == null ? defaultValue : s;
    }

    @NonNull
    public static <T> List<T> fixNull(@CheckForNull List<T> l) {
        return fixNull(l, List.of());
    }

    @NonNull
    public static <T> Set<T> fixNull(@CheckForNull Set<T> l) {
        return fixNull(l, Set.of());
    }

    @NonNull
    public static <T> Collection<T> fixNull(@CheckForNull Collection<T> l) {
        return fixNull(l, List.of());
    }

    /** For the body of an HTML element; line feeds become {@code <br>}. */
    @CheckForNull
    public static String escape(@CheckForNull String text) {
        return text == null
                ? null
                : xmlEscape(text)
                        .replace("\"", "&quot;")
                        .replace("'", "&#039;")
                        .replace("\r\n", "<br>")
                        .replace("\n", "<br>");
    }

    @NonNull
    public static String xmlEscape(@NonNull String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** A duration in milliseconds, for people. */
    @NonNull
    public static String getTimeSpanString(long duration) {
        return duration / 1000 + " sec";
    }

    /** What the patterns, separated by commas or white space, select below a folder. */
    @NonNull
    static FileSet createFileSet(java.io.File baseDir, String includes, @CheckForNull String excludes) {
        FileSet files = new FileSet();
        files.setDir(baseDir);
        files.setProject(new Project());
        files.appendIncludes(includes.split("[,\\s]+"));
        if (fixEmpty(excludes) != null) {
            files.appendExcludes(excludes.split("[,\\s]+"));
        }
        return files;
    }

    /** For a part of a URL. */
    @NonNull
    public static String rawEncode(@NonNull String s) {
        return java.net.URLEncoder.encode(s, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }
}
