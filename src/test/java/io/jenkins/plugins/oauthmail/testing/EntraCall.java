package io.jenkins.plugins.oauthmail.testing;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.SortedSet;

/**
 * A request that {@link EntraFake} saw, without anything secret in it.
 *
 * @param method HTTP method
 * @param path as asked, case kept
 * @param grant {@code grant_type}, or null
 * @param clientId or null
 * @param authentication {@code secret}, {@code assertion} or {@code none}
 * @param scope as asked, or null
 * @param parameters names of all form or query parameters
 */
public record EntraCall(
        @NonNull String method,
        @NonNull String path,
        @CheckForNull String grant,
        @CheckForNull String clientId,
        @NonNull String authentication,
        @CheckForNull String scope,
        @NonNull SortedSet<String> parameters) {}
