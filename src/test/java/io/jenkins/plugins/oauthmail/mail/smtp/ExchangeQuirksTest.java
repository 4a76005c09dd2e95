package io.jenkins.plugins.oauthmail.mail.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.oauthmail.mail.connect.SmtpReply;
import io.jenkins.plugins.oauthmail.mail.model.Endpoint;
import io.jenkins.plugins.oauthmail.mail.model.Security;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExchangeQuirksTest {

    @ParameterizedTest
    @CsvSource({
        "smtp.office365.com, 220 mail ready, true",
        "SMTP.Office365.COM., 220 mail ready, true",
        "smtp-mail.outlook.com, 220 mail ready, true",
        "smtp.office365.us, 220 mail ready, true",
        "smtp.partner.outlook.cn, 220 mail ready, true",
        "relay.example.com, 220 x Microsoft ESMTP MAIL Service ready at Sat, true",
        "relay.example.com, 220 relay ESMTP Postfix, false",
        "outlook.com.example.com, 220 relay ESMTP Postfix, false",
        "notoutlook.com, 220 relay ESMTP Postfix, false"
    })
    void recognizesExchangeByNameOrGreeting(String host, String greeting, boolean exchange) {
        Endpoint endpoint = new Endpoint(host, 587, Security.STARTTLS);
        assertEquals(exchange, ExchangeQuirks.isExchange(endpoint, new SmtpReply(220, greeting)));
    }
}
