import type { ParticipantId } from '@callbox/contract';
import { describe, expect, it } from 'vitest';
import type { RoomFact } from '../rooms/room-fact.ts';
import type { Member, RoomState, SeatState } from '../rooms/room-state.ts';
import { keyOf, ModelClient, pageOf, type SeenParticipant } from '../testing/model/model-client.ts';
import { createModelWorld, type ModelWorld, type Mutation } from '../testing/model/model-world.ts';
import { createRandom, type Random } from '../testing/model/random.ts';

type Seen = readonly [ParticipantId, SeenParticipant];

const names = ['ana', 'bo', 'cleo', 'dee'];

interface Run {
  readonly world: ModelWorld;
  readonly clients: readonly ModelClient[];
  readonly random: Random;
  /** Everything that was said, in the order of each author. */
  readonly said: string[];
  /** How many messages each participant has sent to each other. */
  readonly sent: Map<string, number>;
}

function begin(seed: number, mutation?: Mutation): Run {
  const random = createRandom(seed);
  const world = createModelWorld(random, mutation);
  const clients = names.map((name) => new ModelClient(name, 'model'));
  return { world, clients, random, said: [], sent: new Map() };
}

/** A client does something that a person or a page would. */
function act({ clients, random, said, sent }: Run): void {
  const client = random.pick(clients);
  if (client === undefined || client.id === null) return;
  const what = random.below(10);
  if (what < 4) {
    const text = `${client.name} ${said.length}`;
    said.push(text);
    client.say(text);
  } else if (what < 7) {
    const to = random.pick([...client.roster.keys()]);
    if (to === undefined) return;
    const toPage = pageOf(client.roster.get(to)?.displayName ?? '');
    const key = `${client.id}#${client.page}>${to}#${toPage}`;
    const count = sent.get(key) ?? 0;
    sent.set(key, count + 1);
    client.sendPeer(to, count);
  } else if (what === 7) client.rename(`${client.name} ${random.below(100)}`);
  else if (what === 8) client.repeat();
  else client.probe();
}

function step(run: Run): void {
  const { world, random, clients } = run;
  const what = random.below(100);
  if (what < 45) world.deliver();
  else if (what < 65) act(run);
  else if (what < 80) world.disk.write(1 + random.below(8));
  else if (what < 83) world.disk.sync();
  else if (what < 88) world.endOneLost();
  else if (what < 93) {
    const client = random.pick(clients);
    if (client === undefined) return;
    world.drop(client);
    // A network that changes and changes again: the claims of several connections are on their way at once.
    for (let times = random.below(4); times > 0; times -= 1) {
      world.connect(client);
      if (times > 1) world.drop(client);
    }
  } else {
    const away = clients.filter(({ isConnected }) => !isConnected);
    const client = random.pick(away);
    if (client !== undefined) world.connect(client);
  }
}

/** Everybody is there, and nothing is on its way. */
function gather({ world, clients }: Run): void {
  for (let round = 0; round < 20; round += 1) {
    for (const client of clients) if (!client.isIn && client.isConnected) world.drop(client);
    for (const client of clients) if (!client.isConnected) world.connect(client);
    world.settle();
    if (clients.every(({ isIn, waiting }) => isIn && waiting.length === 0)) return;
  }
  throw new Error('somebody does not come back');
}

/** In the order in which they came; several may have come in the same millisecond. */
function byPlace(people: readonly Seen[]): readonly Seen[] {
  return people.toSorted(
    ([id, { joinedAtMs }], [otherId, other]) => joinedAtMs - other.joinedAtMs || (id < otherId ? -1 : 1),
  );
}

/** What the server holds of the others, as this client should see it. */
function othersOf(room: RoomState, { id }: ModelClient): readonly Seen[] {
  return byPlace(
    [...room.members.values()]
      .filter(({ participant }) => participant.id !== id)
      .map(({ participant: { id: other, displayName, joinedAtMs }, isReconnecting }) => [
        other,
        { displayName, joinedAtMs, reconnecting: isReconnecting },
      ]),
  );
}

