package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.oauthmail.mail.model.MailQuery;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A build that waits for mail has its step saved, by whatever version of the plugin began it. */
class SavedFilterTest {

    /** A step with everything set, saved when each condition was a field of the step itself. */
    private static final String BEFORE_THE_FILTER =
            "rO0ABXNyADRpby5qZW5raW5zLnBsdWdpbnMub2F1dGhtYWlsLnN0ZXBzLk9BdXRoTWFpbFJlYWRTdGVwAAAAAAAAAA"
                    + "ECAAlaAAZkZWxldGVaAAhtYXJrU2VlbkwAB2FjY291bnR0ABJMamF2YS9sYW5nL1N0cmluZztMAAVjb3VudHQAE0xq"
                    + "YXZhL2xhbmcvSW50ZWdlcjtMAAdoZWFkZXJzdAASTGphdmEvbGFuZy9PYmplY3Q7TAAGbW92ZVRvcQB+AAFMAAlvbl"
                    + "RpbWVvdXRxAH4AAUwAD3NhdmVBdHRhY2htZW50c3EAfgABTAAHd2FpdEZvcnEAfgABeHIAMWlvLmplbmtpbnMucGx1"
                    + "Z2lucy5vYXV0aG1haWwuc3RlcHMuTWFpbEZpbHRlclN0ZXAAAAAAAAAAAQIADVoADWhhc0F0dGFjaG1lbnRaABRyZX"
                    + "F1aXJlQXV0aGVudGljYXRlZFoABnVuc2VlbkwABmZvbGRlcnEAfgABTAAEZnJvbXEAfgADTAACaWRxAH4AA0wABWxp"
                    + "bWl0cQB+AAJMAAtuZXdlc3RGaXJzdHQAE0xqYXZhL2xhbmcvQm9vbGVhbjtMAAlyZXBsaWVzVG9xAH4AA0wABXNpbm"
                    + "NlcQB+AAFMAAdzdWJqZWN0cQB+AAFMAAR0ZXh0cQB+AAFMAAJ0b3EAfgADeHABAQF0AAdBcmNoaXZlc3IAE2phdmEu"
                    + "dXRpbC5BcnJheUxpc3R4gdIdmcdhnQMAAUkABHNpemV4cAAAAAJ3BAAAAAJ0ABFhbm5hQGNvbnRvc28udGVzdHQAEU"
                    + "BvcHMuY29udG9zby50ZXN0eHBzcgARamF2YS5sYW5nLkludGVnZXIS4qCk94GHOAIAAUkABXZhbHVleHIAEGphdmEu"
                    + "bGFuZy5OdW1iZXKGrJUdC5TgiwIAAHhwAAAAB3NyABFqYXZhLmxhbmcuQm9vbGVhbs0gcoDVnPruAgABWgAFdmFsdW"
                    + "V4cAB0ABA8MUBjb250b3NvLnRlc3Q+dAAUMjAyNi0wMy0wMVQwOTozMDowMFp0AAdBcHByb3ZldAADeWVzdAARdGVh"
                    + "bUBjb250b3NvLnRlc3QAAXQACmJ1aWxkLW1haWxwcHBwcHA=";

    /** Such a step with nothing set. */
    private static final String EMPTY_BEFORE_THE_FILTER =
            "rO0ABXNyADRpby5qZW5raW5zLnBsdWdpbnMub2F1dGhtYWlsLnN0ZXBzLk9BdXRoTWFpbFJlYWRTdGVwAAAAAAAAAA"
                    + "ECAAlaAAZkZWxldGVaAAhtYXJrU2VlbkwAB2FjY291bnR0ABJMamF2YS9sYW5nL1N0cmluZztMAAVjb3VudHQAE0xq"
                    + "YXZhL2xhbmcvSW50ZWdlcjtMAAdoZWFkZXJzdAASTGphdmEvbGFuZy9PYmplY3Q7TAAGbW92ZVRvcQB+AAFMAAlvbl"
                    + "RpbWVvdXRxAH4AAUwAD3NhdmVBdHRhY2htZW50c3EAfgABTAAHd2FpdEZvcnEAfgABeHIAMWlvLmplbmtpbnMucGx1"
                    + "Z2lucy5vYXV0aG1haWwuc3RlcHMuTWFpbEZpbHRlclN0ZXAAAAAAAAAAAQIADVoADWhhc0F0dGFjaG1lbnRaABRyZX"
                    + "F1aXJlQXV0aGVudGljYXRlZFoABnVuc2VlbkwABmZvbGRlcnEAfgABTAAEZnJvbXEAfgADTAACaWRxAH4AA0wABWxp"
                    + "bWl0cQB+AAJMAAtuZXdlc3RGaXJzdHQAE0xqYXZhL2xhbmcvQm9vbGVhbjtMAAlyZXBsaWVzVG9xAH4AA0wABXNpbm"
                    + "NlcQB+AAFMAAdzdWJqZWN0cQB+AAFMAAR0ZXh0cQB+AAFMAAJ0b3EAfgADeHAAAABwcHBwcHBwcHBwAAB0AApidWls"
                    + "ZC1tYWlscHBwcHBw";

    @Test
    void readsConditionsOfEarlierVersions() throws Exception {
        OAuthMailReadStep step = (OAuthMailReadStep) read(Base64.getDecoder().decode(BEFORE_THE_FILTER));
        assertConditions(step);
        assertConditions((OAuthMailReadStep) read(written(step)));
    }

    @Test
    void readsMissingConditionsOfEarlierVersions() throws Exception {
        OAuthMailReadStep step = (OAuthMailReadStep) read(Base64.getDecoder().decode(EMPTY_BEFORE_THE_FILTER));
        assertEquals(MailQuery.inbox(), step.query());
        assertNull(step.getFrom());
        assertEquals(MailQuery.DEFAULT_LIMIT, step.getLimit());
        assertEquals(MailQuery.inbox(), ((OAuthMailReadStep) read(written(step))).query());
    }

    private static void assertConditions(OAuthMailReadStep step) throws Exception {
        assertEquals("build-mail", step.getAccount());
        assertTrue(step.isMarkSeen());
        assertEquals("Archive", step.getFolder());
        assertEquals(List.of("anna@contoso.test", "@ops.contoso.test"), step.getFrom());
        assertEquals("team@contoso.test", step.getTo());
        assertEquals("Approve", step.getSubject());
        assertEquals("<1@contoso.test>", step.getRepliesTo());
        assertEquals("2026-03-01T09:30:00Z", step.getSince());
        assertTrue(step.isUnseen());
        assertEquals("yes", step.getText());
        assertTrue(step.isHasAttachment());
        assertTrue(step.isRequireAuthenticated());
        assertNull(step.getId());
        assertEquals(7, step.getLimit());
        assertFalse(step.isNewestFirst());
        assertEquals("Archive", step.query().folder());
    }

    private static byte[] written(Object object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }
}
