package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/** What a pipeline wrote for an object, such as {@code string(name: 'VERSION')}. */
public class UninstantiatedDescribable implements Serializable {
    private static final long serialVersionUID = 1;

    private final String symbol;
    private final String klass;
    private final TreeMap<String, Object> arguments;

    public UninstantiatedDescribable(String symbol, String klass, Map<String, ?> arguments) {
        this.symbol = symbol;
        this.klass = klass;
        this.arguments = new TreeMap<>(arguments);
    }

    public UninstantiatedDescribable withArguments(Map<String, ?> arguments) {
        return new UninstantiatedDescribable(symbol, klass, arguments);
    }

    public @Nullable String getSymbol() {
        return symbol;
    }

    public Map<String, ?> getArguments() {
        return arguments;
    }
}
