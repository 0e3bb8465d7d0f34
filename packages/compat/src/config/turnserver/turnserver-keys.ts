import { onOff, valued, type TurnserverKey } from './turnserver-key.ts';

const oneDatabase =
  'Callbox reads no database of users: name them with user, or the secret with static-auth-secret';
const noCommandLine =
  'there is no such port: `callbox status`, `sessions` and `drain` ask the running server';
const noWebAdmin = 'there is no such page: `callbox status`, `sessions` and `drain` ask the running server';
const noDiscovery = 'browsers do not ask for the discovery of NATs (RFC 5780), which makes answers longer';
const tlsByNode = 'TLS is 1.2 or 1.3, with the ciphers that browsers use';
const ownLog = 'every line of the log has its time (UTC), and the file keeps its name';
const otherServers =
  'nobody is sent on to other servers here: tell guests of them with ice-server, which takes several';

/** Every key that coturn's example file or its command line knows, and what becomes of it, in groups for the document. */
export const turnserverKeyGroups: Readonly<Record<string, Readonly<Record<string, TurnserverKey>>>> = {
  'Where it listens': {
    'listening-port': valued('mapped', 'UDP and TCP', { options: ['turn-port'] }),
    'tls-listening-port': valued(
      'mapped',
      'TURN over TLS. With cert and pkey, and without this key, it is 5349; TLS is spoken on the other ports as well',
      { options: ['turn-tls-port'] },
    ),
    'listening-ip': valued('mapped', 'the addresses of the relay alone; pages and signaling listen by host', {
      options: ['turn-listen'],
    }),
    'no-udp': onOff('mapped', 'at the ports of the relay', { options: ['turn-transports'] }),
    'no-tcp': onOff(
      'mapped',
      'at the ports of the relay; the port of the pages still relays over TCP, for it is open in any case',
      { options: ['turn-transports'] },
    ),
    'no-tls': onOff('mapped', 'at the ports of the relay; the port of the pages still does', {
      options: ['turn-transports', 'turn-tls-port'],
    }),
    'no-dtls': onOff('always', 'no browser speaks TURN over DTLS'),
    'listening-device': valued(
      'refused',
      'an interface is not chosen by name: give its address with listening-ip',
    ),
    'alt-listening-port': valued('ignored', noDiscovery, { harmless: ['0'] }),
    'alt-tls-listening-port': valued('ignored', noDiscovery, { harmless: ['0'] }),
    'tcp-proxy-port': valued(
      'refused',
      'it takes the proxies’ addresses as well: proxy-protocol: turn-port, with trusted-proxy',
    ),
    'aux-server': valued(
      'refused',
      'there is one port for all addresses: more addresses go into listening-ip',
    ),
    'udp-self-balance': onOff('ignored', 'there is nothing to balance'),
  },
  'What it relays': {
    'relay-ip': valued(
      'mapped',
      'one of each family; of several the first counts. More of them would bring nothing but more ports, and relay-ports brings those',
      { options: ['relay-address'] },
    ),
    'external-ip': valued(
      'mapped',
      'one of each family, that of the address which relays. PUBLIC/PRIVATE says by which address of the machine it is reached',
      { options: ['public-address', 'relay-address'] },
    ),
    'min-port': valued('mapped', 'without it and max-port the default here, which lies within coturn’s', {
      options: ['relay-ports'],
    }),
    'max-port': valued('mapped', 'see min-port', { options: ['relay-ports'] }),
    'relay-device': valued('refused', 'an interface is not chosen by name: give its address with relay-ip'),
    'relay-threads': valued('ignored', 'how many threads there are is not for the file to say'),
    'no-udp-relay': onOff(
      'stops',
      'media is relayed over UDP and nothing else: without it there is no relay',
    ),
    'no-tcp-relay': onOff('always', 'nothing is relayed over TCP to peers (RFC 6062)'),
    'server-relay': onOff('refused', 'it would let anybody send to guests, permission or none'),
    'keep-address-family': onOff('refused', 'a relay is of IPv4 unless IPv6 is asked for (RFC 8656 §7.2)'),
    'allocation-default-address-family': valued(
      'refused',
      'a relay is of IPv4 unless IPv6 is asked for (RFC 8656 §7.2)',
      { harmless: ['ipv4'] },
    ),
    mobility: onOff('ignored', 'browsers do not ask for it: they restart ICE'),
  },
  'Who may use it': {
    'lt-cred-mech': onOff('always', 'everybody needs credentials; guests are given theirs'),
    'no-auth': onOff('refused', 'nobody relays without credentials here, and no browser can'),
    user: valued(
      'mapped',
      'with a password, or with a key of turnadmin, which begins with 0x and holds for the realm of the file alone; as with coturn nobody is let in by it where there is a secret',
      { options: ['turn-user', 'turn-user-key'] },
    ),
    realm: valued('mapped', '', { options: ['realm'] }),
    'use-auth-secret': onOff('always', 'with static-auth-secret'),
    'static-auth-secret': valued(
      'mapped',
      'signs the credentials of our own guests too; those that another program signs with it reach everybody public, as with coturn',
      { options: ['turn-secret', 'relay-peers'] },
    ),
    'rest-api-separator': valued('refused', 'time and user are separated by a colon', { harmless: [':'] }),
    'server-name': valued('ignored', 'it is of use with oauth alone'),
    oauth: onOff('refused', 'no browser has tokens for a relay (RFC 7635)'),
    userdb: valued('refused', oneDatabase),
    db: valued('refused', oneDatabase),
    'psql-userdb': valued('refused', oneDatabase),
    'sql-userdb': valued('refused', oneDatabase),
    'mysql-userdb': valued('refused', oneDatabase),
    'mongo-userdb': valued('refused', oneDatabase),
    'redis-userdb': valued('refused', oneDatabase),
    'secret-key-file': valued('ignored', 'there is no database whose password it could open'),
    'no-auth-pings': onOff('always', 'there is no database to ask'),
    'no-dynamic-ip-list': onOff('always', 'there is no database to ask'),
    'no-dynamic-realms': onOff('always', 'there is no database to ask'),
    'check-origin-consistency': onOff('ignored', 'browsers send the relay no origin'),
    'secure-stun': onOff(
      'refused',
      'guests learn their address without credentials, as with any STUN server',
    ),
    'CA-file': valued(
      'stops',
      'certificates of clients are not looked at here, so everybody with a password would be let in',
    ),
  },
  'Whom it reaches': {
    'allowed-peer-ip': valued(
      'mapped',
      'private addresses are refused here unless this allows them; where it meets denied-peer-ip it wins, as with coturn',
      { options: ['allow-peer'] },
    ),
    'denied-peer-ip': valued('mapped', '', { options: ['deny-peer'] }),
    'allow-loopback-peers': onOff('mapped', 'but for the ports of this server', { options: ['allow-peer'] }),
    'no-loopback-peers': onOff('always', 'never reached unless allowed; coturn itself has the key no more'),
    'no-multicast-peers': onOff('always', 'never reached'),
  },
  Limits: {
    'user-quota': valued(
      'mapped',
      'a browser makes up to six allocations for each person it calls; 0 is none',
      {
        options: ['user-allocations'],
      },
    ),
    'total-quota': valued('mapped', '0 is none', { options: ['max-allocations'] }),
    'max-bps': valued('mapped', 'octets per second of one allocation, each way by itself; 0 is none', {
      options: ['session-rate'],
    }),
    'bps-capacity': valued('ignored', 'relay-budget limits what is sent in a month', { harmless: ['0'] }),
    'stale-nonce': valued('ignored', 'a nonce lives ten minutes', { harmless: ['', '600'] }),
    'max-allocate-lifetime': valued('ignored', 'an hour', { harmless: ['3600'] }),
    'channel-lifetime': valued('ignored', 'ten minutes (RFC 8656 §12)', { harmless: ['600'] }),
    'permission-lifetime': valued('ignored', 'five minutes (RFC 8656 §9)', { harmless: ['300'] }),
    'max-allocate-timeout': valued('ignored', 'who is slow to allocate holds nothing meanwhile', {
      harmless: ['60'],
    }),
  },
  TLS: {
    cert: valued('mapped', 'serves the pages and signaling too; followed on disk', { options: ['cert'] }),
    pkey: valued('mapped', '', { options: ['key'] }),
    'pkey-pwd': valued('mapped', '', { options: ['key-passphrase'] }),
    'cipher-list': valued('ignored', tlsByNode, { harmless: ['DEFAULT'] }),
    'ec-curve-name': valued('ignored', tlsByNode),
    dh566: onOff('ignored', tlsByNode),
    dh1066: onOff('ignored', tlsByNode),
    'dh-file': valued('ignored', tlsByNode),
    'no-sslv2': onOff('always', tlsByNode),
    'no-sslv3': onOff('always', tlsByNode),
    'no-tlsv1': onOff('always', tlsByNode),
    'no-tlsv1_1': onOff('always', tlsByNode),
    'no-tlsv1_2': onOff('refused', tlsByNode),
    'raw-public-keys': onOff('ignored', 'browsers do not use them'),
    'acme-redirect': valued('ignored', 'certificates are obtained here: domain, or acme'),
  },
  'What goes over the wire': {
    fingerprint: onOff('always', 'answers carry FINGERPRINT where the request does, as those of browsers do'),
    'stun-only': onOff('stops', 'it asks for no relay: say so with roles: signaling,web and ice-server'),
    'no-stun': onOff('ignored', 'a Binding request is always answered: guests learn their address by it'),
    'no-rfc5780': onOff('always', noDiscovery),
    'no-stun-backward-compatibility': onOff('always', 'answers hold what browsers read and no more'),
    'response-origin-only-with-rfc5780': onOff('always', 'it is never sent'),
    'no-software-attribute': onOff('always', 'it is never sent'),
    'software-attribute': onOff('ignored', 'answers hold what browsers read and no more'),
    'alternate-server': valued('stops', otherServers),
    'tls-alternate-server': valued('stops', otherServers),
    'respond-http-unsupported': onOff('ignored', 'the port of the relay answers HTTP itself'),
    'no-http': onOff('ignored', 'the port of the relay answers health checks'),
  },
  'Log and process': {
    verbose: onOff('mapped', '', { options: ['log-level'] }),
    Verbose: onOff('mapped', '', { options: ['log-level'] }),
    'log-file': valued('mapped', 'in place of stderr; stdout, - and syslog name no file and leave it there', {
      options: ['log-file'],
    }),
    'no-stdout-log': onOff('always', 'with log-file nothing but the start-up text goes elsewhere'),
    syslog: onOff('ignored', 'reports go to stderr, from where systemd takes them'),
    'syslog-facility': valued('ignored', 'reports go to stderr, from where systemd takes them'),
    'simple-log': onOff('always', ownLog),
    'new-log-timestamp': onOff('always', ownLog),
    'new-log-timestamp-format': valued('ignored', ownLog),
    'log-binding': onOff('ignored', 'Binding requests are counted, not logged'),
    pidfile: valued('ignored', 'whoever starts the program knows its process'),
    daemon: onOff('ignored', 'the program stays in the foreground, as systemd and containers want it'),
    'proc-user': valued(
      'refused',
      'who it runs as has to read its secrets and certificates later too: start it as that user, with the right to low ports',
    ),
    'proc-group': valued('refused', 'see proc-user'),
    'no-cli': onOff('always', noCommandLine),
    cli: onOff('ignored', noCommandLine),
    'cli-ip': valued('ignored', noCommandLine),
    'cli-port': valued('ignored', noCommandLine),
    'cli-password': valued('ignored', noCommandLine),
    'cli-max-output-sessions': valued('ignored', noCommandLine),
    'web-admin': onOff('ignored', noWebAdmin),
    'web-admin-ip': valued('ignored', noWebAdmin),
    'web-admin-port': valued('ignored', noWebAdmin),
    'web-admin-listen-on-workers': onOff('ignored', noWebAdmin),
    prometheus: onOff('ignored', '`callbox status --json` gives the figures'),
    'prometheus-port': valued('ignored', '`callbox status --json` gives the figures'),
    'prometheus-address': valued('ignored', '`callbox status --json` gives the figures'),
    'prometheus-path': valued('ignored', '`callbox status --json` gives the figures'),
    'prometheus-username-labels': onOff('ignored', '`callbox status --json` gives the figures'),
    'redis-statsdb': valued('ignored', '`callbox status --json` gives the figures'),
    ne: valued('ignored', 'there is no choice of engines'),
    version: onOff('ignored', '`callbox --version` says it'),
  },
};

/** All keys by name, whatever their group. */
export const turnserverKeys: ReadonlyMap<string, TurnserverKey> = new Map(
  Object.values(turnserverKeyGroups).flatMap((group) => Object.entries(group)),
);
