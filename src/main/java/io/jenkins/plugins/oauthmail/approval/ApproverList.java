package io.jenkins.plugins.oauthmail.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.User;
import io.jenkins.plugins.oauthmail.jobs.ListArgument;
import io.jenkins.plugins.oauthmail.mail.model.Addresses;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who may decide, as the author of the pipeline wrote it: addresses and IDs of Jenkins users. */
final class ApproverList {
    private static final int MAX = 50;

    /** A user and an address, in which a colon cannot occur outside of quotation marks. */
    private static final Pattern BOTH = Pattern.compile("([^\\s\"<>:][^\"<>:]*):(.*@.*)");

    private ApproverList() {}

    /**
     * The approvers, each person once.
     *
     * @param value a text with commas, or a list
     * @throws AbortException if one of them is neither an address nor a Jenkins user, or two of them share an address
     */
    @NonNull
    static List<Approver> parse(@CheckForNull Object value) throws AbortException {
        List<Approver> approvers = new ArrayList<>();
        for (String entry : entries("approvers", value)) {
            Matcher both = BOTH.matcher(entry);
            if (both.matches()) {
                add(approvers, Approver.named(existing(both.group(1).strip()).getId(), bare(both.group(2))));
            } else {
                add(approvers, entry.indexOf('@') < 0 ? user(entry) : address(entry));
            }
        }
        if (approvers.size() > MAX) {
            throw new AbortException(Messages.ApproverList_tooMany(MAX));
        }
        return approvers;
    }

    /** The texts of a list, or those between the commas of one text. */
    @NonNull
    static List<String> entries(@NonNull String field, @CheckForNull Object value) throws AbortException {
        List<String> entries = new ArrayList<>();
        for (String text : ListArgument.texts(field, value)) {
            for (String entry : value instanceof String ? text.split("[,\n]") : new String[] {text}) {
                if (!entry.isBlank()) {
                    entries.add(entry.strip());
                }
            }
        }
        return entries;
    }

    private static Approver user(String id) throws AbortException {
        User user = existing(id);
        return Approver.user(user.getId(), UserAddresses.find(user));
    }

    private static User existing(String id) throws AbortException {
        // A user who does not exist yet could be anybody who signs up.
        User user = User.getById(id, false);
        if (user == null) {
            throw new AbortException(Messages.ApproverList_unknown(id));
        }
        return user;
    }

    private static Approver address(String entry) throws AbortException {
        String address = bare(entry);
        // With some sign-ins, such as that of Microsoft, the address is the ID.
        User user = User.getById(address, false);
        return Approver.named(user == null ? null : user.getId(), address);
    }

    private static String bare(String entry) throws AbortException {
        try {
            return Addresses.bare(entry.strip());
        } catch (MailFailure failure) {
            throw new AbortException(Messages.ApproverList_address(entry));
        }
    }

    private static void add(List<Approver> approvers, Approver one) throws AbortException {
        int known = -1;
        for (int i = 0; i < approvers.size(); i++) {
            if (one.isSameAs(approvers.get(i))) {
                checkSame(one, approvers.get(i));
                known = i;
            }
        }
        if (known < 0) {
            approvers.add(one);
        } else if (!approvers.get(known).isByMail()) {
            approvers.set(known, one);
        }
    }

    private static void checkSame(Approver one, Approver other) throws AbortException {
        String user = other.getUser();
        if (one.getUser() != null && user != null && !one.isUser(user)) {
            throw new AbortException(Messages.ApproverList_sameAddress(user, one.getUser(), one.getAddress()));
        }
        if ((one.getUser() == null) != (user == null)) {
            // Users can type the address of anybody into their profiles, whose vote would then be theirs.
            throw new AbortException(Messages.ApproverList_namedTwice(
                    user == null ? one.getUser() : user, user == null ? other.getAddress() : one.getAddress()));
        }
    }
}
