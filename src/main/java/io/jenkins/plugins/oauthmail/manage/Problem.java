package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Something an administrator should know.
 *
 * @param key the same for as long as it is the same problem, however its words change
 * @param sentence what is wrong and what to do
 * @param urgent whether mail stops, or soon will, so that a mail is worth it
 */
record Problem(@NonNull String key, @NonNull String sentence, boolean urgent) {}
