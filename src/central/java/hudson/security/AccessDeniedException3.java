package hudson.security;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

/** Names who may not do what; answered with 403. */
public class AccessDeniedException3 extends AccessDeniedException {
    private static final long serialVersionUID = 1;

    public final transient Authentication authentication;
    public final transient Permission permission;

    public AccessDeniedException3(Authentication authentication, Permission permission) {
        super(authentication.getName() + " is missing the " + permission.group.getId() + "/" + permission.name
                + " permission");
        this.authentication = authentication;
        this.permission = permission;
    }
}
