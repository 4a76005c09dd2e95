/**
 * What administrators define, by form or configuration as code: OAuth applications and mail accounts. Knows nothing that
 * runs. Begin with {@link io.jenkins.plugins.oauthmail.config.OAuthMailConfiguration}.
 */
package io.jenkins.plugins.oauthmail.config;
