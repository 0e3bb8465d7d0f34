import { TranslationError, translateSignalmasterConfig, translateTurnserverConf } from '@callbox/compat';
import type { ForeignFile } from '../config/foreign-file.ts';

/** A file that cannot be translated is the fault of whoever wrote it, and nothing else is. */
function refuseTranslation<T>(translate: () => T): { ok: true; value: T } | { ok: false; reason: string } {
  try {
    return { ok: true, value: translate() };
  } catch (error) {
    if (!(error instanceof TranslationError)) throw error;
    return { ok: false, reason: error.message };
  }
}

/** The configuration files of the servers that this one takes the place of. */
export const oldFiles: readonly ForeignFile[] = [
  {
    flag: 'turnserver-conf',
    help: 'Read options from this turnserver.conf of coturn.',
    translate: (text) => refuseTranslation(() => translateTurnserverConf(text)),
  },
  {
    flag: 'signalmaster-config',
    help: 'Read options from this configuration of signalmaster, such as config/production.json.',
    translate: (text, environment) => refuseTranslation(() => translateSignalmasterConfig(text, environment)),
  },
];
