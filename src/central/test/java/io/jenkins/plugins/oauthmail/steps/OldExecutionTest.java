package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Executions that earlier versions saved in the program of a build. Java names classes there, and nothing can name them
 * otherwise, so old names stay readable.
 */
class OldExecutionTest {
    /** Saved by a version whose {@code MailWaiting} is now {@link WaitForMailExecution}; it waits for 2 messages. */
    private static final String WAITING =
            "rO0ABXNyAC5pby5qZW5raW5zLnBsdWdpbnMub2F1dGhtYWlsLnN0ZXBzLk1haWxXYWl0aW5nAAAAAAAAAAECAAZJAAVjb3Vu"
                    + "dEoACGRlYWRsaW5lWgAOZW1wdHlPblRpbWVvdXRMAAdhY2NvdW50dAASTGphdmEvbGFuZy9TdHJpbmc7TAAGZm9sZGVycQB+"
                    + "AAFMAAd3YWl0Rm9ycQB+AAF4cgAuaW8uamVua2lucy5wbHVnaW5zLm9hdXRobWFpbC5zdGVwcy5NYWlsUmVhZGluZwAAAAAA"
                    + "AAABAgACTAAFZm91bmR0ABVMamF2YS91dGlsL0FycmF5TGlzdDtMAARzdGVwdAA2TGlvL2plbmtpbnMvcGx1Z2lucy9vYXV0"
                    + "aG1haWwvc3RlcHMvT0F1dGhNYWlsUmVhZFN0ZXA7eHIAMm9yZy5qZW5raW5zY2kucGx1Z2lucy53b3JrZmxvdy5zdGVwcy5T"
                    + "dGVwRXhlY3V0aW9uAAAAAAAAAAECAAFMAAdjb250ZXh0dAAyTG9yZy9qZW5raW5zY2kvcGx1Z2lucy93b3JrZmxvdy9zdGVw"
                    + "cy9TdGVwQ29udGV4dDt4cHBwc3IANGlvLmplbmtpbnMucGx1Z2lucy5vYXV0aG1haWwuc3RlcHMuT0F1dGhNYWlsUmVhZFN0"
                    + "ZXAAAAAAAAAAAQIACVoABmRlbGV0ZVoACG1hcmtTZWVuTAAHYWNjb3VudHEAfgABTAAFY291bnR0ABNMamF2YS9sYW5nL0lu"
                    + "dGVnZXI7TAAHaGVhZGVyc3QAEkxqYXZhL2xhbmcvT2JqZWN0O0wABm1vdmVUb3EAfgABTAAJb25UaW1lb3V0cQB+AAFMAA9z"
                    + "YXZlQXR0YWNobWVudHNxAH4AAUwAB3dhaXRGb3JxAH4AAXhyADFpby5qZW5raW5zLnBsdWdpbnMub2F1dGhtYWlsLnN0ZXBz"
                    + "Lk1haWxGaWx0ZXJTdGVwAAAAAAAAAAECAA1aAA1oYXNBdHRhY2htZW50WgAUcmVxdWlyZUF1dGhlbnRpY2F0ZWRaAAZ1bnNl"
                    + "ZW5MAAZmb2xkZXJxAH4AAUwABGZyb21xAH4ACkwAAmlkcQB+AApMAAVsaW1pdHEAfgAJTAALbmV3ZXN0Rmlyc3R0ABNMamF2"
                    + "YS9sYW5nL0Jvb2xlYW47TAAJcmVwbGllc1RvcQB+AApMAAVzaW5jZXEAfgABTAAHc3ViamVjdHEAfgABTAAEdGV4dHEAfgAB"
                    + "TAACdG9xAH4ACnhwAAAAdAAJQXBwcm92YWxzcHBwcHBwdAACZ29wcAABdAAKYnVpbGQtbWFpbHNyABFqYXZhLmxhbmcuSW50"
                    + "ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAACcHBwcHQAAjFoAAAA"
                    + "AgAAAaIjw7BXAHEAfgAQcQB+AA5xAH4AFA==";

