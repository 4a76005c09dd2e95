package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.ArrayList;
import java.util.List;

/** Suggests folders when a folder name is not found. */
final class FolderSuggestions {

    private static final int SHOWN = 15;

    private FolderSuggestions() {}

    /**
     * Names the folders whose names are similar to the missing one or, without any, the first folders of the mailbox.
     */
    static String missing(Endpoint endpoint, String wanted, List<String> existing) {
        String name = QuotedText.clean(wanted);
        List<String> near = new ArrayList<>();
        for (String there : existing) {
            if (near(CaseFolding.fold(wanted), CaseFolding.fold(there))) {
                near.add(there);
            }
        }
        if (!near.isEmpty()) {
            return Messages.FolderSuggestions_similar(endpoint, name, quoted(near));
        }
        if (existing.isEmpty()) {
            return Messages.FolderSuggestions_none(endpoint, name);
        }
        return existing.size() > SHOWN
                ? Messages.FolderSuggestions_some(endpoint, name, quoted(existing))
                : Messages.FolderSuggestions_all(endpoint, name, quoted(existing));
    }

    private static String quoted(List<String> names) {
        List<String> shown = new ArrayList<>();
        for (String name : names.subList(0, Math.min(SHOWN, names.size()))) {
            shown.add(QuotedText.quoted(name));
        }
        return String.join(", ", shown);
    }

    private static boolean near(String wanted, String name) {
        String level = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1);
        String wantedLevel = wanted.substring(Math.max(wanted.lastIndexOf('/'), wanted.lastIndexOf('.')) + 1);
        return level.equals(wantedLevel)
                || level.length() > 2 && wanted.contains(level)
                || wantedLevel.length() > 2 && name.contains(wantedLevel)
                || Math.abs(wanted.length() - name.length()) <= 2 && distance(wanted, name) <= 2;
    }

    /** Levenshtein distance: the number of letters to change, add or remove. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
