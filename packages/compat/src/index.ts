/** The old world, on the server: its wire, and its configuration files. */
export { translateSignalmasterConfig } from './config/signalmaster/translate-signalmaster-config.ts';
export {
  TranslationError,
  type NoteKind,
  type TranslatedOption,
  type Translation,
  type TranslationNote,
} from './config/translation.ts';
export { translateTurnserverConf } from './config/turnserver/translate-turnserver-conf.ts';
export type { KeyFate, TurnserverKey } from './config/turnserver/turnserver-key.ts';
export { turnserverKeys } from './config/turnserver/turnserver-keys.ts';
export {
  createOldSignaling,
  type OldCounters,
  type OldSignaling,
  type OldSignalingOptions,
} from './wire/create-old-signaling.ts';
