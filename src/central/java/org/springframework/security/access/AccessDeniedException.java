package org.springframework.security.access;

/** Somebody may not do something. */
public class AccessDeniedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AccessDeniedException(String msg) {
        super(msg);
    }
}
