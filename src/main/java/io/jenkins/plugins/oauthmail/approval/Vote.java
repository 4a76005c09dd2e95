package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.User;
import io.jenkins.plugins.oauthmail.config.StoredXml;
import io.jenkins.plugins.oauthmail.mail.model.CaseFolding;
import io.jenkins.plugins.oauthmail.mail.model.OneLine;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One person's answer that counts. Kept with the build. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class Vote {
    /** How an answer came. */
    enum How {
        MAIL,
        PAGE
    }

    private static final int MAX_SHOWN = 200;

    private final String choice;
    private final String user;
    private final String address;
    private final How how;
    private final long time;
    private final String comment;
    private final String messageId;
    private final LinkedHashMap<String, Object> values;
    private final transient LinkedHashMap<String, String> secrets;

    /**
     * @param choice one of the question's
     * @param user ID of the Jenkins user; null if the person is only known by an address
     * @param address null if it is not known
     * @param time milliseconds since 1970
     * @param messageId of the answer; null if it was given on the page or has none
     */
    Vote(
            @NonNull String choice,
            @CheckForNull String user,
            @CheckForNull String address,
            @NonNull How how,
            long time,
            @CheckForNull String comment,
            @CheckForNull String messageId) {
        this(choice, user, address, how, time, comment, messageId, GivenValues.NONE);
    }

    private Vote(
            String choice,
            String user,
            String address,
            How how,
            long time,
            String comment,
            String messageId,
            GivenValues values) {
        this.choice = choice;
        this.user = StoredXml.storable(user);
        this.address = StoredXml.storable(address);
        this.how = how;
        this.time = time;
        this.comment = Util.fixEmptyAndTrim(StoredXml.storable(comment));
        this.messageId = StoredXml.storable(messageId);
        this.values = new LinkedHashMap<>(values.recorded());
        this.secrets = new LinkedHashMap<>(values.secret());
    }

    /** The same with values for parameters. */
    @NonNull
    Vote giving(@NonNull GivenValues given) {
        return new Vote(choice, user, address, how, time, comment, messageId, given);
    }

    @Exported
    @NonNull
    public String getChoice() {
        return choice;
    }

    /** Who it was: the ID of the user, or else the address. */
    @Exported
    @NonNull
    public String getBy() {
        return user == null ? String.valueOf(address) : user;
    }

    @Exported
    @CheckForNull
    public String getUser() {
        return user;
    }

    @Exported
    @CheckForNull
    public String getAddress() {
        return address;
    }

    /** {@code mail} or {@code page}. */
    @Exported
    @NonNull
    public String getHow() {
        return how == How.MAIL ? "mail" : "page";
    }

    /** For people. */
    @NonNull
    public String getWay() {
        return how == How.MAIL ? Messages.Vote_mail() : Messages.Vote_page();
    }

    @Exported
    @NonNull
    public Date getTime() {
        return new Date(time);
    }

    @Exported
    @CheckForNull
    public String getComment() {
        return comment;
    }

    @Exported
    @CheckForNull
    public String getMessageId() {
        return messageId;
    }

    /** Values of parameters by name: texts, numbers and truth values; those of passwords are not recorded. */
    @Exported
    @NonNull
    public Map<String, Object> getParameters() {
        return values == null ? Map.of() : new LinkedHashMap<>(values);
    }

    /** The values of passwords; null if they are lost, as after a restart. */
    @CheckForNull
    Map<String, String> secrets() {
        return secrets == null ? null : new LinkedHashMap<>(secrets);
    }

    /** The values of parameters for the log, after the choice; empty if there are none. */
    @NonNull
    String valuesShown() {
        return getParameters().isEmpty()
                ? ""
                : " (" + getParameters().entrySet().stream().map(Vote::shown).collect(Collectors.joining(", ")) + ")";
    }

    private static String shown(Map.Entry<String, Object> value) {
        return value.getKey() + "=" + OneLine.shortened(OneLine.of(String.valueOf(value.getValue())), MAX_SHOWN);
    }

    boolean isByMail() {
        return how == How.MAIL;
    }

    /** Whether it was given on the page too late; when a message was sent matters, not when it is read. */
    boolean isLate(@NonNull Question question) {
        return how == How.PAGE && time > question.deadline().toEpochMilli();
    }

    /** Whether both chose the same, with the same values. */
    boolean agreesWith(@NonNull Vote other) {
        return choice.equals(other.choice) && getParameters().equals(other.getParameters());
    }

    /** Whether this is the vote of an approver. */
    boolean isOf(@NonNull Approver approver) {
        return user != null && approver.isUser(user) || approver.hasAddress(address);
    }

    /** Whether both may be of one person, who has only one vote. */
    boolean isOfSamePerson(@NonNull Vote other) {
        return user != null && other.user != null && User.idStrategy().equals(user, other.user)
                || address != null && CaseFolding.equalsAscii(address, other.address);
    }

    /** Plain values for pipelines. */
    @NonNull
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("by", getBy());
        map.put("user", user);
        map.put("address", address);
        map.put("decision", choice);
        map.put("comment", Util.fixNull(comment));
        map.put("how", getHow());
        map.put("time", getTime().toInstant().toString());
        map.put("messageId", messageId);
        map.put("parameters", getParameters());
        return map;
    }
}
