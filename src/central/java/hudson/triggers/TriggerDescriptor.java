package hudson.triggers;

import hudson.model.Descriptor;
import hudson.model.Item;

/** A kind of trigger. */
public abstract class TriggerDescriptor extends Descriptor<Trigger<?>> {
    protected TriggerDescriptor() {}

    public abstract boolean isApplicable(Item item);
}
