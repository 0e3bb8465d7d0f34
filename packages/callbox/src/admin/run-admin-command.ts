import { setTimeout as sleep } from 'node:timers/promises';
import type { TurnSession } from '@callbox/turn';
import { ConfigError } from '../config/config-error.ts';
import type { CommandLine } from '../config/read-flags.ts';
import { AdminError } from './admin-error.ts';
import { askAdmin } from './ask-admin.ts';
import { renderSessions } from './render-sessions.ts';
import { renderStatus } from './render-status.ts';
import type { ServerStatus } from './server-status.ts';

export type AdminCommandName = 'status' | 'sessions' | 'drain';

export interface AdminCommand {
  readonly name: AdminCommandName;
  readonly line: CommandLine;
  readonly dataDirectory: string;
  readonly write: (text: string) => void;
}

/** How often a drained relay is looked at. */
const lookMs = 500;

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function runStatus({ dataDirectory, line, write }: AdminCommand): Promise<void> {
  // Our own server's answer: it has the shape that the same version of the program gives it.
  const status = (await askAdmin(dataDirectory, 'GET', '/status')) as ServerStatus;
  write(line.flags.has('json') ? toJson(status) : renderStatus(status));
}

async function runSessions({ dataDirectory, line, write }: AdminCommand): Promise<void> {
  const [verb, id, ...rest] = line.words;
  if (verb !== undefined) {
    if (verb !== 'end' || id === undefined || rest.length > 0) {
      throw new ConfigError('sessions is written alone, or with end and an id: callbox sessions end 7');
    }
    await askAdmin(dataDirectory, 'DELETE', `/sessions/${encodeURIComponent(id)}`);
    write(`Session ${id} is ended.\n`);
    return;
  }
  const query = line.flags.has('addresses') ? '?addresses=whole' : '';
  const sessions = (await askAdmin(dataDirectory, 'GET', `/sessions${query}`)) as readonly TurnSession[];
  write(line.flags.has('json') ? toJson(sessions) : renderSessions(sessions, Date.now()));
}

function readWait(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new ConfigError(`--wait "${text}": a whole number of seconds is wanted`);
  return Number(text);
}

function countLeft(status: ServerStatus): number {
  return status.relay?.gauges['allocations'] ?? 0;
}

async function runDrain({ dataDirectory, line, write }: AdminCommand): Promise<void> {
  const waitSeconds = readWait(line.flags.get('wait'));
  const drained = (await askAdmin(dataDirectory, 'POST', '/drain')) as ServerStatus;
  let left = countLeft(drained);
  write(`The relay takes nobody new. Left: ${left}\n`);
  if (waitSeconds === undefined) return;
  const deadlineMs = performance.now() + waitSeconds * 1_000;
  while (left > 0) {
    const restMs = deadlineMs - performance.now();
    if (restMs <= 0) throw new AdminError(`after ${waitSeconds} seconds there are still ${left} left`);
    await sleep(Math.min(lookMs, restMs));
    const now = countLeft((await askAdmin(dataDirectory, 'GET', '/status')) as ServerStatus);
    if (now !== left) write(`Left: ${now}\n`);
    left = now;
  }
  write('The relay is empty.\n');
}

/**
 * Carries out an operator's command by asking the server that runs here.
 *
 * @throws AdminError when it cannot be done, ConfigError when it is written wrongly; one line each
 */
export async function runAdminCommand(command: AdminCommand): Promise<void> {
  switch (command.name) {
    case 'status':
      return runStatus(command);
    case 'sessions':
      return runSessions(command);
    case 'drain':
      return runDrain(command);
  }
}
