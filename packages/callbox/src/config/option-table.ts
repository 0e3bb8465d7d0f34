import { defaultConnectionLimits } from '../port/connection-ledger.ts';
import { onOff, optional, repeatable, withDefault } from './option.ts';
import * as relayTypes from './relay-value-types.ts';
import * as types from './value-types.ts';

/**
 * Every option there is, and every default. Flags, environment variables, file keys, `--help` and
 * `docs/configuration.md` are made from this table.
 */
export const optionGroups = {
  'Addresses and ports': {
    host: optional({
      value: types.ipAddress,
      help: 'Listen on this address of the machine only. Without it: on all of them.',
    }),
    port: withDefault({
      value: types.portOrAny,
      defaultText: '8080',
      defaultTextWithAcme: '443',
      help: 'The one TCP port: pages, signaling and, for networks that block everything else, the relay. 0 takes any free port.',
    }),
    httpPort: withDefault({
      value: types.portOrOff,
      defaultText: 'off',
      defaultTextWithAcme: '80',
      help: 'TCP port that leads people to HTTPS and answers the certificate authority, or `off`.',
    }),
    signalPort: withDefault({
      value: types.portOrAny,
      defaultText: '8888',
      help: 'TCP port of signaling for pages that are served elsewhere. 0 takes any free port.',
    }),
    turnPort: withDefault({
      value: types.port,
      defaultText: '3478',
      help: 'UDP and TCP port of STUN and TURN.',
    }),
    turnTlsPort: withDefault({
      value: relayTypes.portOrNone,
      defaultText: 'off',
      help: 'One more TCP port of the relay, where TURN over TLS is expected by custom: 5349. Or `off`: the other ports speak TLS as well.',
    }),
    turnListen: repeatable({
      value: types.ipAddress,
      help: 'An address of this machine on which the relay listens, in place of those of `host`.',
    }),
    turnTransports: withDefault({
      value: relayTypes.relayTransportList,
      defaultText: 'udp,tcp,tls',
      help: 'How clients may come to `turn-port` and `turn-tls-port`: some of udp, tcp and tls, separated by commas. The port of the pages relays over TCP and TLS in any case.',
    }),
    relayAddress: repeatable({
      value: types.reachableAddress,
      help: 'The address of this machine for relayed media, one of each family. Without it: that of the way to the internet.',
    }),
    relayPorts: withDefault({
      value: types.portRange,
      defaultText: '61000-65535',
      help: 'UDP ports of relayed media. Needed open only where a relayed guest meets a direct one.',
    }),
    publicAddress: repeatable({
      value: types.reachableAddress,
      help: 'The address by which the internet reaches this machine, where a router or a cloud maps it. At most one IPv4 and one IPv6 address.',
    }),
    turnHost: optional({
      value: types.hostName,
      help: 'Name or address of the relay, for guests whose browsers reach the pages by another machine, such as a proxy. Without it: the host that each browser itself used.',
    }),
    askCloudMetadata: onOff({
      help: 'Ask the metadata service of the cloud, at 169.254.169.254, for the public address, if neither configuration nor interfaces tell one.',
    }),
  },
  'Behind a proxy': {
    trustedProxy: repeatable({
      value: types.cidr,
      help: 'A proxy by its address, or its network. It is believed what it says of guests in forwarded headers; nobody else is.',
    }),
    proxyProtocol: repeatable({
      value: types.portName,
      help: 'A port to which the trusted proxies speak the PROXY protocol, version 1 or 2: `port`, `signal-port` or `turn-port`.',
    }),
    proxyHeader: withDefault({
      value: types.forwardedHeader,
      defaultText: 'x-forwarded',
      help: 'In which headers the trusted proxies speak of guests: `x-forwarded` (X-Forwarded-For, -Proto and -Host) or `forwarded` (RFC 7239). The others are not read, for a guest may have sent them.',
    }),
    httpOnly: onOff({
      help: 'Serve pages over plain HTTP and make no certificate, for a proxy in front has one.',
    }),
    basePath: withDefault({
      value: types.basePath,
      defaultText: '/',
      help: 'Path under which everything is served, such as `/calls/`. The proxy passes it on as it is.',
    }),
  },
  Relay: {
    turnSecret: repeatable({
      value: types.secret,
      isSecret: true,
      help: 'Secret that signs the time-limited credentials of guests. The first one signs; all are accepted, so that it can be changed without a break. Without it: one is made and kept in the data directory.',
    }),
    turnUser: repeatable({
      value: types.staticUser,
      isSecret: true,
      help: 'A user of the relay who needs no time-limited credentials.',
    }),
    turnUserKey: repeatable({
      value: relayTypes.userKey,
      isSecret: true,
      help: 'Such a user without a password: the key is MD5 over name, realm and password with colons between, in 32 hexadecimal digits.',
    }),
    realm: withDefault({
      value: types.realm,
      defaultText: 'callbox',
      help: 'Realm of the relay, which its static users see.',
    }),
    relayPlane: withDefault({
      value: types.relayPlaneWord,
      defaultText: 'auto',
      help: 'What moves the packets of the relay: `linux` reads and sends many in one call of the kernel, `dgram` is portable. `auto` is `linux` where it works; `linux` refuses to start elsewhere.',
    }),
    relayWorkers: withDefault({
      value: types.relayWorkers,
      defaultText: 'auto',
      help: 'Processes that carry the packets of calls on UDP. With `auto` the server does it alone until it has much to relay, then starts others, one for each further core at most, and ends them when there is less. `1` is the server alone, always; with more so many others run all the time. Only where the plane is `linux`.',
    }),
    relayPeers: withDefault({
      value: types.relayPeersWord,
      defaultText: 'participants',
      help: 'Whom guests reach through the relay: participants of their own room, at addresses where the server has seen them; or everybody public. With `participants-and-services` guests do as the first, and those to whom another program has given credentials with `turn-secret` reach everybody public. So do users given by `turn-user`, always.',
    }),
    allowPeer: repeatable({
      value: types.cidr,
      help: 'Let the relay send to these addresses although they are refused by default, as private ones are. The most specific block wins.',
    }),
    denyPeer: repeatable({
      value: types.cidr,
      help: 'Never let the relay send to these addresses.',
    }),
  },
  'Limits of the relay': {
    maxAllocations: withDefault({
      value: types.integerBetween(1, 1_000_000, 'the number of allocations'),
      defaultText: '20000',
      help: 'Allocations of all users together. A browser makes up to six for each person it calls.',
    }),
    userAllocations: withDefault({
      value: types.integerBetween(1, 1_000_000, 'the number of allocations'),
      defaultText: '1000',
      help: 'Allocations of one user: of one stay of a guest in a room, or of one `turn-user`.',
    }),
    sourceAllocations: withDefault({
      value: types.integerBetween(1, 1_000_000, 'the number of allocations'),
      defaultText: '3000',
      help: 'Allocations from one IPv4 address or IPv6 /64, whoever makes them. An office may be behind one; where all guests seem to come from one proxy, it has to hold for all.',
    }),
    userRate: withDefault({
      value: types.octetsOrOff,
      defaultText: '12.5MB',
      help: 'What is relayed for one user in a second, both ways together, or `off`. More waits a moment, then is dropped. A guest of eight in HD needs 5MB; a `turn-user` whom many share needs more.',
    }),
    sourceConnections: withDefault({
      value: types.integerBetween(1, 1_000_000, 'the number of connections'),
      defaultText: String(defaultConnectionLimits.perAddress),
      help: 'TCP connections to each port from one IPv4 address or IPv6 /64, of browsers and of relayed guests. An office may be behind one; trusted proxies may have any number.',
    }),
    sessionRate: withDefault({
      value: types.octetsOrOff,
      defaultText: 'off',
      help: 'What one allocation may carry in a second, each way by itself, or `off`. More is dropped.',
    }),
    relayBudget: withDefault({
      value: types.octetsOrOff,
      defaultText: 'off',
      help: 'What the relay may send in a calendar month (UTC), such as 500GB. Beyond it nobody new is relayed; calls under way go on.',
    }),
  },
  Rooms: {
    maxParticipants: withDefault({
      value: types.integerBetween(2, 100, 'the number of participants'),
      defaultText: '8',
      help: 'How many people a room holds. Everybody sends to everybody: beyond 8 it takes good networks.',
    }),
    grace: withDefault({
      value: types.integerBetween(1, 3_600, 'the number of seconds'),
      defaultText: '15',
      help: 'Seconds for which the place of somebody whose connection was lost is kept. Who leaves or closes the page is gone at once.',
    }),
    allowOrigin: repeatable({
      value: types.originPattern,
      help: 'Let pages of this origin use the signaling here, besides those of our own host, by whatever port, and of the person’s own machine. `*` lets all.',
    }),
    noLegacy: onOff({
      help: 'Do not answer pages in signalmaster’s protocol. Otherwise pages made with SimpleWebRTC 2.1 to 3.1 meet all others in the rooms of this server.',
    }),
  },
  'Several machines': {
    roles: withDefault({
      value: types.roleList,
      defaultText: 'turn,signaling,web',
      help: 'Which parts run here: any of turn, signaling and web, separated by commas.',
    }),
    signalingUrl: optional({
      value: types.httpBase,
      help: 'Where the pages find signaling, if it runs elsewhere: with its path, if it has a `base-path`.',
    }),
    iceServer: repeatable({
      value: relayTypes.foreignIceServer,
      isSecret: true,
      help: 'A STUN or TURN server of others that guests are told of beside our own, or alone where the relay does not run here. `turn:` wants `username` and `credential`, or `secret` and perhaps `expiry` in seconds: turn:relay.example:3478?transport=udp&secret=north&expiry=3600. What is no letter or digit there is percent-encoded.',
    }),
    turnOrigin: repeatable({
      value: types.httpOrigin,
      help: 'Give credentials for relays to pages of these origins only, besides our own. Without it: to all who may use the signaling.',
    }),
    turnUrl: repeatable({
      value: types.iceUrl,
      help: 'Where guests find the relay, if it runs elsewhere. The order is kept; the relay must know the same `turn-secret`.',
    }),
  },
  Certificate: {
    domain: repeatable({
      value: types.domainName,
      help: 'A name of this machine in the DNS. Unless `cert` is given, a certificate for it is obtained from the authority of `acme-directory`, and renewed; with this you agree to the terms of service of that authority.',
    }),
    acme: onOff({
      help: 'Obtain a certificate for `public-address` too, so that no domain is needed. With this you agree to the terms of service of the authority.',
    }),
    acmeDirectory: withDefault({
      value: types.httpsUrl,
      defaultText: 'https://acme-v02.api.letsencrypt.org/directory',
      help: 'The certificate authority, by the address of its ACME directory (RFC 8555). The default is Let’s Encrypt.',
    }),
    acmeEmail: optional({
      value: types.emailAddress,
      help: 'Where the certificate authority may write to about trouble with the certificate.',
    }),
    acmeEabKid: optional({
      value: types.keyName,
      help: 'By which name the certificate authority knows you, where it serves known customers only (external account binding, RFC 8555 §7.3.4).',
    }),
    acmeEabKey: optional({
      value: types.base64urlKey,
      isSecret: true,
      help: 'The key that goes with `acme-eab-kid`, in base64url as the certificate authority shows it. Needed until there is an account; that is kept in the data directory.',
    }),
    cert: optional({
      value: types.readableFile,
      help: 'Certificate that browsers trust, with its chain, in PEM. It may be replaced while the program runs.',
    }),
    key: optional({
      value: types.readableFile,
      help: 'Private key of `cert`, in PEM.',
    }),
    keyPassphrase: optional({
      value: types.secret,
      isSecret: true,
      help: 'What opens `key`, if it is encrypted.',
    }),
  },
  Program: {
    dataDir: withDefault({
      value: types.path,
      defaultText: 'callbox-data',
      help: 'Directory for the certificate, the rooms and the secrets that outlive a restart. Made if missing, readable by its owner only, and used by one server at a time.',
    }),
    noQr: onOff({ help: 'Draw no QR code of the address at the start. One is drawn on a terminal only.' }),
    logLevel: withDefault({
      value: types.logLevel,
      defaultText: 'info',
      help: 'How much is reported: error, warn, info or debug.',
    }),
    logFile: optional({
      value: types.path,
      help: 'Write reports to this file, at its end, in place of stderr. SIGHUP opens it anew, for whoever has moved it away.',
    }),
  },
} as const;

/** All options by name, whatever their group. */
export const optionTable = {
  ...optionGroups['Addresses and ports'],
  ...optionGroups['Behind a proxy'],
  ...optionGroups.Relay,
  ...optionGroups['Limits of the relay'],
  ...optionGroups.Rooms,
  ...optionGroups['Several machines'],
  ...optionGroups.Certificate,
  ...optionGroups.Program,
} as const;

export type OptionName = keyof typeof optionTable;
