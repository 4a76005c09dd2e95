package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;

/**
 * Lets pipelines write {@code password(name: 'PIN', defaultValue: '1234')}, as {@code input} does, though the parameter
 * itself only accepts a {@link Secret}, which a pipeline cannot make.
 */
final class PasswordDefaults {
    private static final String PARAMETERS = "parameters";
    private static final String PASSWORD = "password";
    private static final String TEXT = "defaultValue";
    private static final String SECRET = "defaultValueAsSecret";

    private PasswordDefaults() {}

    /** From what a pipeline wrote to what can be made of it. */
    @NonNull
    static Map<String, Object> toSecrets(@NonNull Map<String, ?> arguments) {
        return replaced(
                arguments,
                TEXT,
                SECRET,
                text -> text instanceof CharSequence ? Secret.fromString(text.toString()) : text);
    }

    /** From an object to what a pipeline would write for it. */
    @NonNull
    static Map<String, Object> toTexts(@NonNull Map<String, ?> arguments) {
        return replaced(
                arguments, SECRET, TEXT, secret -> secret instanceof Secret known ? known.getPlainText() : secret);
    }

    /** Makes one argument of another one. */
    private interface Change {
        Object of(Object value);
    }

    private static Map<String, Object> replaced(Map<String, ?> arguments, String from, String to, Change change) {
        Map<String, Object> all = new LinkedHashMap<>(arguments);
        if (all.get(PARAMETERS) instanceof Collection<?> parameters) {
            List<?> changed = parameters.stream()
                    .map(each -> each instanceof UninstantiatedDescribable one && PASSWORD.equals(one.getSymbol())
                            ? one.withArguments(renamed(one.getArguments(), from, to, change))
                            : each)
                    .toList();
            all.put(PARAMETERS, new ArrayList<Object>(changed));
        }
        return all;
    }

    private static Map<String, Object> renamed(Map<String, ?> arguments, String from, String to, Change change) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        arguments.forEach((name, value) -> {
            if (name.equals(from)) {
                renamed.put(to, change.of(value));
            } else {
                renamed.put(name, value);
            }
        });
        return renamed;
    }
}
