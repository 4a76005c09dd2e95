package org.kohsuke.stapler;

/** What a web method answers. Nothing renders it here: tests look at the object. */
public interface HttpResponse {}
