package jenkins.util;

import org.kohsuke.stapler.HttpResponse;

/** Leads the browser to another host by a page, since a form may not be redirected there. */
public record ClientHttpRedirect(String redirectUrl) implements HttpResponse {}
