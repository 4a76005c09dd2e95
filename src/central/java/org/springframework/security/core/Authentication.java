package org.springframework.security.core;

import java.io.Serializable;
import java.security.Principal;

/** Who does something. */
public interface Authentication extends Principal, Serializable {}
