package io.jenkins.plugins.oauthmail.mail.connect;

/**
 * One reply of an SMTP server (RFC 5321 section 4.2).
 *
 * @param code three digits, 200 to 599
 * @param text everything it said, the code included, lines separated by {@code \n}
 */
public record SmtpReply(int code, String text) {

    public boolean ok() {
        return code >= 200 && code <= 299;
    }

    /** A clear no, for now or for ever; whatever is neither this nor {@link #ok()} has no meaning where a mail is sent. */
    public boolean refusal() {
        return code >= 400 && code <= 599;
    }

    public boolean temporary() {
        return code >= 400 && code <= 499;
    }

    /** The server says that it closes the connection, whether it then does or not. */
    public boolean closing() {
        return code == 421;
    }

    /** The server stumbled over the form of the command, not over what it says (RFC 5321 section 4.2.2, 5.5.x). */
    public boolean aboutForm() {
        return code == 500 || code == 501 || code == 502 || code == 504 || code == 555;
    }

    /** What follows the code. */
    public String afterCode() {
        return text.length() > 4 ? text.substring(4) : "";
    }
}
