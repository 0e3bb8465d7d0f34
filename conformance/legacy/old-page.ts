import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import { openByWebSocket, type OldWire, type WireOptions } from './old-frames.ts';

/** An event as it came. */
export interface Heard {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What an old page does with its connection. */
export interface OldPage {
  readonly id: string;
  readonly wire: OldWire;
  /** Events that have come, in order, without the lists of ICE servers. */
  heard(): readonly Heard[];
  /** The lists of ICE servers that have come, in order. */
  iceServers(): readonly Heard[];
  emit(name: string, ...args: unknown[]): Promise<void>;
  /** Emits and waits for the acknowledgement. */
  ask(name: string, ...args: unknown[]): Promise<readonly unknown[]>;
  message(to: string, fields?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** A room that nobody else is in, on a server that others may use. */
export function freshRoom(): string {
  return `suite-${randomBytes(8).toString('hex')}`;
}

/** Waits until something is so. */
export function until<T>(condition: () => T): Promise<T> {
  return vi.waitFor(condition, { timeout: 10_000, interval: 10 });
}

export function createOldPage(wire: OldWire): OldPage {
  let asked = 0;

  function events(): Heard[] {
    return wire.received
      .filter((frame) => frame.startsWith('42'))
      .map((frame) => {
        const [name, ...args] = JSON.parse(frame.slice(frame.indexOf('['))) as [string, ...unknown[]];
        return { name, args };
      });
  }

  const isIce = ({ name }: Heard): boolean => name === 'stunservers' || name === 'turnservers';
  const emit = (name: string, ...args: unknown[]) => wire.send(`42${JSON.stringify([name, ...args])}`);
  return {
    id: wire.sid,
    wire,
    heard: () => events().filter((event) => !isIce(event)),
    iceServers: () => events().filter(isIce),
    emit,
    async ask(name, ...args) {
      const number = (asked += 1);
      await wire.send(`42${number}${JSON.stringify([name, ...args])}`);
      return until(() => {
        const answer = wire.received.find((frame) => frame.startsWith(`43${number}[`));
        if (answer === undefined) throw new Error(`${name} was not acknowledged`);
        return JSON.parse(answer.slice(answer.indexOf('['))) as unknown[];
      });
    },
    message: (to, fields = {}) =>
      emit('message', { to, sid: '1', roomType: 'video', type: 'offer', ...fields }),
  };
}

export async function openOldPage(url: string, options?: WireOptions): Promise<OldPage> {
  return createOldPage(await openByWebSocket(url, options));
}
