package io.jenkins.plugins.oauthmail.mail.imap;

import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import java.util.ArrayList;
import java.util.List;

/** Suggests folders when a folder name is not found. */
final class FolderSuggestions {

    private static final int SHOWN = 15;

    /** A server may list very many folders; those that are looked at are more than a person could have created. */
    private static final int MAX_CHECKED = 10_000;

    /** Letters of a name to compare; servers do not accept much longer ones. */
    private static final int MAX_LETTERS = 500;

    /** How many letters a name that was mistyped may differ in. */
    private static final int MAX_DISTANCE = 2;

    private FolderSuggestions() {}

    /**
     * Names the folders whose names are similar to the missing one or, without any, the first folders of the mailbox.
     */
    static String missing(Endpoint endpoint, String wanted, List<String> existing) {
        String name = QuotedText.clean(wanted);
        String folded = folded(wanted);
        List<String> near = new ArrayList<>();
        for (String there : existing.subList(0, Math.min(MAX_CHECKED, existing.size()))) {
            if (near(folded, folded(there))) {
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

    private static String folded(String name) {
        return CaseFolding.fold(name.substring(0, Math.min(MAX_LETTERS, name.length())));
    }

    private static boolean near(String wanted, String name) {
        String level = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1);
        String wantedLevel = wanted.substring(Math.max(wanted.lastIndexOf('/'), wanted.lastIndexOf('.')) + 1);
        return level.equals(wantedLevel)
                || level.length() > 2 && wanted.contains(level)
                || wantedLevel.length() > 2 && name.contains(wantedLevel)
                || isMistyped(wanted, name);
    }

    /**
     * Whether few letters have to be changed, added or removed to turn one name into the other (Levenshtein distance).
     * Only computes the middle of the matrix, as everything farther from its diagonal exceeds the maximum distance.
     */
    private static boolean isMistyped(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MAX_DISTANCE) {
            return false;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int from = Math.max(1, i - MAX_DISTANCE);
            int to = Math.min(b.length(), i + MAX_DISTANCE);
            int diagonal = row[from - 1];
            int left = from == 1 ? i : MAX_DISTANCE + 1;
            row[from - 1] = left;
            for (int j = from; j <= to; j++) {
                int above = j == i + MAX_DISTANCE ? MAX_DISTANCE + 1 : row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
            }
        }
        return row[b.length()] <= MAX_DISTANCE;
    }
}
