export type {
  Logger,
  RelayAddress,
  TurnServer,
  TurnServerOptions,
  TurnStream,
} from './server/turn-server-options.ts';
