import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  answerSchema,
  parseWith,
  SIGNALING_PATH,
  type Answer,
  type ReplyOf,
  type RequestName,
  type RequestOf,
} from '@callbox/contract';
import { io, type Socket } from 'socket.io-client';

/** A participant without a browser: a seat in a room, and the way back to it. Does in this what the client does. */
export interface SeatClient {
  readonly id: string;
  /** How often the server has said no, with the codes. */
  readonly refusals: readonly string[];
  /** Comes back as soon as the server answers a knock. Resolves with who this is then. */
  comeBack(): Promise<string>;
  close(): void;
}

export async function takeSeat(origin: string, room: string, displayName: string): Promise<SeatClient> {
  const token = randomBytes(32).toString('base64url');
  const refusals: string[] = [];
  let claims = 1;
  let receivedUpTo = 0;
  let socket = await open();
  const joined = await ask('room-join', {
    room,
    displayName,
    media: { audio: true, video: true, screen: false },
    seat: { token, connection: claims },
  });
  if (!joined.ok) throw new Error(`not let in: ${joined.error.code}`);
  receivedUpTo = joined.value.seat?.noticesUpTo ?? 0;

  function open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const opened = io(origin, {
        path: SIGNALING_PATH,
        auth: { version: 1, upTo: 2 },
        forceNew: true,
        reconnection: false,
        transports: ['websocket'],
      });
      opened.onAny((_name: string, _body: unknown, numbering?: { number?: number }) => {
        receivedUpTo = Math.max(receivedUpTo, numbering?.number ?? 0);
      });
      opened.once('connect', () => resolve(opened));
      opened.once('connect_error', (error) => {
        opened.close();
        reject(error);
      });
    });
  }

  function ask<TName extends RequestName>(
    name: TName,
    request: RequestOf<TName>,
  ): Promise<Answer<ReplyOf<TName>>> {
    return new Promise((resolve, reject) => {
      socket.timeout(5_000).emit(name, request, (error: Error | null, answer: unknown) => {
        const parsed = parseWith(answerSchema(name), answer);
        if (error !== null) reject(error);
        else if (parsed.ok) resolve(parsed.value);
        else reject(new Error(parsed.reason));
      });
    });
  }

  async function isThere(): Promise<boolean> {
    try {
      const { status } = await fetch(`${origin}${SIGNALING_PATH}knock`, {
        signal: AbortSignal.timeout(5_000),
      });
      if (status >= 500) refusals.push(String(status));
      return status < 500;
    } catch {
      return false;
    }
  }

  return {
    id: joined.value.self.id,
    refusals,
    async comeBack() {
      socket.close();
      for (;;) {
        await sleep(500 + 450 * Math.random());
        if (!(await isThere())) continue;
        try {
          socket = await open();
          claims += 1;
          const resumed = await ask('room-resume', {
            room,
            seat: { token, connection: claims },
            receivedUpTo,
          });
          if (resumed.ok) return resumed.value.self.id;
          refusals.push(resumed.error.code);
        } catch (error) {
          refusals.push(String(error));
        }
      }
    },
    close: () => void socket.close(),
  };
}
