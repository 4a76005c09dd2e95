package hudson.util;

import com.thoughtworks.xstream.converters.basic.AbstractSingleValueConverter;

/** Writes a {@link Secret} encrypted. */
final class SecretConverter extends AbstractSingleValueConverter {
    @Override
    @SuppressWarnings("rawtypes")
    public boolean canConvert(Class type) {
        return type == Secret.class;
    }

    @Override
    public String toString(Object secret) {
        return ((Secret) secret).getEncryptedValue();
    }

    @Override
    public Object fromString(String encrypted) {
        return Secret.fromString(encrypted);
    }
}
