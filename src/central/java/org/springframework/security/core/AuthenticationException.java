package org.springframework.security.core;

/** Somebody is not who may sign in. */
public abstract class AuthenticationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    protected AuthenticationException(String msg) {
        super(msg);
    }
}
