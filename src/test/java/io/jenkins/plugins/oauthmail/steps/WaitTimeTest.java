package io.jenkins.plugins.oauthmail.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.AbortException;
import hudson.util.FormValidation;
import io.jenkins.plugins.oauthmail.jobs.TimeSpan;
import io.jenkins.plugins.oauthmail.testing.OpenItem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitTimeTest {
    @ParameterizedTest
    @CsvSource({"90s,PT90S", "30m,PT30M", "2h,PT2H", "1d 12h,PT36H", "1d12h5m1s,PT36H5M1S", "' 1d  1s ',PT24H1S"})
    void parsesDaysHoursMinutesSeconds(String text, Duration time) throws Exception {
        assertEquals(time, TimeSpan.parse("waitFor", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "h", "2", "1h 1d", "1d, 2h", "367d", "2h\n;", "-1h", "99999999999999s"})
    void rejectsOtherTexts(String text) {
        AbortException refusal = assertThrows(AbortException.class, () -> TimeSpan.parse("waitFor", text));
        assertTrue(refusal.getMessage().startsWith("waitFor: '" + text + "'"), refusal.getMessage());
    }

    /** The form's check answers whoever may see Jenkins. */
    @Test
    void checksAnyTextInLinearTime() {
        String text = "1d" + " ".repeat(100_000) + "x";
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertEquals(
                        FormValidation.Kind.ERROR,
                        new OAuthMailReadStep.DescriptorImpl().doCheckWaitFor(OpenItem.item(), text).kind));
    }
}
