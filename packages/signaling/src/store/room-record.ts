import {
  chatMessageSchema,
  notices,
  parseWith,
  participantIdSchema,
  participantSchema,
  peerMessageSchema,
  refusalSchema,
  type Parsed,
  type Participant,
  type ParticipantId,
} from '@callbox/contract';
import * as v from 'valibot';
import type { Notice } from '../rooms/notice.ts';
import type { RoomFact } from '../rooms/room-fact.ts';
import { emptyRoom, type Member, type PartedMember, type RoomState } from '../rooms/room-state.ts';

/**
 * What the lines of a journal mean: their form, and what facts do to the numbers of notices. A build that would read the
 * lines of an older one otherwise adds one, and says how it reads those.
 */
export const journalVersion = 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const request = v.exactOptional(count);

const factSchema: v.GenericSchema<unknown, RoomFact> = v.variant('kind', [
  v.object({
    kind: v.literal('participant-joined'),
    participant: participantSchema,
    opens: v.exactOptional(v.string()),
    seat: v.exactOptional(v.object({ tokenHash: v.string(), connection: count })),
  }),
  v.object({ kind: v.literal('participant-updated'), participant: participantSchema, request }),
  v.object({
    kind: v.literal('participant-left'),
    id: participantIdSchema,
    reason: v.picklist(['left', 'disconnected']),
  }),
  v.object({ kind: v.literal('participant-parted'), id: participantIdSchema }),
  v.object({
    kind: v.literal('participant-rejoined'),
    participant: participantSchema,
    seat: v.object({ tokenHash: v.string(), connection: count }),
  }),
  v.object({ kind: v.literal('participant-forgotten'), id: participantIdSchema }),
  v.object({ kind: v.literal('participant-removed'), id: participantIdSchema }),
  v.object({ kind: v.literal('participant-reconnecting'), id: participantIdSchema }),
  v.object({ kind: v.literal('chat-taken'), message: chatMessageSchema, request }),
  v.object({
    kind: v.literal('peer-message-passed'),
    from: participantIdSchema,
    to: participantIdSchema,
    message: peerMessageSchema,
    request,
  }),
  v.object({
    kind: v.literal('request-answered'),
    id: participantIdSchema,
    request: count,
    answer: v.variant('ok', [
      v.object({ ok: v.literal(true), value: v.unknown() }),
      v.object({ ok: v.literal(false), error: refusalSchema }),
    ]),
  }),
  v.object({
    kind: v.literal('seat-claimed'),
    id: participantIdSchema,
    connection: count,
    receivedUpTo: v.nullable(count),
    isReturn: v.boolean(),
  }),
  v.object({ kind: v.literal('notices-received'), id: participantIdSchema, upTo: count }),
  v.object({ kind: v.literal('room-locked'), isLocked: v.boolean() }),
  v.object({ kind: v.literal('server-restarted'), atMs: count }),
]);

const seatSchema = v.object({
  tokenHash: v.string(),
  connection: count,
  requestsUpTo: count,
  noticesUpTo: count,
  acknowledgedUpTo: count,
  lostUpTo: count,
  outbox: v.array(
    v.object({
      number: count,
      notice: v.custom<Notice>(isNotice, 'not a notice'),
      characters: count,
    }),
  ),
  outboxCharacters: count,
});

const memberSchema: v.GenericSchema<unknown, Member> = v.object({
  participant: participantSchema,
  lastChat: v.nullable(chatMessageSchema),
  seat: v.nullable(seatSchema),
  isReconnecting: v.boolean(),
});

const partedSchema: v.GenericSchema<unknown, PartedMember> = v.object({
  participant: participantSchema,
  lastChat: v.nullable(chatMessageSchema),
  tokenHash: v.string(),
});

const stateSchema = v.object({
  journal: v.literal(journalVersion),
  id: v.nullable(v.string()),
  members: v.array(memberSchema),
  parted: v.exactOptional(v.array(partedSchema), []),
  chat: v.array(chatMessageSchema),
  isLocked: v.boolean(),
  removed: v.array(v.string()),
  gone: v.array(v.string()),
});

function isNotice(input: unknown): boolean {
  const notice = parseWith(v.object({ name: v.string(), body: v.unknown() }), input);
  if (!notice.ok) return false;
  const { name, body } = notice.value;
  const schema = Object.entries(notices).find(([known]) => known === name)?.[1];
  return schema !== undefined && parseWith(schema, body).ok;
}

/** The whole room as one line: the first of its lines. */
export function writeState(room: RoomState): string {
  const { parted, members, ...rest } = room;
  return JSON.stringify({
    journal: journalVersion,
    ...rest,
    members: [...members.values()],
    ...(parted.size > 0 && { parted: [...parted.values()] }),
  });
}

export function writeFact(fact: RoomFact): string {
  return JSON.stringify(fact);
}

export function readState(line: string): Parsed<RoomState> {
  const parsed = readLine(stateSchema, line);
  if (!parsed.ok) return parsed;
  const { journal: _version, members, parted, ...rest } = parsed.value;
  const value = { ...emptyRoom, ...rest, members: byId(members), parted: byId(parted) };
  return { ok: true, value };
}

export function readFact(line: string): Parsed<RoomFact> {
  return readLine(factSchema, line);
}

function byId<T extends { readonly participant: Participant }>(entries: readonly T[]): Map<ParticipantId, T> {
  return new Map(entries.map((entry) => [entry.participant.id, entry]));
}

function readLine<T>(schema: v.GenericSchema<unknown, T>, line: string): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  return parseWith(schema, value);
}
