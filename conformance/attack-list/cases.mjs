/**
 * The list of attacks: what strangers, guests and peers may try, what has to come of it, and the tests that prove it.
 * `tools/check-attack-list.mjs` holds it against the results of a whole `npm test`: each test named here has to be there and to have passed.
 *
 * @typedef {object} AttackCase
 * @property {string} id P: peers, A: authentication, F: floods and exhaustion, L: isolation, B: mistakes of other servers.
 * @property {string} what
 * @property {string} expected
 * @property {boolean} [refusal] Something is refused or dropped: the same packet without the fault has to succeed.
 * @property {boolean} [control] Proven on control with a fake clock: unit tests whose titles begin with the id, and of a refusal
 *   such that begin with the id and `twin:`.
 * @property {readonly string[]} [unit] Further unit tests: `file: beginning of the title`.
 * @property {readonly string[]} [wire] Cases of the suite over the wire, by their ids, against ours.
 * @property {boolean} [flood] Proven under flood: a test of `floods` whose title begins with the id.
 * @property {readonly string[]} [twin] Of a refusal that control does not decide: the tests in which the packet succeeds, as in
 *   `unit`, or `wire:` and the id of a case.
 */

const both = ['permission.denied', 'permission.denied-ipv6'];
const plane = (title) => `plane/dgram/dgram-plane.test.ts: ${title}`;
const stream = (title) => `transport/stream-client.test.ts: ${title}`;

/** @type {readonly AttackCase[]} */
export const peers = [
  {
    id: 'P1',
    what: 'peer 127.0.0.1, 127.255.255.254',
    expected: '403',
    refusal: true,
    control: true,
    wire: both,
  },
  { id: 'P2', what: 'peer 0.0.0.0, 0.1.2.3', expected: '403', refusal: true, control: true, wire: both },
  { id: 'P3', what: 'peer ::1, ::', expected: '403', refusal: true, control: true, wire: both },
  { id: 'P4', what: 'IPv4 in clothes of IPv6', expected: '403', refusal: true, control: true, wire: both },
  {
    id: 'P5',
    what: '::ffff:10.0.0.1 on an IPv4 relay',
    expected: '443',
    refusal: true,
    control: true,
    wire: ['permission.other-family'],
  },
  { id: 'P6', what: 'metadata, link-local', expected: '403', refusal: true, control: true, wire: both },
  { id: 'P7', what: 'private and special blocks', expected: '403', refusal: true, control: true, wire: both },
  { id: 'P8', what: 'multicast, broadcast', expected: '403', refusal: true, control: true, wire: both },
  {
    id: 'P9',
    what: 'our own services as peers',
    expected: 'ChannelBind 403, packets dropped one by one',
    refusal: true,
    control: true,
    unit: [plane('reaches no service of this machine')],
    wire: ['own.listener-bind', 'own.listener-send'],
  },
  {
    id: 'P10',
    what: 'our relay addresses as peers',
    expected: 'a living allocation is reached, any other socket is not',
    refusal: true,
    control: true,
    unit: [plane('reaches nothing else at 203.0.113.7'), plane('reaches nothing else at 127.0.0.3')],
    wire: ['own.foreign-socket'],
    twin: [plane('joins relays inside, known by their advertised address'), 'wire:send.relay-to-relay'],
  },
  {
    id: 'P11',
    what: 'CreatePermission for good and bad peers',
    expected: '403, none permitted',
    refusal: true,
    control: true,
    wire: ['permission.all-or-nothing'],
  },
  {
    id: 'P12',
    what: 'a denied block that ends within an octet',
    expected: '403',
    refusal: true,
    control: true,
    unit: ['policy/peer-policy.test.ts: compares whole addresses'],
  },
  {
    id: 'P13',
    what: 'Send with two peers, the second permitted',
    expected: 'dropped: the first counts',
    refusal: true,
    wire: ['send.first-peer-counts'],
    twin: ['wire:send.both-ways'],
  },
  {
    id: 'P14',
    what: 'peer port 0',
    expected: 'ChannelBind 400, CreatePermission succeeds',
    refusal: true,
    control: true,
    wire: ['channel.port-zero', 'send.port-zero'],
  },
  {
    id: 'P15',
    what: 'a malformed block in the options',
    expected: 'no start',
    refusal: true,
    unit: [
      'server/resolve-options.test.ts: with a malformed block to allow are refused',
      'server/resolve-options.test.ts: with a malformed block to deny are refused',
    ],
    twin: ['server/resolve-options.test.ts: that are right make a server'],
  },
  {
    id: 'P16',
    what: 'one private network allowed',
    expected: 'that one, and no other',
    refusal: true,
    control: true,
  },
];

