package org.kohsuke.accmod;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.jvnet.hudson.annotation_indexer.Indexed;

/** Says who may call what it stands on. Only the real build checks it. */
@Documented
@Indexed
@Retention(RetentionPolicy.RUNTIME)
public @interface Restricted {
    Class<? extends AccessRestriction>[] value();
}
