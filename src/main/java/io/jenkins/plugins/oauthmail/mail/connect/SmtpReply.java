package io.jenkins.plugins.oauthmail.mail.connect;

/**
 * A reply of an SMTP server (RFC 5321 section 4.2).
 *
 * @param code three digits, 200 to 599
 * @param text the whole reply including the code, its lines separated by {@code \n}
 */
public record SmtpReply(int code, String text) {

    public boolean ok() {
        return code >= 200 && code <= 299;
    }

    /**
     * A refusal, temporary or permanent. A reply that is neither this nor {@link #ok()} has no meaning while a message
     * is sent.
     */
    public boolean refusal() {
        return code >= 400 && code <= 599;
    }

    public boolean temporary() {
        return code >= 400 && code <= 499;
    }

    /**
     * Whether the server announces that it closes the connection (RFC 5321 section 3.8); it need not actually do so.
     */
    public boolean closing() {
        return code == 421;
    }

    /**
     * Whether the server rejects the syntax of the command and not its content (RFC 5321 section 4.2.2, 5.5.x of RFC
     * 3463).
     */
    public boolean aboutForm() {
        return code == 500 || code == 501 || code == 502 || code == 504 || code == 555;
    }

    /** The text after the code. */
    public String afterCode() {
        return text.length() > 4 ? text.substring(4) : "";
    }
}
