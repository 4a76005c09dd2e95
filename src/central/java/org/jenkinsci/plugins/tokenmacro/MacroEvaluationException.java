package org.jenkinsci.plugins.tokenmacro;

/** A macro that is not known or cannot be filled in. */
public class MacroEvaluationException extends Exception {
    private static final long serialVersionUID = 1;

    public MacroEvaluationException(String message) {
        super(message);
    }
}
