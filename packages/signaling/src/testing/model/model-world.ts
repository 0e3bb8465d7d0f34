import { limits, parseWith, participantIdSchema, type Answer, type ParticipantId } from '@callbox/contract';
import { createRoomDesk, type RoomDesk } from '../../gateway/room-desk.ts';
import type { Session } from '../../gateway/session.ts';
import type { Notice } from '../../rooms/notice.ts';
import type { RoomState } from '../../rooms/room-state.ts';
import type { RoomJournal } from '../../store/room-journal.ts';
import { createRoomStore, type RoomStore } from '../../store/room-store.ts';
import { roomNameOf } from '../room-fixtures.ts';
import { createFakeDisk, type FakeDisk } from './fake-disk.ts';
import type { ClientEvent, ClientLink, ModelClient } from './model-client.ts';
import type { Random } from './random.ts';

/** One fault put into the server on purpose: what stands between it and its store, journal or numbers. */
export interface Mutation {
  readonly store?: (store: RoomStore, world: { readonly numberInHand: number | null }) => RoomStore;
  readonly journal?: (journal: RoomJournal) => RoomJournal;
  /** What the store takes for the time. */
  readonly now?: (nowMs: number) => number;
}

/** Both directions of one connection: what is on its way, in order. */
interface Wire {
  readonly client: ModelClient;
  readonly session: Session;
  readonly toServer: { readonly event: ClientEvent; readonly onAnswer?: (answer: Answer<unknown>) => void }[];
  readonly toClient: (() => void)[];
  /** The client has given it up: nothing more is said or heard there, but what was said may still arrive. */
  isLost: boolean;
  isOver: boolean;
}

/** A server, its disk, its clients and what is between them, all driven step by step. */
export interface ModelWorld {
  readonly disk: FakeDisk;
  readonly desk: () => RoomDesk;
  readonly room: () => RoomState;
  connect(client: ModelClient): void;
  /** The client's connection breaks; of what it had sent, some may arrive later. */
  drop(client: ModelClient): void;
  /** Moves one thing that is on its way, by chance. */
  deliver(): void;
  /** The client's page is reloaded. Its last words, by two ways, may arrive, late or never. */
  reload(client: ModelClient): void;
  /** What was said on a connection that is given up has arrived, and the server finds out that it is. */
  endOneLost(): void;
  restart(how: 'kill' | 'power'): void;
  pass(ms: number): void;
  /** Delivers and writes everything until nothing is on its way. */
  settle(): void;
}

export const modelRoom = roomNameOf('model');
export const patience = { tellAfterMs: 3_000, graceMs: 15_000 };
const silent = { error() {}, warn() {}, info() {}, debug() {} };

