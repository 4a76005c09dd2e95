package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Describable;
import hudson.model.Descriptor;
import java.util.List;
import jenkins.model.Jenkins;

/** The descriptors of one kind of {@link Describable}. */
public class DescriptorExtensionList<T extends Describable<T>, D extends Descriptor<T>> extends ExtensionList<D> {
    private final Class<T> describableType;

    @SuppressWarnings({"unchecked", "rawtypes"})
    protected DescriptorExtensionList(Jenkins jenkins, Class<T> describableType) {
        super(jenkins, (Class) Descriptor.class);
        this.describableType = describableType;
    }

    public static <T extends Describable<T>, D extends Descriptor<T>>
            DescriptorExtensionList<T, D> createDescriptorList(Jenkins jenkins, Class<T> describableType) {
        return new DescriptorExtensionList<>(jenkins, describableType);
    }

    @CheckForNull
    public D find(Class<? extends T> type) {
        return stream()
                .filter(descriptor -> descriptor.clazz == type)
                .findFirst()
                .orElse(null);
    }

    @Override
    protected List<D> all() {
        return super.all().stream()
                .filter(descriptor -> describableType.isAssignableFrom(descriptor.clazz))
                .toList();
    }
}
