export { timeLimitedPassword } from './auth/credential-store.ts';
export { probeRelay, type RelayProbe, type RelayProbeOptions } from './client/probe-relay.ts';
export type { RelayProbeStep } from './client/relay-probe-error.ts';
export { parseCidr, type Cidr, type ParsedCidr } from './policy/cidr.ts';
export type { PeerRule, TurnUser } from './policy/peer-policy.ts';
export { TurnOptionsError, type TurnOptionsErrorCode } from './server/turn-options-error.ts';
export { createTurnServer } from './server/turn-server.ts';
export type {
  FindUser,
  FoundUser,
  ListenAddress,
  Logger,
  PeerLists,
  PlaneChoice,
  PlaneName,
  RelayAddress,
  TurnCredentials,
  TurnGauges,
  TurnLifetimes,
  TurnLimits,
  TurnServer,
  TurnServerOptions,
  TurnStream,
  TurnWorker,
} from './server/turn-server-options.ts';
export type { TurnAddress, TurnEvent, TurnListener, TurnSession } from './server/turn-session.ts';
export { ListenError } from './transport/listen-error.ts';
export type { KeyPair } from './transport/tls-front.ts';
export { TLS_SETTINGS } from './transport/tls-settings.ts';