export function createModelWorld(random: Random, mutation: Mutation = {}): ModelWorld {
  const disk = createFakeDisk();
  let nowMs = 1_000_000;
  let ids = 0;
  let wires: Wire[] = [];
  const beacons: { readonly token: string; readonly mayReturn: boolean }[] = [];
  const inHand: { numberInHand: number | null } = { numberInHand: null };
  let store: RoomStore;
  let desk: RoomDesk;
  start();

  function start(): void {
    const journal = disk.open();
    const honest = createRoomStore(mutation.journal?.(journal) ?? journal, {
      now: () => mutation.now?.(nowMs) ?? nowMs,
      logger: silent,
    });
    store = mutation.store?.(honest, inHand) ?? honest;
    desk = createRoomDesk({
      store,
      maxParticipants: 20,
      patience,
      returnMs: 10_000,
      issueIceServers: () => ({ iceServers: [], lifetimeSeconds: 3_600 }),
      createParticipantId: nextId,
      createRoomId: () => `life-${(ids += 1)}`,
      hashToken: (token) => `hash of ${token}`,
      now: () => nowMs,
      instanceId: `run-${(ids += 1)}`,
      logger: silent,
      onPresence: () => {},
    });
  }

  function nextId(): ParticipantId {
    const parsed = parseWith(participantIdSchema, `p${(ids += 1)}`);
    if (!parsed.ok) throw new Error(parsed.reason);
    return parsed.value;
  }

  function connect(client: ModelClient): void {
    const toClient: Wire['toClient'] = [];
    const toServer: Wire['toServer'] = [];
    const session = desk.openSession({
      remoteAddress: '192.0.2.1',
      host: 'calls.example',
      secure: true,
      isProxied: false,
      notify(notice: Notice, number) {
        // Over a wire nobody shares objects.
        const copy = structuredClone(notice);
        toClient.push(() => client.hear(copy, number));
      },
      close() {
        // After what was said before it.
        toClient.push(() => {
          wire.isLost = true;
          client.lose();
        });
      },
    });
    const wire: Wire = { client, session, toServer, toClient, isLost: false, isOver: false };
    const link: ClientLink = {
      send: (event, onAnswer) =>
        void toServer.push({ event: structuredClone(event), ...(onAnswer && { onAnswer }) }),
    };
    wires.push(wire);
    client.connect(link);
  }

  function drop(client: ModelClient): void {
    for (const wire of wires) {
      if (wire.client !== client || wire.isLost) continue;
      wire.isLost = true;
      wire.toClient.length = 0;
      wire.toServer.length = random.below(wire.toServer.length + 1);
    }
    client.lose();
  }

  function reload(client: ModelClient): void {
    const word = client.reload();
    drop(client);
    if (word !== null) beacons.push(word);
  }

  /** A beacon arrives when it likes, or not at all. */
  function takeBeacon(): void {
    const word = beacons.shift();
    if (word !== undefined && random.percent(80)) desk.leaveByToken(modelRoom, word.token, word.mayReturn);
  }

  function serve(wire: Wire): void {
    const said = wire.toServer.shift();
    if (said === undefined) return;
    const { name, body, numbering } = said.event;
    inHand.numberInHand = numbering?.number ?? null;
    wire.session.request(
      name,
      body,
      (answer) => {
        const copy = structuredClone(answer);
        const { onAnswer } = said;
        if (onAnswer !== undefined) wire.toClient.push(() => onAnswer(copy));
      },
      { numbering },
    );
    inHand.numberInHand = null;
  }

  function hear(wire: Wire): void {
    const said = wire.toClient.shift();
    if (said !== undefined && !wire.isLost) said();
  }

  function deliver(): void {
    if (random.percent(20)) takeBeacon();
    const wire = random.pick(wires.filter(({ toServer, toClient }) => toServer.length + toClient.length > 0));
    if (wire === undefined) return;
    if (wire.toServer.length > 0 && (wire.toClient.length === 0 || random.percent(50))) serve(wire);
    else hear(wire);
  }

  function end(wire: Wire): void {
    if (!wire.isOver) wire.session.end('disconnected');
    wire.isOver = true;
    wires = wires.filter((other) => other !== wire);
  }

  function endOneLost(): void {
    const wire = random.pick(wires.filter(({ isLost }) => isLost));
    if (wire === undefined) return;
    while (wire.toServer.length > 0) serve(wire);
    end(wire);
  }

  function settle(): void {
    for (let round = 0; round < 10_000; round += 1) {
      takeBeacon();
      disk.write(limits.outboxLength);
      const busy = wires.filter(({ toServer, toClient }) => toServer.length + toClient.length > 0);
      if (busy.length === 0) {
        const lost = wires.filter(({ isLost }) => isLost);
        if (lost.length === 0) return;
        for (const wire of lost) end(wire);
      }
      for (const wire of busy) {
        serve(wire);
        hear(wire);
      }
    }
    throw new Error('the world does not come to rest');
  }

  return {
    disk,
    desk: () => desk,
    room: () => store.get(modelRoom),
    connect,
    drop,
    reload,
    deliver,
    endOneLost,
    restart(how) {
      if (how === 'kill') disk.kill(random);
      else disk.cutPower(random);
      for (const { client, isLost } of wires) if (!isLost) client.lose();
      wires = [];
      // A start takes its time.
      nowMs += 100;
      start();
    },
    pass(ms) {
      nowMs += ms;
      desk.look();
    },
    settle,
  };
}
