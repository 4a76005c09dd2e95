package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Action;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The mail that a build is started by: on the queue's item and then on the build, where its bounded
 * {@code OAUTH_MAIL_*} variables come from. All of it was written by strangers.
 */
public final class ArrivedMail extends InvisibleAction implements Queue.QueueAction, EnvironmentContributingAction {
    private static final int MAX_VALUE_LENGTH = 500;
    private static final int MAX_TEXT_LENGTH = 4000;

    /** What Jenkins would fill in, once or twice on the way to a process; but for hex as in Outlook's message ids. */
    private static final Pattern MACRO = Pattern.compile("\\$(?=[A-Za-z_{$])(?!\\p{XDigit}{8}(?!\\w))");

    /** What no XML file may hold: a mail with it could not be recorded, ever. */
    private static final Pattern NOT_XML = Pattern.compile("[\\uFFFE\\uFFFF\\p{Cs}]");

    private final Map<String, String> variables;
    private final long recorded = System.currentTimeMillis();
    private final String life;
    private final String token = UUID.randomUUID().toString();

    /**
     * @param account id of the account that it came to
     * @param folder in which it lies
     * @param life of the controller, in which it is recorded to start a build
     */
    ArrivedMail(@NonNull String account, @NonNull String folder, @NonNull ReceivedMail mail, @NonNull String life) {
        this.life = life;
        Map<String, String> values = new LinkedHashMap<>();
        values.put("ACCOUNT", account);
        values.put("FOLDER", folder);
        values.put("ID", mail.id().value());
        values.put("MESSAGE_ID", line(mail.messageId()));
        values.put("FROM", line(mail.from().get(0).address()));
        values.put("FROM_NAME", line(mail.from().get(0).name()));
        values.put("TO", line(mail.to().stream().map(MailAddress::address).collect(Collectors.joining(", "))));
        values.put("SUBJECT", line(mail.subject()));
        Instant received = mail.received();
        values.put("RECEIVED", received == null ? "" : received.toString());
        values.put("AUTHENTICATED", Boolean.toString(mail.authentication().passed()));
        values.put("TEXT", text(mail.replyText()));
        variables = new LinkedHashMap<>();
        values.forEach((name, value) -> variables.put("OAUTH_MAIL_" + name, value));
    }

    /** One line, as header fields are; no variable of a process may hold NUL. */
    private static String line(String value) {
        return cut(inert(OneLine.of(value)), MAX_VALUE_LENGTH);
    }

    private static String text(String value) {
        return cut(inert(OneLine.lines(value)), MAX_TEXT_LENGTH);
    }

    /**
     * A stranger must not have other variables, passwords perhaps, put in place of their names.
     *
     * @param value of which nothing is taken away later, as that might join what stands apart
     */
    private static String inert(String value) {
        return MACRO.matcher(NOT_XML.matcher(value).replaceAll("\uFFFD")).replaceAll("\\$ ");
    }

    private static String cut(String value, int length) {
        if (value.length() <= length) {
            return value;
        }
        return value.substring(0, Character.isHighSurrogate(value.charAt(length - 1)) ? length - 1 : length);
    }

    /** What tells this mail from all others that may start builds of a job. */
    @NonNull
    public String key() {
        return get("ACCOUNT") + ' ' + get("ID") + ' ' + get("FOLDER");
    }

    @NonNull
    public String getId() {
        return get("ID");
    }

    @NonNull
    public String getAccount() {
        return get("ACCOUNT");
    }

    /** The address in From. */
    @NonNull
    public String getFrom() {
        return get("FROM");
    }

    @NonNull
    public String getSubject() {
        return get("SUBJECT");
    }

    /** When the server got it, ISO-8601; empty if it does not say. */
    @NonNull
    public String getReceived() {
        return get("RECEIVED");
    }

    /** When it was recorded to start a build, in milliseconds since 1970. */
    long recorded() {
        return recorded;
    }

    /** Whether it was recorded in this life of the controller. */
    boolean isOf(@NonNull String otherLife) {
        return otherLife.equals(life);
    }

    /** Whether all of it could be read from a file. */
    boolean isWhole() {
        return variables != null && token != null;
    }

    /** No other has the same, in any job. */
    @NonNull
    String token() {
        return token;
    }

    private String get(String name) {
        return Util.fixNull(variables.get("OAUTH_MAIL_" + name));
    }

    /** The queue makes one item of two for the same job, unless they are about different mails. */
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return actions.stream()
                .noneMatch(
                        other -> other instanceof ArrivedMail mail && mail.key().equals(key()));
    }

    @Override
    public void buildEnvironment(@NonNull Run<?, ?> run, @NonNull EnvVars env) {
        env.putAll(variables);
    }

    @Override
    public String toString() {
        return key();
    }
}
