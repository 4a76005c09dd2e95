package org.kohsuke.stapler;

/** Decides for itself what answers in its place, and so who gets in. */
public interface StaplerProxy {
    Object getTarget();
}
