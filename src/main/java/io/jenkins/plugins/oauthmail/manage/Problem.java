package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A problem that administrators should know about.
 *
 * @param key identifies the problem even if its sentence changes
 * @param sentence the problem and the fix
 * @param urgent whether mail has stopped working, or soon will, so that a warning is sent
 */
record Problem(@NonNull String key, @NonNull String sentence, boolean urgent) {}
