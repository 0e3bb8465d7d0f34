import { limits, type ParticipantId, type PeerMessage } from '@callbox/contract';
import { createConnectionNames, type ConnectionNames } from './connection-names.ts';
import { fieldsOf, type OldMessage } from './old-message.ts';

/** What an old page is told. */
export interface OldEvent {
  readonly name: 'message' | 'remove';
  readonly body: Readonly<Record<string, unknown>>;
}

/** Translates between one old page and the participants that speak our contract. */
export interface Translator {
  /** What an old page tells `other`, or null where it means nothing to ours. */
  toOurs(other: ParticipantId, message: OldMessage): PeerMessage | null;
  /** What `other`, who is called `nick`, tells the old page. */
  toOld(other: ParticipantId, message: PeerMessage, nick: string): readonly OldEvent[];
  /** `other` has gone. */
  forget(other: ParticipantId): void;
}

/** Types of messages by which connections are made: no page may invent them. */
const connectionTypes: ReadonlySet<string> = new Set(['offer', 'answer', 'candidate', 'endOfCandidates']);

/** @param self the old page's own id. */
export function createTranslator(self: ParticipantId): Translator {
  const names = new Map<ParticipantId, ConnectionNames>();

  function namesOf(other: ParticipantId): ConnectionNames {
    const known = names.get(other) ?? createConnectionNames();
    names.set(other, known);
    return known;
  }

  /** Whose screen a message is about, if about any. Who asks for a screen names nobody. */
  function screenOf(other: ParticipantId, { roomType, broadcaster }: OldMessage): ParticipantId | undefined {
    if (roomType !== 'screen') return undefined;
    return broadcaster === self ? self : other;
  }

  /** The fields that every message to the old page has. */
  function head(other: ParticipantId, whose?: ParticipantId) {
    return {
      to: self,
      from: other,
      roomType: whose === undefined ? 'video' : 'screen',
      prefix: 'webkit',
      ...(whose === other && { broadcaster: other }),
    };
  }

  /** A screen that is neither side's is not between them. */
  function isBetween(other: ParticipantId, whose: ParticipantId | undefined): boolean {
    return whose === undefined || whose === other || whose === self;
  }

  return {
    toOurs(other, message) {
      const { type, sid, payload } = message;
      if (typeof type !== 'string') return null;
      if (!connectionTypes.has(type)) return toApp(type, payload);
      const whose = screenOf(other, message);
      const place = whose === undefined ? {} : { screenOf: whose };
      const purpose = whose ?? 'person';
      const name = typeof sid === 'string' ? sid : '';
      const known = namesOf(other);
      if (type === 'offer' || type === 'answer') {
        const { sdp } = fieldsOf(payload);
        if (typeof sdp !== 'string' || sdp.length > limits.sdpLength) return null;
        const generation =
          type === 'offer' ? known.offeredByOld(purpose, name) : known.numberOf(purpose, name);
        return generation === null ? null : { kind: 'description', generation, type, sdp, ...place };
      }
      const generation = known.numberOf(purpose, name);
      if (generation === null) return null;
      if (type === 'endOfCandidates') return { ...toCandidate({ candidate: '' }), generation, ...place };
      const inner = fieldsOf(fieldsOf(payload)['candidate']);
      return typeof inner['candidate'] === 'string' ? { ...toCandidate(inner), generation, ...place } : null;
    },

    toOld(other, message, nick) {
      switch (message.kind) {
        case 'description': {
          const { type, sdp, generation, screenOf: whose } = message;
          if (!isBetween(other, whose)) return [];
          const known = namesOf(other);
          const purpose = whose ?? 'person';
          const offered = type === 'offer' ? known.offeredByOurs(purpose, generation) : null;
          const sid = offered?.name ?? known.nameOf(purpose, generation);
          if (sid === null) return [];
          const fields = { ...head(other, whose), sid };
          const payload = { type, sdp, ...(nick !== '' && { nick }) };
          const told: OldEvent = { name: 'message', body: { ...fields, type, payload } };
          // An old page keeps the connection it has beside a new one, unless it is told that it has ended.
          const end: OldEvent = { name: 'remove', body: { id: other, type: fields.roomType } };
          return offered?.replaces === true ? [end, told] : [told];
        }
        case 'candidate': {
          const { candidate, sdpMid, sdpMLineIndex, generation, screenOf: whose } = message;
          if (!isBetween(other, whose)) return [];
          const sid = namesOf(other).nameOf(whose ?? 'person', generation);
          // Old pages make an error of the end of candidates, and need it for nothing.
          if (sid === null || candidate === '') return [];
          const payload = { candidate: { candidate, sdpMid, sdpMLineIndex } };
          return [{ name: 'message', body: { ...head(other, whose), sid, type: 'candidate', payload } }];
        }
        case 'app': {
          const { type, payload } = message;
          if (connectionTypes.has(type)) return [];
          return [{ name: 'message', body: { ...head(other), type, payload } }];
        }
        case 'rebuild':
        default:
          return [];
      }
    },

    forget: (other) => void names.delete(other),
  };
}

function toApp(type: string, payload: unknown): PeerMessage | null {
  if (type === '' || type.length > limits.idLength) return null;
  return { kind: 'app', type, ...(payload !== undefined && { payload }) };
}

function toCandidate(inner: Readonly<Record<string, unknown>>) {
  const { candidate, sdpMid, sdpMLineIndex } = inner;
  return {
    kind: 'candidate',
    candidate: typeof candidate === 'string' ? candidate : '',
    sdpMid: typeof sdpMid === 'string' && sdpMid !== '' ? sdpMid : null,
    sdpMLineIndex: typeof sdpMLineIndex === 'number' ? sdpMLineIndex : null,
    usernameFragment: null,
  } as const;
}
