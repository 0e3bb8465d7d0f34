import * as v from 'valibot';
import { chatMessageSchema, chatRequestSchema } from './chat.ts';
import { displayNameSchema } from './display-name.ts';
import { refusalSchema, type Refusal } from './error-code.ts';
import { iceGrantSchema } from './ice-server.ts';
import {
  mediaStateSchema,
  participantIdSchema,
  participantSchema,
  remoteParticipantSchema,
} from './participant.ts';
import { peerMessageEventSchema, peerMessageRequestSchema } from './peer-message.ts';
import { roomNameSchema } from './room-name.ts';

// A request is an event with one object and an acknowledgement; the answer is either what was asked for or a refusal.

/** Sent in socket.io's `auth` when the connection opens. */
export const handshakeSchema = v.object({ version: v.pipe(v.number(), v.integer(), v.minValue(1)) });
export type Handshake = v.InferOutput<typeof handshakeSchema>;

export const peekRequestSchema = v.object({ room: v.string() });
/** Who is inside a room, for one who has not come in yet. */
export const peekReplySchema = v.object({
  room: roomNameSchema,
  displayNames: v.array(v.string()),
  maxParticipants: v.number(),
});

export const joinRequestSchema = v.object({
  room: v.string(),
  displayName: displayNameSchema,
  media: mediaStateSchema,
});
export const joinReplySchema = v.object({
  room: roomNameSchema,
  self: participantSchema,
  participants: v.array(remoteParticipantSchema),
  chat: v.array(chatMessageSchema),
  ice: iceGrantSchema,
  maxParticipants: v.number(),
  /** Names this run of the server: another value after a reconnection means that it was started anew. */
  instanceId: v.string(),
});

export const updateRequestSchema = v.object({
  displayName: v.exactOptional(displayNameSchema),
  media: v.exactOptional(mediaStateSchema),
});
export const emptySchema = v.object({});

export const participantJoinedSchema = remoteParticipantSchema;
export const participantUpdatedSchema = participantSchema;
export const participantLeftSchema = v.object({
  id: participantIdSchema,
  /** `left`: by choice. `disconnected`: the connection to the server was lost. */
  reason: v.picklist(['left', 'disconnected']),
});

/** Requests, by event name: what is sent and what comes back. */
export const requests = {
  'room-peek': { request: peekRequestSchema, reply: peekReplySchema },
  'room-join': { request: joinRequestSchema, reply: joinReplySchema },
  'room-leave': { request: emptySchema, reply: emptySchema },
  'participant-update': { request: updateRequestSchema, reply: participantSchema },
  'peer-message-send': { request: peerMessageRequestSchema, reply: emptySchema },
  'chat-send': { request: chatRequestSchema, reply: chatMessageSchema },
  'ice-renew': { request: emptySchema, reply: iceGrantSchema },
} as const;
export type RequestName = keyof typeof requests;

const requestNames: ReadonlySet<string> = new Set(Object.keys(requests));
/** Tells whether an event name that came from outside is a request of this contract. */
export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && requestNames.has(name);
}

export type RequestOf<TName extends RequestName> = v.InferInput<(typeof requests)[TName]['request']>;
export type ParsedRequestOf<TName extends RequestName> = v.InferOutput<(typeof requests)[TName]['request']>;
export type ReplyOf<TName extends RequestName> = v.InferOutput<(typeof requests)[TName]['reply']>;

/** What the server says unasked, by event name. */
export const notices = {
  'participant-joined': participantJoinedSchema,
  'participant-updated': participantUpdatedSchema,
  'participant-left': participantLeftSchema,
  'peer-message': peerMessageEventSchema,
  chat: chatMessageSchema,
  /** Other ICE servers, or the same with new credentials. */
  'ice-servers': iceGrantSchema,
  /** A message that could not be answered, for it had no acknowledgement. */
  refused: refusalSchema,
} as const;
export type NoticeName = keyof typeof notices;
export type NoticeOf<TName extends NoticeName> = v.InferOutput<(typeof notices)[TName]>;

/** The answer to a request. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Refusal };

/** Event map of what a client sends, for socket.io's generics. */
export type ClientToServerEvents = {
  [TName in RequestName]: (
    request: RequestOf<TName>,
    answer: (answer: Answer<ReplyOf<TName>>) => void,
  ) => void;
};
/** Event map of what the server sends, for socket.io's generics. */
export type ServerToClientEvents = { [TName in NoticeName]: (notice: NoticeOf<TName>) => void };

/** The schema of a request's answer, for the side that receives it. */
export function answerSchema<TName extends RequestName>(
  name: TName,
): v.GenericSchema<unknown, Answer<ReplyOf<TName>>> {
  return answerSchemaOf<ReplyOf<TName>>(requests[name].reply);
}

function answerSchemaOf<TReply>(
  reply: v.GenericSchema<unknown, TReply>,
): v.GenericSchema<unknown, Answer<TReply>> {
  return v.variant('ok', [
    v.object({ ok: v.literal(true), value: reply }),
    v.object({ ok: v.literal(false), error: refusalSchema }),
  ]);
}
