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
import { firstOfferSchema, peerMessageEventSchema, peerMessageRequestSchema } from './peer-message.ts';
import { roomNameSchema } from './room-name.ts';
import {
  receivedUpToSchema,
  requestNumberSchema,
  seatClaimSchema,
  seatSchema,
  seatTokenSchema,
  type Numbering,
} from './seat.ts';

// A request is an event with one object and an acknowledgement; the answer is either what was asked for or a refusal. One
// with a number has no acknowledgement: its answer is a notice, so that it can be given again after a lost connection.

const versionSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
/** Sent in socket.io's `auth` when the connection opens: the oldest and the newest version that the client speaks. */
export const handshakeSchema = v.object({ version: versionSchema, upTo: v.exactOptional(versionSchema) });
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
  /** To keep the seat when the connection ends. Without it the participant leaves with the connection. */
  seat: v.exactOptional(seatClaimSchema),
  /**
   * The token of a seat that this client had and cannot resume, as a page that was reloaded: its owner comes again with this
   * join, the same participant with connections that are all new. A connection that still has that seat is closed.
   */
  replaces: v.exactOptional(seatTokenSchema),
  /**
   * An offer of generation 0 for one of those inside, whoever that is: the server passes it on together with the news that
   * this participant has come, and says in `offeredTo` to whom. So nobody waits for the reply to be read first.
   */
  offer: v.exactOptional(firstOfferSchema),
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
  /** Names this life of the room: another value after a rejoin means that the room has started afresh. */
  roomId: v.exactOptional(v.string()),
  /** To one who claimed a seat, from a server that keeps seats. */
  seat: v.exactOptional(seatSchema),
  /** Who has the offer that came with the request. Without it nobody has. */
  offeredTo: v.exactOptional(participantIdSchema),
});

export const resumeRequestSchema = v.object({
  room: v.string(),
  seat: seatClaimSchema,
  /** The last numbered notice that has arrived. */
  receivedUpTo: receivedUpToSchema,
});
/** What happened meanwhile follows as notices, in order. */
export const resumeReplySchema = v.object({
  room: roomNameSchema,
  self: participantSchema,
  ice: iceGrantSchema,
  maxParticipants: v.number(),
  instanceId: v.string(),
  roomId: v.string(),
  seat: seatSchema,
});

export const leaveRequestSchema = v.object({
  /** The page goes away and cannot tell whether another follows: the seat is kept for a moment, for `replaces`. */
  mayReturn: v.exactOptional(v.boolean()),
});

export const probeRequestSchema = v.object({ receivedUpTo: v.exactOptional(receivedUpToSchema) });

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
  /** The page of this participant went away. The same id may come in again within some seconds: it was a reload. */
  mayReturn: v.exactOptional(v.boolean()),
});

export const participantNamedSchema = v.object({ id: participantIdSchema });

/** The answer to a numbered request; its value is as the reply of that request says. */
export const numberedAnswerSchema = v.object({
  request: requestNumberSchema,
  answer: v.variant('ok', [
    v.object({ ok: v.literal(true), value: v.unknown() }),
    v.object({ ok: v.literal(false), error: refusalSchema }),
  ]),
});

/** Requests, by event name: what is sent and what comes back. */
export const requests = {
  'room-peek': { request: peekRequestSchema, reply: peekReplySchema },
  'room-join': { request: joinRequestSchema, reply: joinReplySchema },
  'room-resume': { request: resumeRequestSchema, reply: resumeReplySchema },
  'room-leave': { request: leaveRequestSchema, reply: emptySchema },
  'participant-update': { request: updateRequestSchema, reply: participantSchema },
  'peer-message-send': { request: peerMessageRequestSchema, reply: emptySchema },
  'chat-send': { request: chatRequestSchema, reply: chatMessageSchema },
  'ice-renew': { request: emptySchema, reply: iceGrantSchema },
  probe: { request: probeRequestSchema, reply: emptySchema },
} as const;
export type RequestName = keyof typeof requests;

/** The requests that one with a seat may number, so that each is carried out once whatever becomes of the connection. */
export const numberedRequests = ['participant-update', 'peer-message-send', 'chat-send'] as const;
export type NumberedRequestName = (typeof numberedRequests)[number];

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
  /** The server has not heard of somebody for a while. Media between the two of you may be well. */
  'participant-reconnecting': participantNamedSchema,
  'participant-returned': participantNamedSchema,
  'peer-message': peerMessageEventSchema,
  chat: chatMessageSchema,
  /** Other ICE servers, or the same with new credentials. */
  'ice-servers': iceGrantSchema,
  /** A message that could not be answered, for it had no acknowledgement. */
  refused: refusalSchema,
  answer: numberedAnswerSchema,
  /** Another connection has claimed this seat. The connection ends; its owner does not resume. */
  'seat-taken': emptySchema,
  /** The server goes away for a moment: come back at once. */
  'server-restarting': emptySchema,
} as const;
export type NoticeName = keyof typeof notices;
export type NoticeOf<TName extends NoticeName> = v.InferOutput<(typeof notices)[TName]>;

/** The answer to a request. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Refusal };

/** Event map of what a client sends, for socket.io's generics. Numbered requests have a `Numbering` for the answer. */
export type ClientToServerEvents = {
  [TName in RequestName]: (
    request: RequestOf<TName>,
    answer: TName extends NumberedRequestName
      ? Numbering | ((answer: Answer<ReplyOf<TName>>) => void)
      : (answer: Answer<ReplyOf<TName>>) => void,
  ) => void;
};
/** Event map of what the server sends, for socket.io's generics. */
export type ServerToClientEvents = {
  [TName in NoticeName]: (notice: NoticeOf<TName>, numbering?: Numbering) => void;
};

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
