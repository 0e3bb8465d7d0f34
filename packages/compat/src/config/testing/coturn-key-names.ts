/** The keys that coturn 4.6.1's example file shows or its command line lists, by name alone. */
export const coturnKeyNames: readonly string[] = `
acme-redirect allocation-default-address-family allow-loopback-peers allowed-peer-ip alt-listening-port
alt-tls-listening-port alternate-server aux-server bps-capacity CA-file cert channel-lifetime
check-origin-consistency cipher-list cli-ip cli-max-output-sessions cli-password cli-port daemon db
denied-peer-ip dh-file dh1066 dh566 ec-curve-name external-ip fingerprint keep-address-family listening-device
listening-ip listening-port log-binding log-file lt-cred-mech max-allocate-lifetime max-allocate-timeout
max-bps max-port min-port mobility mongo-userdb mysql-userdb ne new-log-timestamp new-log-timestamp-format
no-auth no-auth-pings no-cli no-dtls no-dynamic-ip-list no-dynamic-realms no-multicast-peers no-rfc5780
no-software-attribute no-stdout-log no-stun no-stun-backward-compatibility no-tcp no-tcp-relay no-tls no-tlsv1
no-tlsv1_1 no-tlsv1_2 no-udp no-udp-relay oauth permission-lifetime pidfile pkey pkey-pwd proc-group proc-user
prometheus psql-userdb realm redis-statsdb redis-userdb relay-device relay-ip relay-threads
response-origin-only-with-rfc5780 rest-api-separator secret-key-file secure-stun server-name server-relay
simple-log sql-userdb stale-nonce static-auth-secret stun-only syslog syslog-facility tcp-proxy-port
tls-alternate-server tls-listening-port total-quota udp-self-balance use-auth-secret user user-quota userdb
Verbose verbose version web-admin web-admin-ip web-admin-listen-on-workers web-admin-port
`
  .trim()
  .split(/\s+/u);
