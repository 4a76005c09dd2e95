package io.jenkins.plugins.oauthmail.testing.mail;

/** How a fake server refuses a token. */
public enum LoginRefusal {
    /** A JSON challenge that waits for an empty line, then no: Dovecot and Gmail. */
    JSON("535 5.7.8 Authentication failed", "NO [AUTHENTICATIONFAILED] Authentication failed."),
    /** No, at once: Exchange Online. */
    EXCHANGE(
            "535 5.7.3 Authentication unsuccessful [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]",
            "NO AUTHENTICATE failed.");

    /** What the challenge says, before base64. */
    public static final String CHALLENGE = "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}";

    private final String smtp;
    private final String imap;

    LoginRefusal(String smtp, String imap) {
        this.smtp = smtp;
        this.imap = imap;
    }

    String smtp() {
        return smtp;
    }

    String imap() {
        return imap;
    }
}
