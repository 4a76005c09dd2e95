/**
 * What administrators define, by form or configuration as code: OAuth applications and mail accounts. Does not depend
 * on anything at run time. Start reading at {@link io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration}.
 */
package io.jenkins.plugins.oauthmail.config;