function expectAgreement({ world, clients }: Run): void {
  const room = world.room();
  for (const client of clients) {
    expect(byPlace([...client.roster])).toEqual(othersOf(room, client));
    expect(client.id !== null && room.members.get(client.id)?.participant.displayName).toBe(
      client.displayName,
    );
    const kept = new Set(room.chat.map(keyOf));
    expect(client.chat.filter((line) => kept.has(keyOf(line)))).toEqual(room.chat);
    expect(new Set(client.chat.map(keyOf)).size).toBe(client.chat.length);
  }
}

/** Nothing sent between two stays that lasted was lost, doubled or overtaken. */
function expectPeerMessages({ clients, sent }: Run): void {
  for (const [key, count] of sent) {
    const [from, to] = key.split('>');
    const isHere = (page: string | undefined): boolean =>
      clients.some((client) => `${client.id}#${client.page}` === page);
    const lasted = isHere(from) && isHere(to);
    const got = clients.flatMap(({ peerMessages }) => peerMessages.get(key) ?? []);
    expect(got).toEqual(Array.from({ length: lasted ? count : got.length }, (_unused, index) => index));
  }
}

/** Connections break and the server is killed, and nobody is away for long: nothing may be noticed of it. */
function runBriefly(seed: number, mutation?: Mutation): void {
  const run = begin(seed, mutation);
  const { world, clients, random, said } = run;
  gather(run);
  const before = clients.map(({ told }) => told.length);
  for (let index = 0; index < 400; index += 1) {
    step(run);
    if (random.percent(2)) world.restart('kill');
    if (random.percent(10)) world.pass(random.below(500));
    // Nobody stays away for as long as the grace: here a step is 50 ms at most on the average.
    if (index % 60 === 59) gather(run);
  }
  gather(run);
  expectAgreement(run);
  expectPeerMessages(run);
  const room = world.room();
  expect(room.chat.map(({ text }) => text).sort()).toEqual([...said].sort());
  for (const [index, client] of clients.entries()) {
    expect(client.stays).toBe(1);
    expect(client.hasBeenReplaced).toBe(false);
    expect(client.refusals.filter((code) => code !== 'outdated')).toEqual([]);
    expect(client.told.slice(before[index])).toEqual([]);
    expect(client.chat).toEqual(room.chat);
    const own = said.filter((text) => text.startsWith(client.name));
    expect(room.chat.map(({ text }) => text).filter((text) => text.startsWith(client.name))).toEqual(own);
  }
}

/** Also people who stay away too long, leave, or come again, and machines that lose power. */
function runRoughly(seed: number, mutation?: Mutation): void {
  const run = begin(seed, mutation);
  const { world, clients, random, said } = run;
  const hostile = openHostile(run);
  for (let index = 0; index < 500; index += 1) {
    step(run);
    hostile();
    if (random.percent(2)) world.restart(random.percent(50) ? 'power' : 'kill');
    if (random.percent(5)) world.pass(random.below(8_000));
    const reloading = random.percent(2) ? random.pick(clients) : undefined;
    if (reloading !== undefined && reloading.id !== null) world.reload(reloading);
    const leaver = random.percent(1) ? random.pick(clients.filter(({ isIn }) => isIn)) : undefined;
    if (leaver !== undefined) {
      leaver.leave();
      world.drop(leaver);
    }
  }
  gather(run);
  // Whoever was left behind by a stay that ended is gone by then.
  for (let index = 0; index < 4; index += 1) {
    world.pass(5_000);
    for (const client of clients) client.probe();
    world.settle();
  }
  gather(run);
  expectAgreement(run);
  expectPeerMessages(run);
  expect(world.room().members.size).toBe(clients.length);
  const texts = world.room().chat.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.filter((text) => !said.includes(text))).toEqual([]);
  const allowed = new Set(['gone', 'unknown', 'out-of-step', 'outdated', 'unknown-participant']);
  expect(clients.flatMap(({ refusals }) => refusals).filter((code) => !allowed.has(code))).toEqual([]);
}

