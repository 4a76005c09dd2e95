package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.inmemory.InMemoryJenkins;
import java.util.AbstractList;
import java.util.List;
import jenkins.model.Jenkins;

/** The extensions of one type, the highest ordinal first. It shows what is registered at the moment of each call. */
public class ExtensionList<T> extends AbstractList<T> {
    public final Class<T> extensionType;

    protected ExtensionList(Jenkins jenkins, Class<T> extensionType) {
        this.extensionType = extensionType;
    }

    @NonNull
    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return new ExtensionList<>(Jenkins.get(), type);
    }

    /**
     * The only extension of the type.
     *
     * @throws IllegalStateException if there is none or another one
     */
    @NonNull
    public static <U> U lookupSingleton(Class<U> type) {
        ExtensionList<U> all = lookup(type);
        if (all.size() != 1) {
            throw new IllegalStateException("Expected 1 instance of " + type.getName() + " but got " + all.size());
        }
        return all.get(0);
    }

    @CheckForNull
    public <U extends T> U get(@NonNull Class<U> type) {
        return stream()
                .filter(extension -> extension.getClass() == type)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    @Override
    public T get(int index) {
        return all().get(index);
    }

    @Override
    public int size() {
        return all().size();
    }

    private List<T> all() {
        return InMemoryJenkins.current().extensions(extensionType);
    }
}
