/** The signaling server: rooms, and the socket.io gateway to them. */
export { createSignalingServer } from './gateway/create-signaling-server.ts';
export type {
  Approach,
  IceRequest,
  Logger,
  Presence,
  SignalingServer,
  SignalingServerOptions,
} from './gateway/signaling-server-options.ts';
