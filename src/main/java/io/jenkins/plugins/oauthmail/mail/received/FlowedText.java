package io.jenkins.plugins.oauthmail.mail.received;

/** Text whose paragraphs were wrapped at spaces, to be joined again by the reader (RFC 3676). */
final class FlowedText {

    private static final String SIGNATURE = "-- ";

    private FlowedText() {}

    /**
     * @param text with {@code \n} between lines
     * @param deletes whether the space at the end of a wrapped line was only added for wrapping (DelSp=Yes)
     */
    static String unfold(String text, boolean deletes) {
        StringBuilder unfolded = new StringBuilder(text.length());
        int flowing = -1;
        for (int at = 0; at <= text.length(); ) {
            int end = text.indexOf('\n', at);
            boolean last = end < 0;
            end = last ? text.length() : end;
            int depth = 0;
            while (at + depth < end && text.charAt(at + depth) == '>') {
                depth++;
            }
            int from = at + depth;
            // Space-stuffing (RFC 3676 section 4.4) prevents a line from being mistaken for something else.
            from += from < end && text.charAt(from) == ' ' ? 1 : 0;
            boolean signature = end - from == SIGNATURE.length() && text.startsWith(SIGNATURE, from);
            boolean joins = flowing == depth && !signature;
            if (!joins) {
                unfolded.append(flowing < 0 || at == 0 ? "" : "\n");
                unfolded.append(">".repeat(depth)).append(depth > 0 && from < end ? " " : "");
            }
            boolean flows = from < end && text.charAt(end - 1) == ' ' && !signature && !last;
            unfolded.append(text, from, flows && deletes ? end - 1 : end);
            flowing = flows ? depth : -1;
            if (!flows && !last) {
                unfolded.append('\n');
            }
            at = end + 1;
        }
        return unfolded.toString();
    }
}
