package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.util.Secret;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What somebody gave for the parameters of a question: texts, numbers and truth values.
 *
 * @param recorded those that may be kept and shown, by name
 * @param secret passwords, which are nowhere but in memory
 */
record GivenValues(
        @NonNull Map<String, Object> recorded, @NonNull Map<String, String> secret) {
    static final GivenValues NONE = new GivenValues(Map.of(), Map.of());

    GivenValues {
        recorded = Collections.unmodifiableMap(new LinkedHashMap<>(recorded));
        secret = Collections.unmodifiableMap(new LinkedHashMap<>(secret));
    }

    /** A parameter whose value is not a valid one. */
    static final class InvalidValue extends Exception {
        private static final long serialVersionUID = 1;

        /** @param parameter its name */
        InvalidValue(@NonNull String parameter, @CheckForNull Throwable cause) {
            super(parameter, cause);
        }
    }

    /**
     * What the form on the page sent. A parameter that is not in it, as it may be if a script sends the form, has its
     * default.
     *
     * @param form null for none
     * @throws InvalidValue if a value is not valid, or there is neither a value nor a default
     */
    @NonNull
    static GivenValues of(
            @CheckForNull JSONObject form,
            @NonNull List<ParameterDefinition> definitions,
            @NonNull StaplerRequest2 request)
            throws InvalidValue {
        Map<String, JSONObject> fields = fields(form);
        Map<String, Object> recorded = new LinkedHashMap<>();
        Map<String, String> secret = new LinkedHashMap<>();
        for (ParameterDefinition definition : definitions) {
            String name = definition.getName();
            JSONObject field = fields.get(name);
            ParameterValue value = field == null ? byDefault(definition) : value(definition, field, request);
            Object plain = value == null || !definition.isValid(value) ? null : plain(value);
            if (plain == null) {
                throw new InvalidValue(name, null);
            }
            if (value.isSensitive()) {
                secret.put(name, plain.toString());
            } else {
                recorded.put(name, plain);
            }
        }
        return new GivenValues(recorded, secret);
    }

    /** The fields by the names of the parameters; what a page would not send is ignored. */
    private static Map<String, JSONObject> fields(@CheckForNull JSONObject form) {
        Object parameters = form == null ? null : form.get("parameter");
        List<?> all = parameters instanceof JSONArray several
                ? several
                : parameters == null ? List.of() : List.of(parameters);
        Map<String, JSONObject> fields = new LinkedHashMap<>();
        for (Object field : all) {
            if (field instanceof JSONObject one && !one.isNullObject()) {
                fields.put(one.optString("name"), one);
            }
        }
        return fields;
    }

    private static ParameterValue byDefault(ParameterDefinition definition) {
        return AskedParameter.of(definition).isOptional() ? definition.getDefaultParameterValue() : null;
    }

    private static ParameterValue value(ParameterDefinition definition, JSONObject field, StaplerRequest2 request)
            throws InvalidValue {
        try {
            return definition.createValue(request, field);
        } catch (RuntimeException e) { // as each kind of parameter says that it is not valid
            throw new InvalidValue(definition.getName(), e);
        }
    }

    /** What an answer by mail gives: the defaults, without those of passwords. */
    @NonNull
    static GivenValues defaults(@NonNull List<AskedParameter> parameters) {
        Map<String, Object> recorded = new LinkedHashMap<>();
        for (AskedParameter parameter : parameters) {
            if (parameter.getDefaultValue() != null) {
                recorded.put(parameter.getName(), parameter.getDefaultValue());
            }
        }
        return new GivenValues(recorded, Map.of());
    }

    /** The defaults of passwords. */
    @NonNull
    static Map<String, String> secretDefaults(@NonNull List<ParameterDefinition> definitions) {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (ParameterDefinition definition : definitions) {
            ParameterValue value = definition.getDefaultParameterValue();
            Object plain = value == null || !value.isSensitive() ? null : plain(value);
            if (plain != null) {
                defaults.put(definition.getName(), plain.toString());
            }
        }
        return defaults;
    }

    /** A value that can be stored and given to any pipeline. */
    @CheckForNull
    static Object plain(@NonNull ParameterValue value) {
        Object given = value.getValue();
        if (given == null || given instanceof Boolean || given instanceof Integer || given instanceof Long) {
            return given;
        }
        return StoredXml.storable(given instanceof Secret secret ? secret.getPlainText() : given.toString());
    }

    /** Without the values of passwords. */
    @NonNull
    @Override
    public String toString() {
        return recorded + " " + secret.keySet();
    }
}
