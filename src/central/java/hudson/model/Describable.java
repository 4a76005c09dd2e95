package hudson.model;

import jenkins.model.Jenkins;

/** Something that is configured, described by its {@link Descriptor}. */
public interface Describable<T extends Describable<T>> {
    @SuppressWarnings("unchecked")
    default Descriptor<T> getDescriptor() {
        return Jenkins.get().getDescriptorOrDie(getClass());
    }
}
