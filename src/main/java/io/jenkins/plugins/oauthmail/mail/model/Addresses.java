package io.jenkins.plugins.oauthmail.mail.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.oauthmail.mail.model.MailFailure.Layer;
import io.jenkins.plugins.oauthmail.token.QuotedText;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Parses email addresses as people type them. */
public final class Addresses {

    private Addresses() {}

    /**
     * Parses a list of addresses.
     *
     * @param field name of the field they were entered in, for the error message
     * @param commaList RFC 5322 mailboxes separated by commas or semicolons, also as Outlook copies them, such as
     *     {@code Roe, Ann <a@b.example>}; null or blank for none
     * @return one entry for each address, {@code a@b.example} or {@code Name <a@b.example>}
     * @throws MailFailure layer MESSAGE, naming the field and what is wrong
     */
    @NonNull
    public static List<String> parse(@NonNull String field, @CheckForNull String commaList) throws MailFailure {
        List<String> addresses = new ArrayList<>();
        if (commaList != null && !commaList.isBlank()) {
            for (InternetAddress address : internetAddresses(field, commaList)) {
                addresses.add(address.toUnicodeString());
            }
        }
        return addresses;
    }

    /**
     * Returns the address of an entry without its display name.
     *
     * @param entry an entry that {@link #parse} returned
     * @throws MailFailure layer MESSAGE, if it is not exactly one address
     */
    @NonNull
    public static String bare(@NonNull String entry) throws MailFailure {
        return one("address", entry).address();
    }

    /**
     * Parses exactly one address.
     *
     * @param field name of the field it was entered in, for the error message
     * @param entry an entry that {@link #parse} returned
     * @throws MailFailure layer MESSAGE, if it is not exactly one address
     */
    @NonNull
    public static MailAddress one(@NonNull String field, @NonNull String entry) throws MailFailure {
        List<InternetAddress> addresses = internetAddresses(field, entry);
        if (addresses.size() != 1) {
            throw wrong(Messages::Addresses_several, field, entry);
        }
        InternetAddress address = addresses.get(0);
        return new MailAddress(address.getPersonal(), address.getAddress());
    }

    private static List<InternetAddress> internetAddresses(String field, String list) throws MailFailure {
        if (OneLine.hasControls(list)) {
            throw new MailFailure(Layer.MESSAGE, Messages.Addresses_control(field));
        }
        List<InternetAddress> addresses = new ArrayList<>();
        try {
            for (InternetAddress address : InternetAddress.parse(PastedAddresses.asList(list), true)) {
                addresses.add(checked(field, list, address));
            }
        } catch (AddressException e) {
            throw wrong(Messages::Addresses_syntax, field, list);
        }
        return addresses;
    }

    private static InternetAddress checked(String field, String list, InternetAddress parsed) throws MailFailure {
        String address = parsed.getAddress();
        String name = parsed.getPersonal();
        if (name != null && OneLine.hasControls(name)) {
            // The name is decoded by now, and an encoded word can contain any character.
            throw wrong(Messages::Addresses_controlInName, field, list);
        }
        if (parsed.isGroup()) {
            throw wrong(Messages::Addresses_group, field, list);
        }
        if (address == null || address.indexOf('@') < 1 || address.endsWith("@")) {
            throw wrong(Messages::Addresses_noDomain, field, address == null ? list : address);
        }
        // Without SMTPUTF8, which Exchange does not support, an envelope is ASCII; Angus would send the low byte of
        // each character.
        if (address.chars().anyMatch(c -> c <= ' ' || c > '~' || c == '<' || c == '>')) {
            throw wrong(Messages::Addresses_notAscii, field, address);
        }
        try {
            return new InternetAddress(address, name == null ? null : OneLine.inOrder(name), "UTF-8");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MailFailure wrong(BiFunction<Object, Object, String> sentence, String field, String value) {
        return new MailFailure(Layer.MESSAGE, sentence.apply(field, QuotedText.clean(value)));
    }
}
