package io.jenkins.plugins.oauthmail.trigger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Action;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.MailAddress;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import io.jenkins.plugins.oauthmail.mail.model.ReceivedMail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.DoNotUse;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The message that starts a build, attached to the queue item and then to the build, which gets its
 * {@code OAUTH_MAIL_*} variables of limited length from it. All of its content is untrusted.
 */
@Restricted(NoExternalUse.class)
public final class ArrivedMail extends InvisibleAction implements Queue.QueueAction, EnvironmentContributingAction {
    private static final int MAX_VALUE_LENGTH = 500;
    private static final int MAX_TEXT_LENGTH = 4000;

    /**
     * Variables that Jenkins would expand, once or twice before they reach a process; except hexadecimal numbers as in
     * Outlook's message IDs.
     */
    private static final Pattern MACRO = Pattern.compile("\\$(?=[A-Za-z_{$])(?!\\p{XDigit}{8}(?!\\w))");

    private final Map<String, String> variables;
    private final long recorded = System.currentTimeMillis();
    private final String life;
    private final String token = UUID.randomUUID().toString();

    /** Called by Jenkins before it reads the first build, and the queue. */
    @Initializer(before = InitMilestone.PLUGINS_STARTED)
    @Restricted(DoNotUse.class)
    public static void nameInFiles() {
        StoredXml.Name mail = new StoredXml.Name("arrivedMail", ArrivedMail.class, "trigger.ArrivedMail");
        StoredXml.Name cause = new StoredXml.Name("mailCause", MailCause.class, "trigger.MailCause");
        StoredXml.name(Run.XSTREAM2, mail, cause);
        StoredXml.name(Queue.XSTREAM, mail, cause);
    }

    /**
     * @param account ID of the account that received it
     * @param folder the folder that contains it
     * @param life identifies the run of the controller in which it is recorded
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

    /** Joins lines, as in header fields, and removes NUL, which environment variables cannot hold. */
    private static String line(String value) {
        return cut(inert(OneLine.of(value)), MAX_VALUE_LENGTH);
    }

    private static String text(String value) {
        return cut(inert(OneLine.lines(value)), MAX_TEXT_LENGTH);
    }

    /**
     * Keeps Jenkins from expanding variables in untrusted text, which could reveal passwords.
     *
     * @param value the final value: removing characters afterwards could form a variable again
     */
    private static String inert(String value) {
        return MACRO.matcher(StoredXml.storable(value)).replaceAll("\\$ ");
    }

    private static String cut(String value, int length) {
        if (value.length() <= length) {
            return value;
        }
        return value.substring(0, Character.isHighSurrogate(value.charAt(length - 1)) ? length - 1 : length);
    }

    /** Identifies the message among all that may start builds of a job. */
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

    /** When the server received it, ISO 8601; empty if unknown. */
    @NonNull
    public String getReceived() {
        return get("RECEIVED");
    }

    /**
     * Identifies the message for as long as it is in the folder, even if the server gives it another ID because somebody
     * edited it, as Exchange does; null if it has nothing to tell it from others.
     */
    @CheckForNull
    String fingerprint() {
        if (get("MESSAGE_ID").isEmpty() || get("RECEIVED").isEmpty()) {
            return null;
        }
        String all = String.join("\n", getAccount(), get("FOLDER"), get("MESSAGE_ID"), get("RECEIVED"), get("FROM"));
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** When it was recorded, in milliseconds since 1970. */
    long recorded() {
        return recorded;
    }

    /** Whether it was recorded in the given run of the controller. */
    boolean isOf(@NonNull String otherLife) {
        return otherLife.equals(life);
    }

    /** Whether all fields could be read from a file. */
    boolean isWhole() {
        return variables != null && token != null;
    }

    /** Identifies the message across all jobs. */
    @NonNull
    String token() {
        return token;
    }

    private String get(String name) {
        return Util.fixNull(variables.get("OAUTH_MAIL_" + name));
    }

    /** Keeps the queue from merging two items of the same job that are about different messages. */
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
