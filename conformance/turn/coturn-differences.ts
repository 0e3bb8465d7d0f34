import type { KnownDifference } from './known-difference.ts';

/** Where coturn 4.6.1, Debian's, answers otherwise than the suite asks, and why the suite does not follow it. */
export const COTURN_DIFFERENCES: readonly KnownDifference[] = [
  // Authentication
  {
    caseId: 'auth.behind-integrity',
    does: 'reads attributes behind MESSAGE-INTEGRITY',
    failure: "expected 'success' to be 'error 400'",
    why: 'Nobody signed them: whoever is on the path could add a peer to a request.',
  },
  {
    caseId: 'auth.errors-signed',
    does: 'leaves a 437 unsigned',
    failure: "unsigned: expected 'error 437' to be ''",
    why: 'A client could be made to give up its allocation by anybody who can forge a datagram.',
  },
  {
    caseId: 'auth.username-too-long',
    does: 'answers 401',
    failure: "expected 'error 401' to be 'error 400'",
    why: 'What cannot be a name is malformed, and no second try will help.',
  },
  {
    caseId: 'auth.realm-too-long',
    does: 'answers 437',
    failure: "expected 'error 437' to be 'error 400'",
    why: 'There is no allocation to mismatch; to Chrome a 437 says that it should open another socket.',
  },
  {
    caseId: 'auth.realm-empty',
    does: 'answers 437',
    failure: "expected 'error 437' to be 'error 400'",
    why: 'As above.',
  },

  // Allocate
  {
    caseId: 'allocate.other-transport',
    does: 'answers 400',
    failure: "expected 'error 400' to be 'error 442'",
    why: 'The request is well formed; 442 tells what is wrong with it.',
  },
  {
    caseId: 'allocate.tcp-relay',
    transports: ['tcp'],
    does: 'gives a TCP relay',
    failure: "to include 'success'",
    why: 'No browser asks for one, and it would let users reach TCP services.',
  },
  // It does not know ADDITIONAL-ADDRESS-FAMILY by the number that RFC 8656 has given it.
  {
    caseId: 'allocate.both-families',
    does: 'gives an IPv4 relay alone',
    failure: 'expected [ 4 ] to deeply equal [ 4, 6 ]',
    why: 'RFC 8656 §7.2.',
  },
  {
    caseId: 'allocate.no-additional-ipv6',
    does: 'gives an IPv4 relay and says nothing of the other',
    failure: 'expected ADDRESS-ERROR-CODE, it is absent',
    why: 'RFC 8656 §7.2.',
  },
  {
    caseId: 'allocate.both-family-attributes',
    does: 'takes both',
    failure: "expected 'success' to be 'error 400'",
    why: 'RFC 8656 §7.2.',
  },
  {
    caseId: 'allocate.additional-ipv4',
    does: 'takes it',
    failure: "expected 'success' to be 'error 400'",
    why: 'RFC 8656 §7.2.',
  },
  {
    caseId: 'allocate.unknown-token',
    does: 'answers 404',
    failure: "expected 'error 404' to be 'error 508'",
    why: 'TURN has no 404.',
  },

  // Refresh: a deleted allocation stays until a timer comes round, and a Refresh until then revives it.
  {
    caseId: 'refresh.delete',
    does: 'revives the allocation',
    failure: "expected 'success' to be 'error 437'",
    why: 'Deleted is deleted: a late packet must not bring a relay back.',
  },
  {
    caseId: 'refresh.delete-retransmitted',
    does: 'deletes again',
    failure: "expected 'success' to be 'error 437'",
    why: 'As above.',
  },
  {
    caseId: 'refresh.delete-stops-relay',
    does: 'has the old allocation still',
    failure: "expected 'error 437' to be 'success'",
    why: 'As above.',
  },
  {
    caseId: 'refresh.allocate-after-delete',
    does: 'has the old allocation still',
    failure: "expected 'error 437' to be 'success'",
    why: 'As above.',
  },

  // Permissions and channels
  {
    caseId: 'permission.malformed-peer',
    does: 'answers 403',
    failure: "expected 'error 403' to be 'error 400'",
    why: 'A peer that cannot be read is not a peer that is forbidden.',
  },
  {
    caseId: 'permission.no-allocation',
    does: 'answers 400',
    failure: "expected 'error 400' to be 'error 437'",
    why: 'RFC 8656 §5: 437 is what tells a client that its allocation is gone.',
  },
  {
    caseId: 'channel.no-allocation',
    does: 'answers 400',
    failure: "expected 'error 400' to be 'error 437'",
    why: 'As above.',
  },

  // Relaying
  {
    caseId: 'send.first-peer-counts',
    does: 'sends to the second peer',
    failure: "expected 'lost' to be 'behind it'",
    why: 'RFC 8489 §14: of a repeated attribute the first counts.',
  },
  {
    caseId: 'send.port-zero',
    does: 'relays nothing any more on that allocation',
    failure: 'expected the payload behind it, got silence',
    why: 'One useless datagram must not end a call.',
  },
  {
    caseId: 'stream.channel-data-padding',
    transports: ['tcp'],
    does: 'pads with what its buffer held before',
    failure: "to be '0 0 0'",
    why: "The octets may be another client's.",
  },

  // Streams
  {
    caseId: 'stream.desync',
    transports: ['tcp'],
    does: 'keeps the stream open',
    failure: "expected 'still open' to be 'ended'",
    why: 'Nothing on it can be understood any more.',
  },
  {
    caseId: 'stream.wrong-cookie',
    transports: ['tcp'],
    does: 'keeps the stream open',
    failure: "expected 'still open' to be 'ended'",
    why: 'As above.',
  },

  // Its own addresses
  {
    caseId: 'own.listener-bind',
    does: 'binds a channel to its own listener',
    failure: "expected 'success' to be 'error 403'",
    why: 'A relay to the listener is a loop, and a way to be somebody else to the server.',
  },
  {
    caseId: 'own.listener-send',
    does: 'talks to itself through the relay',
    failure: "expected [ { kind: 'message', …(1) } ] to deeply equal []",
    why: 'As above.',
  },
  {
    caseId: 'own.foreign-socket',
    does: 'relays to any socket on its own relay address',
    failure: 'to deeply equal []',
    why: "Other programs of the machine are not peers; our clients' relays are joined inside the server.",
  },
];
