import { parseWith, participantIdSchema, type Answer, type ParticipantId } from '@callbox/contract';
import { createRoomDesk, type RoomDesk } from '../gateway/room-desk.ts';
import type { RequestOptions, Session } from '../gateway/session.ts';
import type { Presence } from '../gateway/signaling-server-options.ts';
import type { Notice } from '../rooms/notice.ts';
import type { RoomJournal } from '../store/room-journal.ts';
import { createRoomStore, type RoomStore } from '../store/room-store.ts';
import { mediaOff } from './room-fixtures.ts';

/** One visitor of the desk, and what it was told. */
export interface DeskVisitor {
  readonly session: Session;
  readonly heard: { readonly notice: Notice; readonly number: number | undefined }[];
  readonly isClosed: () => boolean;
  /** The answer, or null where none was given. */
  ask(name: unknown, body: unknown, options?: RequestOptions): Answer<unknown> | null;
  join(token?: string, more?: object): Answer<unknown> | null;
  resume(token: string, connection: number, receivedUpTo: number): Answer<unknown> | null;
  names(): string[];
}

/** A desk without sockets, with a clock that is moved by hand. */
export interface DeskScene {
  readonly desk: RoomDesk;
  readonly store: RoomStore;
  readonly presence: Presence[];
  visitor(): DeskVisitor;
  pass(ms: number): void;
}

export const tokenOf = (name: string): string => name.replaceAll(' ', '-').padEnd(43, 'x');

/** @param startMs what the clock shows. */
export function createDeskScene(journal: RoomJournal | null = null, startMs = 1_000_000): DeskScene {
  let nowMs = startMs;
  let ids = 0;
  const logger = { error() {}, warn() {}, info() {}, debug() {} };
  const presence: Presence[] = [];
  const store = createRoomStore(journal, { now: () => nowMs, logger });
  const desk = createRoomDesk({
    store,
    maxParticipants: 3,
    patience: { tellAfterMs: 3_000, graceMs: 15_000 },
    returnMs: 10_000,
    issueIceServers: () => ({ iceServers: [], lifetimeSeconds: 3_600 }),
    createParticipantId: () => participantId(`${startMs}-${(ids += 1)}`),
    createRoomId: () => `life-${startMs}-${(ids += 1)}`,
    hashToken: (token) => `hash-${token}`,
    now: () => nowMs,
    instanceId: `run-${startMs}`,
    logger,
    onPresence: (told) => void presence.push(told),
  });

  function visitor(): DeskVisitor {
    const heard: DeskVisitor['heard'] = [];
    let isClosed = false;
    const session = desk.openSession({
      remoteAddress: '192.0.2.1',
      host: 'calls.example',
      secure: true,
      isProxied: false,
      notify: (notice, number) => void heard.push({ notice, number }),
      close() {
        isClosed = true;
      },
    });
    function ask(name: unknown, body: unknown, options?: RequestOptions): Answer<unknown> | null {
      const answers: Answer<unknown>[] = [];
      session.request(name, body, (answer) => void answers.push(answer), options);
      if (answers.length > 1) throw new Error('answered more than once');
      return answers[0] ?? null;
    }
    return {
      session,
      heard,
      isClosed: () => isClosed,
      ask,
      join: (token, more = {}) =>
        ask('room-join', {
          room: 'blue',
          displayName: '',
          media: mediaOff,
          ...(token === undefined ? {} : { seat: { token, connection: 1 } }),
          ...more,
        }),
      resume: (token, connection, receivedUpTo) =>
        ask('room-resume', { room: 'blue', seat: { token, connection }, receivedUpTo }),
      names: () => heard.map(({ notice }) => notice.name),
    };
  }

  return {
    desk,
    store,
    presence,
    visitor,
    pass(ms) {
      nowMs += ms;
      desk.look();
    },
  };
}

function participantId(text: string): ParticipantId {
  const parsed = parseWith(participantIdSchema, text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}