    /** Saved by a version whose {@code MailReading} is now {@link ReadMailExecution}; it has found a message. */
    private static final String READING =
            "rO0ABXNyAC5pby5qZW5raW5zLnBsdWdpbnMub2F1dGhtYWlsLnN0ZXBzLk1haWxSZWFkaW5nAAAAAAAAAAECAAJMAAVmb3Vu"
                    + "ZHQAFUxqYXZhL3V0aWwvQXJyYXlMaXN0O0wABHN0ZXB0ADZMaW8vamVua2lucy9wbHVnaW5zL29hdXRobWFpbC9zdGVwcy9P"
                    + "QXV0aE1haWxSZWFkU3RlcDt4cgAyb3JnLmplbmtpbnNjaS5wbHVnaW5zLndvcmtmbG93LnN0ZXBzLlN0ZXBFeGVjdXRpb24A"
                    + "AAAAAAAAAQIAAUwAB2NvbnRleHR0ADJMb3JnL2plbmtpbnNjaS9wbHVnaW5zL3dvcmtmbG93L3N0ZXBzL1N0ZXBDb250ZXh0"
                    + "O3hwcHNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAABdwQAAAABc3IAF2phdmEudXRpbC5M"
                    + "aW5rZWRIYXNoTWFwNMBOXBBswPsCAAFaAAthY2Nlc3NPcmRlcnhyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAK"
                    + "bG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAAAAx3CAAAABAAAAABdAACaWR0AAQ3OjQyeAB4c3IANGlvLmplbmtpbnMu"
                    + "cGx1Z2lucy5vYXV0aG1haWwuc3RlcHMuT0F1dGhNYWlsUmVhZFN0ZXAAAAAAAAAAAQIACVoABmRlbGV0ZVoACG1hcmtTZWVu"
                    + "TAAHYWNjb3VudHQAEkxqYXZhL2xhbmcvU3RyaW5nO0wABWNvdW50dAATTGphdmEvbGFuZy9JbnRlZ2VyO0wAB2hlYWRlcnN0"
                    + "ABJMamF2YS9sYW5nL09iamVjdDtMAAZtb3ZlVG9xAH4ADkwACW9uVGltZW91dHEAfgAOTAAPc2F2ZUF0dGFjaG1lbnRzcQB+"
                    + "AA5MAAd3YWl0Rm9ycQB+AA54cgAxaW8uamVua2lucy5wbHVnaW5zLm9hdXRobWFpbC5zdGVwcy5NYWlsRmlsdGVyU3RlcAAA"
                    + "AAAAAAABAgANWgANaGFzQXR0YWNobWVudFoAFHJlcXVpcmVBdXRoZW50aWNhdGVkWgAGdW5zZWVuTAAGZm9sZGVycQB+AA5M"
                    + "AARmcm9tcQB+ABBMAAJpZHEAfgAQTAAFbGltaXRxAH4AD0wAC25ld2VzdEZpcnN0dAATTGphdmEvbGFuZy9Cb29sZWFuO0wA"
                    + "CXJlcGxpZXNUb3EAfgAQTAAFc2luY2VxAH4ADkwAB3N1YmplY3RxAH4ADkwABHRleHRxAH4ADkwAAnRvcQB+ABB4cAAAAHBw"
                    + "cHBwcHB0AAJnb3BwAAF0AApidWlsZC1tYWlscHBwcHBw";

    @Test
    void resumesAWaitingBuildOfAnEarlierVersion() throws Exception {
        WaitForMailExecution now =
                (WaitForMailExecution) read(Base64.getDecoder().decode(WAITING));
        assertFalse(new String(written(now), StandardCharsets.ISO_8859_1).contains("MailWaiting"));
        assertWaits(now);
        assertWaits((WaitForMailExecution) read(written(now)));
    }

    private static void assertWaits(WaitForMailExecution execution) throws Exception {
        assertEquals("build-mail", field(WaitForMailExecution.class, "account", execution));
        assertEquals("Approvals", field(WaitForMailExecution.class, "folder", execution));
        assertEquals("1h", field(WaitForMailExecution.class, "waitFor", execution));
        assertEquals(2, field(WaitForMailExecution.class, "count", execution));
        assertTrue((long) field(WaitForMailExecution.class, "deadline", execution) > 1_700_000_000_000L);
        OAuthMailReadStep step = (OAuthMailReadStep) field(ReadMailExecution.class, "step", execution);
        assertEquals("go", step.getSubject());
        assertTrue(step.isMarkSeen());
        assertFalse(execution.isFound());
    }

    @Test
    void resumesAReadingBuildOfAnEarlierVersion() throws Exception {
        ReadMailExecution now = (ReadMailExecution) read(Base64.getDecoder().decode(READING));
        assertSame(ReadMailExecution.class, now.getClass());
        assertTrue(now.isFound());
        assertTrue(((ReadMailExecution) read(written(now))).isFound());
    }

    /** A class that moves has to leave one of its old name, as {@link MailWaiting}, and goes on this list. */
    @Test
    void onlyKnownClassesAreStoredInPrograms() throws Exception {
        assertEquals(
                Set.of(
                        "jobs.MailFilter",
                        "steps.MailFilterStep",
                        "steps.OAuthMailReadStep",
                        "steps.ReadMailExecution",
                        "steps.WaitForMailExecution"),
                named(read(Base64.getDecoder().decode(WAITING))));
        assertEquals(
                Set.of("steps.SendExecution"), named(new SendExecution(new OAuthMailSendStep("build-mail"), null)));
    }

    private static Set<String> named(Object object) throws Exception {
        String ours = "io.jenkins.plugins.oauthmail.";
        return Pattern.compile(Pattern.quote(ours) + "[\\w.$]+")
                .matcher(new String(written(object), StandardCharsets.ISO_8859_1))
                .results()
                .map(name -> name.group().substring(ours.length()))
                .collect(Collectors.toSet());
    }

    private static Object field(Class<?> type, String name, Object object) throws Exception {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    private static Object read(byte[] bytes) throws Exception {
        return new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
    }

    private static byte[] written(Object object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }
}