/** @type {readonly AttackCase[]} */
export const authentication = [
  {
    id: 'A1',
    what: 'Allocate without MESSAGE-INTEGRITY',
    expected: '401 with REALM and NONCE, small',
    refusal: true,
    control: true,
    wire: ['auth.challenge', 'auth.challenge-small', 'auth.challenge-each-method'],
  },
  {
    id: 'A2',
    what: 'signed, without USERNAME, REALM or NONCE',
    expected: '400, no challenge',
    refusal: true,
    control: true,
    wire: ['auth.missing-username', 'auth.missing-realm', 'auth.missing-nonce'],
  },
  {
    id: 'A3',
    what: 'forged nonce',
    expected: '438',
    refusal: true,
    control: true,
    wire: ['auth.forged-nonce'],
  },
  {
    id: 'A4',
    what: 'nonce of another address',
    expected: '438',
    refusal: true,
    control: true,
    wire: ['auth.foreign-nonce'],
  },
  { id: 'A5', what: 'old nonce', expected: '438', refusal: true, control: true, wire: ['lifetime.nonce'] },
  {
    id: 'A6',
    what: 'wrong password',
    expected: '401',
    refusal: true,
    control: true,
    wire: ['auth.wrong-password'],
  },
  {
    id: 'A7',
    what: 'unknown user',
    expected: '401, as for a wrong password',
    refusal: true,
    control: true,
    unit: ['control/handle-message.test.ts: cannot tell an unknown user from a wrong password'],
    wire: ['auth.unknown-user'],
  },
  {
    id: 'A8',
    what: 'expired credential',
    expected: '401 on Allocate, success on Refresh',
    refusal: true,
    control: true,
    unit: ['control/allocate.test.ts: that have expired still refresh what they made'],
    wire: ['time-limited.expired', 'time-limited.refresh-after-expiry'],
  },
  {
    id: 'A9',
    what: "another user's allocation",
    expected: '441',
    refusal: true,
    control: true,
    wire: ['auth.wrong-user'],
  },
  {
    id: 'A10',
    what: 'another realm',
    expected: '401, on an allocation 441',
    refusal: true,
    control: true,
    wire: ['auth.wrong-realm'],
  },
  {
    id: 'A11',
    what: 'MESSAGE-INTEGRITY of 19 or 21 octets, two of them',
    expected: '400 or a drop',
    refusal: true,
    control: true,
    unit: ['control/handle-message.test.ts: counts the first of two integrities'],
    wire: ['auth.integrity-19', 'auth.integrity-21'],
  },
  {
    id: 'A12',
    what: 'attributes behind MESSAGE-INTEGRITY',
    expected: 'ignored',
    unit: ['control/handle-message.test.ts: ignores what stands behind the integrity'],
    wire: ['auth.behind-integrity'],
  },
  { id: 'A13', what: 'wrong FINGERPRINT', expected: 'dropped', refusal: true, control: true },
  {
    id: 'A14',
    what: 'USERNAME, REALM or NONCE too long or empty',
    expected: '400',
    refusal: true,
    control: true,
    wire: ['auth.username-too-long', 'auth.realm-too-long', 'auth.realm-empty'],
  },
  {
    id: 'A15',
    what: 'a captured Allocate again',
    expected: 'from its address the same success, from another 438',
    refusal: true,
    control: true,
    wire: ['auth.replay-elsewhere', 'allocate.retransmitted'],
  },
  {
    id: 'A16',
    what: 'a captured deletion from elsewhere',
    expected: '438, the allocation lives',
    refusal: true,
    control: true,
    wire: ['auth.delete-elsewhere'],
  },
  {
    id: 'A17',
    what: 'short-term credentials, none at all',
    expected: '400, 401',
    refusal: true,
    control: true,
  },
];

