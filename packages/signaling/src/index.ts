/** The signaling server: rooms, and the socket.io gateway to them. */
export { createSignalingServer } from './gateway/create-signaling-server.ts';
export type { Notice } from './rooms/notice.ts';
export type { RequestOptions, Session, Visitor } from './gateway/session.ts';
export type { RoomJournal } from './store/room-journal.ts';
export type {
  Approach,
  IceRequest,
  Logger,
  Presence,
  SignalingServer,
  SignalingServerOptions,
} from './gateway/signaling-server-options.ts';
export { guardConnection } from './gateway/guard-connection.ts';
export { messageAllowance, type MessageAllowance, type MessageMeter } from './gateway/message-meter.ts';
