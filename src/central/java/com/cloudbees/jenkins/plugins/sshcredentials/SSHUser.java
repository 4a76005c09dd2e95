package com.cloudbees.jenkins.plugins.sshcredentials;

import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;

/** Somebody who logs in by SSH. */
@Deprecated
public interface SSHUser extends StandardUsernameCredentials {}