/** @type {readonly AttackCase[]} */
export const floods = [
  {
    id: 'F1',
    what: 'unsigned Allocates from everywhere',
    expected: 'a call and the memory feel nothing',
    flood: true,
    unit: ['control/handle-message.test.ts: makes no state, however often it asks'],
  },
  { id: 'F2', what: 'the same with garbage for MESSAGE-INTEGRITY', expected: 'the same', flood: true },
  {
    id: 'F3',
    what: 'one source, and the same in the name of a victim',
    expected: 'a burst, then a rate; who signs is not delayed',
    refusal: true,
    flood: true,
    unit: ['control/handle-message.test.ts: has answers over UDP rationed by address'],
    twin: [
      'control/handle-message.test.ts: flooding in the name of a user does not delay what the user signs',
    ],
  },
  {
    id: 'F4',
    what: 'Binding requests',
    expected: 'answers of 32 and 44 octets, rationed',
    flood: true,
    unit: ['control/binding.test.ts: is rationed over UDP by address, apart from challenges'],
    wire: ['binding.small'],
  },
  {
    id: 'F5',
    what: 'datagrams that are no messages',
    expected: 'dropped and counted',
    refusal: true,
    control: true,
    flood: true,
    unit: [plane('drops what is neither media nor STUN, and counts it')],
    wire: ['datagram.junk', 'datagram.excess', 'datagram.channel-data-short'],
  },
  {
    id: 'F6',
    what: 'one allocation more than a user may have',
    expected: '486',
    refusal: true,
    control: true,
    wire: ['limit.user-quota', 'limit.quota-isolated'],
  },
  { id: 'F7', what: 'one allocation more than there may be', expected: '486', refusal: true, control: true },
  {
    id: 'F8',
    what: 'no port is left',
    expected: '508, and all can be had again',
    refusal: true,
    control: true,
    wire: ['limit.ports'],
  },
  {
    id: 'F9',
    what: 'EVEN-PORT, RESERVATION-TOKEN',
    expected: 'R=0 honoured without a leak, all else 508',
    refusal: true,
    control: true,
    wire: ['allocate.even-port', 'allocate.reserve-next', 'allocate.unknown-token'],
  },
  {
    id: 'F10',
    what: 'too many permissions, channels',
    expected: '508',
    refusal: true,
    control: true,
    wire: ['limit.permissions', 'limit.channels'],
  },
  {
    id: 'F11',
    what: 'slow streams, long frames',
    expected: 'ended in ten seconds, or at once',
    refusal: true,
    unit: [
      stream('has ten seconds for its first message'),
      stream('has ten seconds in all, not for each octet of its first message'),
      stream('is let go when it announces too long a message'),
    ],
    wire: ['limit.stream-unfinished', 'limit.stream-trickle'],
    twin: ['wire:stream.octet-by-octet', 'wire:stream.large'],
  },
  {
    id: 'F12',
    what: 'idle connections',
    expected: 'ended; a share for each address',
    refusal: true,
    unit: [
      stream('may be silent for a minute, and as long as it likes with an allocation'),
      'port/connection-ledger.test.ts: silent connections of one address are limited more closely',
    ],
    wire: ['limit.stream-silent', 'limit.stream-idle'],
    twin: ['port/connection-ledger.test.ts: one address has its share of connections, and a place again'],
  },
  {
    id: 'F13',
    what: 'a client that does not read',
    expected: 'a bounded queue, the oldest media goes first',
    unit: [
      'transport/outgoing-queue.test.ts: is dropped from its oldest media on when the client does not read',
      'server/turn-server.test.ts: that are never read lose media and cost a bounded queue',
      'transport/outgoing-queue.test.ts: takes no more memory than all clients may take together',
    ],
    wire: ['stream.slow-reader'],
  },
  {
    id: 'F14',
    what: 'a peer without permission sends',
    expected: 'dropped and counted',
    refusal: true,
    unit: [plane('drops packets from peers without a permission, until there is one')],
    wire: ['permission.required-in'],
    twin: ['wire:send.both-ways'],
  },
  {
    id: 'F15',
    what: 'circles of relays',
    expected: 'cut, or kept to the rate',
    unit: [
      plane('are cut where a service of ours would be the peer'),
      plane('are cut where a relay would be the client'),
      plane('keep to the rate where they cannot be seen'),
    ],
  },
  {
    id: 'F16',
    what: 'close and allocate again, a thousand times',
    expected: 'never more than the quota',
    control: true,
    unit: ['control/sweep.test.ts: takes its allocation with it and gives its quota back'],
    wire: ['stream.close-ends-allocation'],
  },
  {
    id: 'F17',
    what: 'LIFETIME of 2^32-1',
    expected: '3600',
    control: true,
    wire: ['refresh.lifetime-4294967295'],
  },
  {
    id: 'F18',
    what: 'a flood of what is worth a line in the log',
    expected: 'a line per source, topic and minute',
    unit: [
      'server/refusal-log.test.ts: a source gets one line per minute and topic',
      'server/refusal-log.test.ts: a flood from everywhere is as many lines per minute',
      'server/logs.test.ts: has one line for the life of an allocation, and none for the normal challenge',
      'server/session-log.test.ts: has a line for each that ends, up to three hundred at once from one source',
    ],
  },
  {
    id: 'F19',
    what: 'one user sends more than his rate',
    expected: 'shaped, others untouched',
    unit: [
      plane('lets what is too much wait, in its order'),
      plane('has all relays of an account share it, and nobody else'),
      plane('counts both directions together'),
    ],
  },
];

