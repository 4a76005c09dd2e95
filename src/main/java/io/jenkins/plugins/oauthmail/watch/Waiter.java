package io.jenkins.plugins.oauthmail.watch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Who waits for mail.
 *
 * @param job full name of the job
 * @param build number of the build that waits; 0 if it is a trigger of the job
 * @param account ID of the account
 * @param folder full name of the folder
 * @param what which messages it waits for, in words; empty for any
 * @param until when it stops waiting; null if it does not
 */
@Restricted(NoExternalUse.class)
public record Waiter(
        @NonNull String job,
        int build,
        @NonNull String account,
        @NonNull String folder,
        @NonNull String what,
        @CheckForNull Instant until) {}
