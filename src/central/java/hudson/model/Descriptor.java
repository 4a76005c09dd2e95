package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.BulkChange;
import hudson.XmlFile;
import io.jenkins.inmemory.Binder;
import java.io.File;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;

/** What is known about a kind of {@link Describable}. */
public abstract class Descriptor<T extends Describable<T>> implements Saveable {
    private static final Logger LOGGER = Logger.getLogger(Descriptor.class.getName());

    public final transient Class<? extends T> clazz;

    @SuppressWarnings("unchecked")
    protected Descriptor(Class<? extends T> clazz) {
        this.clazz = clazz == (Object) self() ? (Class<? extends T>) getClass() : clazz;
    }

    @SuppressWarnings("unchecked")
    protected Descriptor() {
        this.clazz = (Class<? extends T>) getClass().getEnclosingClass();
        if (clazz == null) {
            throw new AssertionError(getClass() + " doesn't have an outer class");
        }
    }

    /** Stands for the class of the descriptor itself. */
    public static final class Self {}

    @SuppressWarnings("rawtypes")
    protected static Class self() {
        return Self.class;
    }

    @NonNull
    public String getDisplayName() {
        return clazz.getSimpleName();
    }

    public String getId() {
        return clazz.getName();
    }

    public final boolean isInstance(T instance) {
        return clazz.isInstance(instance);
    }

    @NonNull
    public GlobalConfigurationCategory getCategory() {
        throw new UnsupportedOperationException("The System page needs a controller.");
    }

    public T newInstance(@Nullable StaplerRequest2 req, @NonNull JSONObject formData) throws FormException {
        return Binder.bind(clazz, formData);
    }

    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        return true;
    }

    @Override
    public synchronized void save() {
        if (BulkChange.contains(this)) {
            return;
        }
        try {
            getConfigFile().write(this);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to save " + getConfigFile(), e);
        }
    }

    public synchronized void load() {
        try {
            if (getConfigFile().exists()) {
                getConfigFile().unmarshal(this);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to load " + getConfigFile(), e);
        }
    }

    protected XmlFile getConfigFile() {
        return new XmlFile(new File(Jenkins.get().getRootDir(), getId() + ".xml"));
    }

    /** A form that cannot be accepted. */
    public static final class FormException extends Exception implements HttpResponse {
        private static final long serialVersionUID = 1;

        public FormException(String message, String formField) {
            super(message);
        }
    }
}