/** @type {readonly AttackCase[]} */
export const isolation = [
  {
    id: 'L1',
    what: 'padding',
    expected: 'zeros',
    unit: [plane('carries channels both ways over tcp, padded with zeros')],
    wire: ['auth.padding', 'send.data-padding', 'stream.channel-data-padding'],
  },
  {
    id: 'L2',
    what: 'peers that send what looks like TURN',
    expected: 'relayed as it is',
    unit: [plane('carries octets as they are, even those that look like TURN')],
    wire: ['send.verbatim'],
  },
  {
    id: 'L3',
    what: "another client's channel",
    expected: 'dropped',
    refusal: true,
    unit: [plane('does not let one client use the channel of another')],
    wire: ['channel.foreign'],
    twin: ['wire:channel.both-ways'],
  },
  {
    id: 'L4',
    what: 'an expired channel',
    expected: 'carries nothing; its number is tied to its peer for five minutes',
    refusal: true,
    control: true,
    wire: ['lifetime.channel', 'lifetime.channel-hold'],
  },
  {
    id: 'L5',
    what: 'a second Allocate',
    expected: '437',
    refusal: true,
    control: true,
    wire: ['allocate.twice'],
  },
  {
    id: 'L6',
    what: 'UDP and TCP from one address and port',
    expected: 'two clients',
    unit: ['control/allocate.test.ts: takes UDP and TCP clients of one address and port for two'],
    wire: ['allocate.transports-apart'],
  },
  {
    id: 'L7',
    what: 'guessing relay ports',
    expected: 'uniform',
    unit: ['allocation/port-pool.test.ts: chooses evenly: a thousand first choices of a hundred ports'],
  },
  {
    id: 'L8',
    what: 'SOFTWARE, phrases',
    expected: 'none, the standard ones',
    control: true,
    wire: ['auth.challenge'],
  },
  {
    id: 'L9',
    what: 'methods that are not ours',
    expected: 'dropped',
    refusal: true,
    control: true,
    wire: ['allocate.unknown-method'],
  },
  {
    id: 'L10',
    what: 'published messages with any octet changed',
    expected: 'no throw',
    unit: [
      'stun/src/fuzz.test.ts: published messages with any one bit flipped',
      'server/fuzz.test.ts: never throw in control with any one octet changed, signed or not',
      'control/fuzz.test.ts: that nobody has thought of leave nothing behind',
    ],
  },
];

