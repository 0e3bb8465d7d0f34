import type { Logger } from '@callbox/turn';
import { logLevels, type LogLevel } from './log-level.ts';
import { redactAddress } from './redact-address.ts';

export type { Logger };

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `text` for people, one JSON object per line for programs. */
  readonly format: 'text' | 'json';
  readonly write: (line: string) => void;
  readonly now?: () => Date;
}

type Details = Readonly<Record<string, unknown>>;

function toLoggable(value: unknown): unknown {
  if (value instanceof Error) return value.message;
  if (typeof value === 'string') return redactAddress(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(toLoggable);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toLoggable(inner)]));
  }
  return value;
}

function toText(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** Writes one line per report. Addresses in the details are shortened; credentials must not be given to it at all. */
export function createLogger(options: LoggerOptions): Logger {
  const threshold = logLevels.indexOf(options.level);
  const now = options.now ?? (() => new Date());

  function report(level: LogLevel, message: string, details: Details = {}): void {
    if (logLevels.indexOf(level) > threshold) return;
    const loggable = Object.entries(details).map(([key, value]) => [key, toLoggable(value)] as const);
    if (options.format === 'json') {
      const line = { time: now().toISOString(), level, message, ...Object.fromEntries(loggable) };
      options.write(`${JSON.stringify(line)}\n`);
      return;
    }
    const time = now().toTimeString().slice(0, 8);
    const rest = loggable.map(([key, value]) => ` ${key}=${toText(value)}`).join('');
    options.write(`${time} ${level.padEnd(5)} ${message}${rest}\n`);
  }

  return {
    error: (message, details) => report('error', message, details),
    warn: (message, details) => report('warn', message, details),
    info: (message, details) => report('info', message, details),
    debug: (message, details) => report('debug', message, details),
  };
}
