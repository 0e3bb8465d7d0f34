export type {
  IceRequest,
  Logger,
  SignalingServer,
  SignalingServerOptions,
} from './gateway/signaling-server-options.ts';
