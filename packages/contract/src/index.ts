/** The signaling contract: schemas, the types made from them, limits and error codes. Shared by server and client. */
export { CONTRACT_VERSION, OLDEST_CONTRACT_VERSION, SIGNALING_PATH } from './version.ts';
export { limits } from './limits.ts';
export {
  errorCodes,
  errorCodeSchema,
  refusalSchema,
  resumeRefusalReasons,
  type ErrorCode,
  type Refusal,
  type ResumeRefusalReason,
} from './error-code.ts';
export { parseWith, type Parsed } from './parse.ts';
export { createRoomName, parseRoomName, roomNameSchema, type RoomName } from './room-name.ts';
export { displayNameSchema } from './display-name.ts';
export {
  mediaStateSchema,
  participantIdSchema,
  participantSchema,
  remoteParticipantSchema,
  type MediaState,
  type Participant,
  type ParticipantId,
  type RemoteParticipant,
} from './participant.ts';
export {
  peerMessageSchema,
  trackMidsSchema,
  type FirstOffer,
  type PeerMessage,
  type TrackMids,
} from './peer-message.ts';
export { chatMessageSchema, type ChatMessage } from './chat.ts';
export { isShallow } from './is-shallow.ts';
export { iceGrantSchema, iceServerSchema, type IceGrant, type IceServer } from './ice-server.ts';
export {
  answerSchema,
  handshakeSchema,
  isRequestName,
  notices,
  numberedRequests,
  requests,
  type Answer,
  type ClientToServerEvents,
  type Handshake,
  type NoticeName,
  type NoticeOf,
  type NumberedRequestName,
  type ParsedRequestOf,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  type ServerToClientEvents,
} from './events.ts';
export {
  numberingSchema,
  seatClaimSchema,
  seatSchema,
  seatTokenSchema,
  type Numbering,
  type Seat,
  type SeatClaim,
} from './seat.ts';