/** Pages are reloaded, while connections break and the server is killed: everybody stays who they were. */
function runWithReloads(seed: number, mutation?: Mutation): void {
  const run = begin(seed, mutation);
  const { world, clients, random, said } = run;
  gather(run);
  const life = world.room().id;
  const ids = clients.map(({ id }) => id);
  const places = clients.map(({ id }) => id !== null && world.room().members.get(id)?.participant.joinedAtMs);
  for (let index = 0; index < 400; index += 1) {
    step(run);
    if (random.percent(2)) world.restart('kill');
    if (random.percent(10)) world.pass(random.below(200));
    // Sometimes all at once: then nobody but the server knows that there is a room.
    const reloading = random.percent(1) ? clients : random.percent(4) ? [random.pick(clients)] : [];
    for (const client of reloading) {
      if (client === undefined || client.id === null) continue;
      world.reload(client);
      if (random.percent(50)) world.connect(client);
    }
    if (index % 60 === 59) gather(run);
  }
  gather(run);
  // Whoever came before the last word of the page before has been somebody else since; their seat is given up by now.
  for (let index = 0; index < 4; index += 1) {
    world.pass(5_000);
    for (const client of clients) client.probe();
    world.settle();
  }
  gather(run);
  expectAgreement(run);
  expectPeerMessages(run);
  const room = world.room();
  expect(room.id).toBe(life);
  expect(room.members.size).toBe(clients.length);
  expect(room.parted.size).toBe(0);
  expect(clients.map(({ id }) => id)).toEqual(ids);
  expect(clients.map(({ id }) => id !== null && room.members.get(id)?.participant.joinedAtMs)).toEqual(
    places,
  );
  const texts = room.chat.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.filter((text) => !said.includes(text))).toEqual([]);
  for (const client of clients) {
    // What a page took with it may be lost; what it had an answer to is not, and each one's lines are in order.
    expect(client.taken.filter((text) => !texts.includes(text))).toEqual([]);
    const own = (all: readonly string[]): string[] => all.filter((text) => text.startsWith(client.name));
    expect(own(texts)).toEqual(own(said).filter((text) => texts.includes(text)));
    // Of each of the others a leave is followed by a join, and the other way round.
    for (const { id } of clients) {
      const heard = client.told.filter((told) => told.id === id).map(({ name }) => name);
      expect(heard.filter((name, index) => name === heard[index - 1])).toEqual([]);
    }
  }
}

/** One who makes up tokens, numbers and ids. @returns a move. */
function openHostile({ world, random, clients }: Run): () => void {
  const token = (): string => String(random.below(50)).padEnd(43, 'h');
  return () => {
    if (!random.percent(20)) return;
    const session = world.desk().openSession({
      remoteAddress: '203.0.113.1',
      host: 'calls.example',
      secure: true,
      isProxied: false,
      notify: () => {},
    });
    const seat = { token: token(), connection: 1 + random.below(1_000) };
    const number = 1 + random.below(1_000_000);
    const victim = random.pick(clients)?.id ?? 'p1';
    const ask = (name: string, body: unknown): void =>
      session.request(
        name,
        body,
        () => {},
        random.percent(50) ? { numbering: { number, receivedUpTo: number } } : {},
      );
    ask('room-resume', { room: 'model', seat, receivedUpTo: number });
    ask('peer-message-send', { to: victim, message: { kind: 'rebuild', generation: 999_999 } });
    ask('chat-send', { sequence: number, text: 'forged' });
    ask('room-leave', {});
    world.desk().leaveByToken('model', seat.token);
    ask('__proto__', { __proto__: null });
    session.end('disconnected');
  };
}

const seedsOf = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_unused, index) => first + index);

describe('a room whose connections break and whose server is killed', () => {
  it.each(seedsOf(1, 40))(
    'loses, doubles and reorders nothing, and nobody seems to leave (seed %i)',
    (seed) => {
      expect(() => runBriefly(seed)).not.toThrow();
    },
  );

  it.each([...seedsOf(2_001, 40), 9_227, 9_282])(
    'has everybody who reloads the page as who they were, with all that was said (seed %i)',
    (seed) => {
      expect(() => runWithReloads(seed)).not.toThrow();
    },
  );

  it.each(seedsOf(1_001, 40))(
    'comes to agree also after loss of power, long absence and lies (seed %i)',
    (seed) => {
      expect(() => runRoughly(seed)).not.toThrow();
    },
  );
});

/** The store with another view of every seat. */
function seeing(change: (seat: SeatState, numberInHand: number | null) => SeatState): Mutation {
  const view = (member: Member, hand: number | null): Member =>
    member.seat === null ? member : { ...member, seat: change(member.seat, hand) };
  return {
    store: (store, world) => ({
      ...store,
      get(name) {
        const room = store.get(name);
        const members = [...room.members].map(
          ([id, member]) => [id, view(member, world.numberInHand)] as const,
        );
        return { ...room, members: new Map(members) };
      },
    }),
  };
}

