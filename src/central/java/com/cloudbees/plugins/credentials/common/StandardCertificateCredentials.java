package com.cloudbees.plugins.credentials.common;

/** A credential with id, description and key store. */
public interface StandardCertificateCredentials extends StandardCredentials, CertificateCredentials {}
