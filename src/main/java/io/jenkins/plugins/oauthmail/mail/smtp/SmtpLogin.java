package io.jenkins.plugins.oauthmail.mail.smtp;

import io.jenkins.plugins.oauthmail.mail.connect.ConnectFailure;
import io.jenkins.plugins.oauthmail.mail.connect.MailFailures;
import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import io.jenkins.plugins.oauthmail.mail.connect.Xoauth2;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.io.IOException;
import java.util.Arrays;

/**
 * AUTH XOAUTH2 over an open connection, in one step or in two. Exchange documents two steps, GreenMail only supports
 * one, and Dovecot accepts up to 1026 octets in one step. So a line that every server must accept (RFC 5321 section
 * 4.5.3.1.4) is sent in one step and a longer one in two, unless {@link LongResponse} says otherwise; if the server
 * objects to the form, the other one is tried.
 */
final class SmtpLogin {

    /** Command lines are limited to 512 octets, including CR and LF. */
    static final int MAX_LINE_LENGTH = 510;

    private static final String COMMAND = "AUTH " + Xoauth2.MECHANISM;

    private final SmtpWire wire;
    private final Endpoint endpoint;
    private String challenge = "";
    private boolean inStep = true;

    SmtpLogin(SmtpWire wire, Endpoint endpoint) {
        this.wire = wire;
        this.endpoint = endpoint;
    }

    /** The length of the command, in octets, that logs in in one step. */
    static int lengthInOneStep(String user, String token) {
        return lengthInOneStep(Xoauth2.response(user, token));
    }

    private static int lengthInOneStep(String response) {
        return COMMAND.length() + 1 + response.length();
    }

    /** Whether the server, if it has refused the login, expects another command. */
    boolean inStep() {
        return inStep;
    }

    /** Whether the server offers XOAUTH2. */
    boolean possible() {
        String offered = wire.parameters("AUTH");
        return offered != null && offersXoauth2(offered);
    }

    /** Logs in in the form that every server must accept. */
    void login(String user, String token) throws MailFailure, InterruptedException {
        login(user, token, MAX_LINE_LENGTH);
    }

    /**
     * Logs in.
     *
     * @param longestLine the longest command to be sent in one step, in octets without CR and LF
     * @throws InterruptedException if the thread was interrupted during the login
     */
    void login(String user, String token, int longestLine) throws MailFailure, InterruptedException {
        if (!possible()) {
            String offered = wire.parameters("AUTH");
            throw MailFailures.noXoauth2(endpoint, offered == null ? "" : "AUTH " + offered);
        }
        String response = Xoauth2.response(user, token);
        SmtpReply reply;
        wire.beginPhase(wire.timeouts().login());
        try {
            boolean oneStep = lengthInOneStep(response) <= longestLine;
            reply = attempt(oneStep, response);
            if (reply.aboutForm() && longestLine == MAX_LINE_LENGTH) {
                reply = attempt(!oneStep, response);
            }
        } catch (IOException e) {
            inStep = false;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw ConnectFailure.lostAtLogin(endpoint, challenge);
        } finally {
            wire.endPhase();
        }
        if (reply.code() != 235) {
            throw MailFailures.login(endpoint, user, reply.text(), challenge);
        }
    }

    private SmtpReply attempt(boolean oneStep, String response) throws IOException {
        SmtpReply reply;
        if (oneStep) {
            reply = wire.exchange(COMMAND + " " + response);
        } else {
            reply = wire.exchange(COMMAND);
            if (reply.code() != 334) {
                return reply;
            }
            reply = wire.exchange(response);
        }
        if (reply.code() == 334) {
            // The server has refused the token, and this says why; it waits for an empty line before it replies 535.
            challenge = Xoauth2.challenge(reply.afterCode());
            reply = wire.exchange("");
        }
        return reply;
    }

    private static boolean offersXoauth2(String offered) {
        return Arrays.stream(offered.trim().split("\\s+"))
                .anyMatch(mechanism -> CaseFolding.equalsAscii(mechanism, Xoauth2.MECHANISM));
    }
}
