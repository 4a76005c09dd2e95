package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Build variables. */
public class EnvVars extends TreeMap<String, String> {
    private static final long serialVersionUID = 1;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\$|\\$(\\w+)|\\$\\{([\\w.]+)}");

    public EnvVars() {
        super(String.CASE_INSENSITIVE_ORDER);
    }

    public EnvVars(@NonNull Map<String, String> variables) {
        this();
        putAll(variables);
    }

    public EnvVars(String... keyValuePairs) {
        this();
        for (int i = 0; i < keyValuePairs.length; i += 2) {
            put(keyValuePairs[i], keyValuePairs[i + 1]);
        }
    }

    public String get(String key, String defaultValue) {
        return getOrDefault(key, defaultValue);
    }

    /** Fills in <code>$NAME</code> and <code>${NAME}</code>; what has no value stays as it stands. */
    public String expand(String s) {
        return s == null ? null : VARIABLE.matcher(s).replaceAll(this::value);
    }

    private String value(java.util.regex.MatchResult found) {
        String name = found.group(1) == null ? found.group(2) : found.group(1);
        String value = name == null ? "$" : getOrDefault(name, found.group());
        return Matcher.quoteReplacement(value);
    }
}
