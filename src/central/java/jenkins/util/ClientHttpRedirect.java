package jenkins.util;

import hudson.Util;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Leads the browser to another host by a page, since a form may not be redirected there. */
public record ClientHttpRedirect(String redirectUrl) implements HttpResponse {
    @Override
    public void generateResponse(StaplerRequest2 req, StaplerResponse2 rsp, Object o)
            throws IOException, ServletException {
        rsp.setContentType("text/html;charset=UTF-8");
        rsp.getWriter()
                .print("<html><head><meta http-equiv='refresh' content='1;url=" + Util.escape(redirectUrl)
                        + "'></head></html>");
    }
}