/** The store that records other facts than it is given. */
function recording(change: (fact: RoomFact, room: RoomState) => readonly RoomFact[]): Mutation {
  return {
    store: (store) => ({
      ...store,
      record(name, fact) {
        for (const changed of change(fact, store.get(name))) store.record(name, changed);
        return store.get(name);
      },
    }),
  };
}

/** As if this participant had said that everything has arrived. */
function received(room: RoomState, id: ParticipantId): RoomFact[] {
  const seat = room.members.get(id)?.seat ?? null;
  return seat === null ? [] : [{ kind: 'notices-received', id, upTo: seat.noticesUpTo }];
}

/** The store that no longer knows who said what last. */
const forgetfulOfAuthors: Mutation = {
  store: (store) => ({
    ...store,
    get(name) {
      const room = store.get(name);
      const members = [...room.members].map(([id, member]) => [id, { ...member, lastChat: null }] as const);
      return { ...room, members: new Map(members) };
    },
  }),
};

/** The journal that is not told of lines with this in them. */
function forgetting(text: string): Mutation {
  return {
    journal: (journal) => ({
      ...journal,
      append: (room, line) => {
        if (!line.includes(text)) journal.append(room, line);
      },
    }),
  };
}

const mutations: readonly (readonly [string, Mutation, (seed: number, mutation: Mutation) => void])[] = [
  [
    'a repeated request is carried out again',
    seeing((seat, hand) => (hand === null ? seat : { ...seat, requestsUpTo: hand - 1 })),
    runBriefly,
  ],
  ['an old claim of a seat counts', seeing((seat) => ({ ...seat, connection: 0 })), runBriefly],
  [
    'what is told is not written first',
    { journal: (journal) => ({ ...journal, afterWritten: (action) => action() }) },
    runBriefly,
  ],
  ...[
    'chat-taken',
    'peer-message-passed',
    'participant-updated',
    'request-answered',
    'participant-joined',
  ].map((kind) => [`${kind} is not written`, forgetting(`"kind":"${kind}"`), runBriefly] as const),
  [
    'an outbox is emptied as it is filled',
    recording((fact, room) => [fact, ...[...room.members.keys()].flatMap((id) => received(room, id))]),
    runBriefly,
  ],
  [
    'one who joins again hears nothing of what was sent meanwhile',
    recording((fact, room) =>
      fact.kind === 'seat-claimed' && fact.receivedUpTo === null
        ? [fact, ...received(room, fact.id)]
        : [fact],
    ),
    runRoughly,
  ],
  ['numbers jump at a start to where some have been', { now: () => 0 }, runRoughly],
  [
    'a page that goes away is one that is closed',
    recording((fact) =>
      fact.kind === 'participant-parted'
        ? [{ kind: 'participant-left', id: fact.id, reason: 'left' }]
        : [fact],
    ),
    runWithReloads,
  ],
  ...['participant-parted', 'participant-rejoined'].map(
    (kind) => [`${kind} is not written`, forgetting(`"kind":"${kind}"`), runWithReloads] as const,
  ),
  [
    'the next page hears what was meant for the one before',
    seeing((seat, hand) => (hand === null ? seat : { ...seat, outbox: [] })),
    runWithReloads,
  ],
  ['the next page counts its lines from the first again', forgetfulOfAuthors, runWithReloads],
  [
    'nobody is told of a return',
    recording((fact) => [fact.kind === 'seat-claimed' ? { ...fact, isReturn: false } : fact]),
    runRoughly,
  ],
  [
    'a seat is never given up',
    recording((fact) => (fact.kind === 'participant-left' && fact.reason === 'disconnected' ? [] : [fact])),
    runRoughly,
  ],
];

describe('the model test', () => {
  it.each(mutations)('fails where %s', (_what, mutation, run) => {
    const isCaught = seedsOf(1, 200).some((seed) => {
      try {
        run(seed, mutation);
        return false;
      } catch {
        return true;
      }
    });
    expect(isCaught).toBe(true);
  });
});
