package org.springframework.security.core.userdetails;

import org.springframework.security.core.AuthenticationException;

/** There is no user with a name. */
public class UsernameNotFoundException extends AuthenticationException {
    private static final long serialVersionUID = 1;

    public UsernameNotFoundException(String msg) {
        super(msg);
    }
}