/** @type {readonly AttackCase[]} */
export const othersMistakes = [
  { id: 'B1', what: 'pion: 400 for a wrong password', expected: '401', wire: ['auth.wrong-password'] },
  {
    id: 'B2',
    what: 'pion: silence without an allocation',
    expected: '437',
    refusal: true,
    control: true,
    wire: ['refresh.no-allocation', 'channel.no-allocation', 'permission.no-allocation'],
  },
  {
    id: 'B3',
    what: 'pion: some of the peers permitted',
    expected: 'all or none',
    wire: ['permission.all-or-nothing'],
  },
  {
    id: 'B4',
    what: 'pion: TCP clients taken for UDP ones',
    expected: 'two clients',
    wire: ['allocate.transports-apart'],
  },
  {
    id: 'B5',
    what: 'pion: EVEN-PORT not held',
    expected: 'an even port',
    unit: ['allocation/port-pool.test.ts: gives even ports to those who ask'],
    wire: ['allocate.even-port'],
  },
  {
    id: 'B6',
    what: 'pion: nonces of others accepted',
    expected: '438',
    unit: [
      'auth/nonce.test.ts: is bound to its client: another address',
      'auth/nonce.test.ts: is bound to its client: another port',
    ],
    wire: ['auth.foreign-nonce'],
  },
  {
    id: 'B7',
    what: 'turn-rs: nonce not looked at',
    expected: '438',
    unit: ['auth/nonce.test.ts: does not hold with any one character changed'],
    wire: ['auth.forged-nonce'],
  },
  { id: 'B8', what: 'turn-rs: 443 for a foreign peer', expected: '403', wire: ['permission.denied'] },
  {
    id: 'B9',
    what: 'turn-rs: the same port for a second Allocate',
    expected: '437',
    wire: ['allocate.twice'],
  },
  {
    id: 'B10',
    what: 'turn-rs: a session per forged packet',
    expected: 'no state',
    unit: ['control/handle-message.test.ts: makes no state, however often it asks'],
  },
  {
    id: 'B11',
    what: 'turn-rs: peers outside the server out of reach',
    expected: 'reached',
    wire: ['send.both-ways', 'channel.both-ways'],
  },
  { id: 'B12', what: 'eturnal: ten permissions, then 508', expected: 'room for a hundred', control: true },
  { id: 'B13', what: 'eturnal: 401 without REALM and NONCE', expected: 'a whole challenge', control: true },
  {
    id: 'B14',
    what: 'node-turn: ChannelBind success unsigned',
    expected: 'signed',
    control: true,
    wire: ['auth.success-signed', 'channel.rebind'],
  },
  {
    id: 'B15',
    what: 'node-turn: LIFETIME never honoured',
    expected: 'honoured',
    unit: ['control/refresh.test.ts: prolongs an allocation that would have ended'],
    wire: ['refresh.lifetime-3000'],
  },
  {
    id: 'B16',
    what: 'node-turn: Refresh without LIFETIME',
    expected: 'the default',
    wire: ['refresh.lifetime-absent'],
  },
  {
    id: 'B17',
    what: 'node-turn: expired allocations keep their sockets',
    expected: 'closed',
    unit: [plane('are closed with their relay'), 'server/turn-server.test.ts: ends allocations in time'],
  },
  {
    id: 'B18',
    what: 'node-turn: nonces remembered without end',
    expected: 'no state',
    unit: ['server/turn-server.test.ts: outlive a restart that keeps the key'],
  },
  {
    id: 'B19',
    what: "node-turn: peers' payload read as ChannelData",
    expected: 'relayed as it is',
    wire: ['send.verbatim'],
  },
  { id: 'B20', what: 'node-turn, galene: no filter of peers', expected: '403', wire: ['permission.denied'] },
  {
    id: 'B21',
    what: 'node-turn, LiveKit: UDP alone, no plain TCP',
    expected: 'UDP, TCP and TLS',
    unit: ['server/turn-server.test.ts: reaches a peer over a channel and is reached over it'],
    wire: ['stream.joined'],
  },
  {
    id: 'B22',
    what: 'firezone: no Send and Data',
    expected: 'both ways',
    unit: [plane('carries Send and Data indications both ways')],
    wire: ['send.both-ways'],
  },
  {
    id: 'B23',
    what: 'LiveKit: one UDP listener',
    expected: 'each address by itself',
    unit: [
      'server/turn-server.test.ts: binds UDP to each address of the machine',
      plane('sends answers from the address that was asked, whichever it was'),
    ],
  },
  {
    id: 'B24',
    what: 'galene: IPv4 alone',
    expected: 'IPv6 clients and relays',
    wire: ['binding.mapped-ipv6', 'allocate.ipv6-requested', 'send.ipv6'],
  },
];

export const attackCases = [...peers, ...authentication, ...floods, ...isolation, ...othersMistakes];
