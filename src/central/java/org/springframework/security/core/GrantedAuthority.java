package org.springframework.security.core;

import java.io.Serializable;

/** What somebody has been granted, such as membership in a group. */
public interface GrantedAuthority extends Serializable {
    String getAuthority();
}
