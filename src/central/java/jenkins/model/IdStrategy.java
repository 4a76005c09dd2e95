package jenkins.model;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Which ids of users are the same one; here those that differ only in case. */
public abstract class IdStrategy {
    public static IdStrategy CASE_INSENSITIVE = new IdStrategy() {
        @Override
        public int compare(@NonNull String id1, @NonNull String id2) {
            return id1.compareToIgnoreCase(id2);
        }
    };

    public boolean equals(@NonNull String id1, @NonNull String id2) {
        return compare(id1, id2) == 0;
    }

    public abstract int compare(@NonNull String id1, @NonNull String id2);
}
