package io.jenkins.plugins.oauthmail.manage;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A problem that administrators should know about.
 *
 * @param key identifies the problem even if its sentence changes
 * @param sentence the problem and the fix
 * @param urgent whether mail has stopped working, or soon will, so that a warning is sent
 */
record Problem(@NonNull String key, @NonNull String sentence, boolean urgent) {
    /** A problem of an account, of which it has one for each state. */
    @NonNull
    static Problem ofAccount(@NonNull AccountState state, @NonNull String sentence) {
        return new Problem(account(state.account().getId()) + state.level(), sentence, true);
    }

    /** Whether the key is that of a problem of the account. */
    static boolean isOfAccount(@NonNull String accountId, @NonNull String key) {
        return key.startsWith(account(accountId));
    }

    private static String account(String id) {
        return "account " + id + ' ';
    }
}
