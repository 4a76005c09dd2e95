package io.jenkins.plugins.oauthmail.approval;

import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.util.Secret;
import java.util.List;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/** A parameter as Jenkins core has them: a text, one of several texts, a truth value or a password. */
final class AskedValue extends ParameterDefinition {
    private static final long serialVersionUID = 1;

    private final Object byDefault;
    private final boolean password;
    private final List<String> allowed;

    private AskedValue(String name, Object byDefault, boolean password, List<String> allowed) {
        super(name);
        this.byDefault = byDefault;
        this.password = password;
        this.allowed = allowed;
    }

    static AskedValue text(String name, String byDefault) {
        return new AskedValue(name, byDefault, false, List.of());
    }

    static AskedValue truth(String name, boolean byDefault) {
        return new AskedValue(name, byDefault, false, List.of());
    }

    static AskedValue choice(String name, String... allowed) {
        return new AskedValue(name, allowed[0], false, List.of(allowed));
    }

    static AskedValue password(String name, String byDefault) {
        return new AskedValue(name, Secret.fromString(byDefault), true, List.of());
    }

    @Override
    public ParameterValue getDefaultParameterValue() {
        return new Value(getName(), byDefault, password);
    }

    @Override
    public ParameterValue createValue(StaplerRequest2 req, JSONObject jo) {
        Object value = byDefault instanceof Boolean ? (Object) jo.getBoolean("value") : jo.getString("value");
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            throw new IllegalArgumentException("Illegal choice for parameter " + getName() + ": " + value);
        }
        return new Value(getName(), password ? Secret.fromString((String) value) : value, password);
    }

    @Override
    public boolean isValid(ParameterValue value) {
        return !"invalid".equals(value.getValue());
    }

    private static final class Value extends ParameterValue {
        private static final long serialVersionUID = 1;

        private final transient Object value;
        private final boolean password;

        Value(String name, Object value, boolean password) {
            super(name);
            this.value = value;
            this.password = password;
        }

        @Override
        public boolean isSensitive() {
            return password;
        }

        @Override
        public Object getValue() {
            return value;
        }
    }
}
