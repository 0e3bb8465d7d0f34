import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkMessage } from '../logic/generation.ts';
import type { LinkState } from '../room-types.ts';
import { fakeBrowserGlobals, FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { planFor } from '../testing/plan-for.ts';
import { createPeerLink, type PeerLink } from './peer-link.ts';

const inTask = globalThis.setImmediate;

beforeEach(() => {
  vi.useFakeTimers();
  for (const [name, value] of Object.entries(fakeBrowserGlobals)) vi.stubGlobal(name, value);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => inTask(() => resolve()));
}

/** One end of a link, with every connection it has opened. */
class End {
  readonly connections: FakePeerConnection[] = [];
  readonly outbox: LinkMessage[] = [];
  readonly states: LinkState[] = [];
  readonly tracks = vi.fn();
  readonly channels = vi.fn();
  readonly link: PeerLink;
  canSend = true;

  constructor(name: string, polite: boolean) {
    this.link = createPeerLink({
      polite,
      streams: { person: new MediaStream(), screen: new MediaStream() },
      createConnection: () => {
        const fake = new FakePeerConnection({}, `${name}${this.connections.length}`);
        this.connections.push(fake);
        return fake.asConnection();
      },
      send: (message) => this.outbox.push(message),
      canSend: () => this.canSend,
      seeksDirectPath: true,
      onLink: (state) => this.states.push(state),
      onRemoteTracks: this.tracks,
      onChannel: this.channels,
      log: () => {},
    });
  }

  get connection(): FakePeerConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('no connection was opened');
    return last;
  }

  get state(): LinkState | undefined {
    return this.states.at(-1);
  }

  offers(): LinkMessage[] {
    return this.outbox.filter((message) => message.kind === 'description' && message.type === 'offer');
  }
}

const nothing = { audio: null, camera: null, screen: null, screenAudio: null, originalSound: false };
const camera = {
  id: 'camera',
  kind: 'video',
  getSettings: () => ({ width: 1_280, height: 720 }),
} as MediaStreamTrack;

async function exchange(one: End, other: End): Promise<void> {
  for (;;) {
    await settle();
    if (one.outbox.length === 0 && other.outbox.length === 0) return;
    for (const message of one.outbox.splice(0)) other.link.handleMessage(message);
    for (const message of other.outbox.splice(0)) one.link.handleMessage(message);
  }
}

async function createConnected(): Promise<{ early: End; late: End }> {
  const early = new End('early', true);
  const late = new End('late', false);
  await exchange(early, late);
  for (const end of [early, late]) end.connection.become('connected', 'connected');
  await settle();
  return { early, late };
}

const relayedStats = new Map<string, unknown>([
  ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P' }],
  ['P', { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' }],
  ['L', { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' }],
  ['R', { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' }],
]);

describe('a link', () => {
  it('is connecting until the connection is up, and then connected, with the path once it is known', async () => {
    const late = new End('late', false);
    late.connection.become('connecting', 'checking');
    expect(late.state).toEqual({ kind: 'connecting' });
    late.connection.become('connected', 'connected');
    expect(late.state).toEqual({ kind: 'connected', path: null });
    late.connection.stats = relayedStats;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(late.state).toEqual({ kind: 'connected', path: { relayed: true, protocol: 'tls' } });
  });

  it('stops looking for the path after a while', async () => {
    const { late } = await createConnected();
    const look = vi.spyOn(late.connection, 'getStats');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(look.mock.calls.length).toBeGreaterThan(2);
    expect(look.mock.calls.length).toBeLessThan(8);
  });

  it('puts its tracks into the sections of their kind, with the limits of the camera', async () => {
    const { early, late } = await createConnected();
    const audio = { id: 'audio', kind: 'audio' } as MediaStreamTrack;
    for (const { link } of [early, late]) link.send({ ...nothing, audio, camera, plan: planFor(5, false) });
    // No longer the small picture of the first moment.
    await vi.advanceTimersByTimeAsync(600);
    await settle();
    for (const { connection } of [early, late]) {
      const [first, second, third, fourth] = connection.getTransceivers().map(({ sender }) => sender);
      expect([first?.track?.id, second?.track?.id, third?.track, fourth?.track]).toEqual([
        'audio',
        'camera',
        null,
        null,
      ]);
      expect(first?.parameters.encodings).toEqual([{ priority: 'high' }]);
      expect(second?.parameters.encodings).toEqual([
        { active: true, maxBitrate: 450_000, maxFramerate: 20, scaleResolutionDownBy: 2 },
      ]);
    }
  });

  it('begins with a small picture from the camera, and has the whole one when the connection has been up for half a second', async () => {
    const late = new End('late', false);
    const scale = () =>
      late.connection.getTransceivers()[1]?.sender.parameters.encodings[0]?.scaleResolutionDownBy;
    late.link.send({ ...nothing, camera, plan: planFor(2, false) });
    late.connection.become('connected', 'connected');
    await vi.advanceTimersByTimeAsync(400);
    expect(scale()).toBe(4);
    await vi.advanceTimersByTimeAsync(200);
    expect(scale()).toBe(1);
  });

  it('has nothing but the picture ready that a newcomer waits for until the way is found, and the newcomer nothing', async () => {
    const [early, late] = [new End('early', true), new End('late', false)];
    const audio = { id: 'microphone', kind: 'audio' } as MediaStreamTrack;
    for (const { link } of [early, late]) link.send({ ...nothing, audio, camera, plan: planFor(2, false) });
    await exchange(early, late);
    await vi.advanceTimersByTimeAsync(5_000);
    const sent = ({ connection }: End) =>
      connection.getTransceivers().map(({ sender }) => sender.track?.id ?? null);
    expect([sent(early), sent(late)]).toEqual([
      [null, 'camera', null, null],
      [null, null, null, null],
    ]);
    for (const { connection } of [early, late]) connection.become('connected', 'connected');
    await settle();
    const both = ['microphone', 'camera', null, null];
    expect([sent(early), sent(late)]).toEqual([both, both]);
  });

  it('shows a screen and its sound in sections of their own, sharp before it is smooth', async () => {
    const { early, late } = await createConnected();
    const screen = { id: 'screen', kind: 'video', getSettings: () => ({ width: 1_920, height: 1_080 }) };
    const screenAudio = { id: 'sound', kind: 'audio' } as MediaStreamTrack;
    const offersBefore = late.offers().length;
    late.link.send({
      ...nothing,
      screen: screen as MediaStreamTrack,
      screenAudio,
      plan: planFor(2, true),
    });
    await settle();
    const [, , third, fourth] = late.connection.getTransceivers().map(({ sender }) => sender);
    expect([third?.track?.id, fourth?.track?.id]).toEqual(['screen', 'sound']);
    expect(third?.parameters.encodings).toEqual([
      { active: true, maxBitrate: 2_500_000, maxFramerate: 15, scaleResolutionDownBy: 1 },
    ]);
    expect(third?.parameters.degradationPreference).toBe('maintain-resolution');
    late.link.send({ ...nothing, plan: planFor(2, false) });
    await settle();
    expect([third?.track, fourth?.track]).toEqual([null, null]);
    // Neither costs a negotiation.
    expect([early.outbox, late.offers().length]).toEqual([[], offersBefore]);
  });

  it('keeps the limits of the camera when offers have crossed', async () => {
    const { early, late } = await createConnected();
    const camera = { id: 'camera', kind: 'video', getSettings: () => ({}) } as MediaStreamTrack;
    for (const { link } of [early, late]) link.send({ ...nothing, camera, plan: planFor(5, false) });
    for (const { link } of [early, late]) link.followNetwork();
    await settle();
    expect([early.offers().length, late.offers().length]).toEqual([1, 1]);
    await exchange(early, late);
    for (const { connection } of [early, late]) {
      const [, camera] = connection.getTransceivers();
      expect(camera?.sender.parameters.encodings[0]?.maxBitrate).toBe(450_000);
    }
  });

  it('hears the other side only while connected, and not in the moment in which the first picture comes', async () => {
    const { late } = await createConnected();
    expect(late.link.level()).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(late.link.level()).toBeGreaterThan(0);
    late.connection.become('disconnected', 'disconnected');
    expect(late.link.level()).toBe(0);
  });

  it('hands new ICE servers to the connection that it has', async () => {
    const { late } = await createConnected();
    late.link.configure({ iceServers: [{ urls: 'turn:new' }] });
    expect(late.connection.configuration.iceServers).toEqual([{ urls: 'turn:new' }]);
  });

  it('says and does nothing more once closed', async () => {
    const { early, late } = await createConnected();
    late.connection.become('failed', 'failed');
    late.link.close();
    const told = late.states.length;
    early.outbox.length = 0;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(late.connection.closed).toBe(true);
    expect(late.states).toHaveLength(told);
    expect(late.connections).toHaveLength(1);
  });
});

describe('a link to somebody who has left', () => {
  it('says and does nothing more, whatever becomes of its connection, and closes it when its last events are over', async () => {
    const { late } = await createConnected();
    late.link.retire();
    const told = late.states.length;
    late.outbox.length = 0;
    expect(late.connection.closed).toBe(false);
    // Their side is closed.
    late.connection.become('failed', 'failed');
    late.connection.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: null }));
    late.connection.dispatchEvent(new Event('negotiationneeded'));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(late.connection.closed).toBe(true);
    expect(late.states).toHaveLength(told);
    expect(late.outbox).toEqual([]);
    expect(late.connections).toHaveLength(1);
  });
});

describe('mending a link', () => {
  it('restarts ICE by a new offer of the same generation', async () => {
    const { early, late } = await createConnected();
    late.outbox.length = 0;
    late.connection.become('failed', 'failed');
    await settle();
    expect(late.state).toEqual({ kind: 'reconnecting' });
    expect(late.offers()).toMatchObject([{ generation: 0 }]);
    await exchange(early, late);
    late.connection.become('connected', 'connected');
    expect(late.state).toMatchObject({ kind: 'connected' });
    expect(late.connections).toHaveLength(1);
  });

  it('is done by the impolite side when both see the failure', async () => {
    const { early, late } = await createConnected();
    for (const end of [early, late]) end.connection.become('failed', 'failed');
    await settle();
    expect([early.offers().length, late.offers().length]).toEqual([0, 1]);
    await exchange(early, late);
    for (const end of [early, late]) end.connection.become('connected', 'connected');
    await vi.advanceTimersByTimeAsync(30_000);
    await settle();
    expect([early.offers().length, late.offers().length]).toEqual([0, 0]);
  });

  it('builds a new connection when the transport failed though ICE did not', async () => {
    const { early, late } = await createConnected();
    late.connection.become('failed', 'connected');
    expect(late.connections).toHaveLength(2);
    await exchange(early, late);
    expect(early.connections).toHaveLength(2);
    for (const end of [early, late]) end.connection.become('connected', 'connected');
    expect([early.state?.kind, late.state?.kind]).toEqual(['connected', 'connected']);
    expect(late.tracks).toHaveBeenLastCalledWith(
      expect.objectContaining({ camera: late.connection.getTransceivers()[1]?.receiver.track }),
    );
  });

  it('closes the old connection when its last events are over, and hears nothing more of it', async () => {
    const { early, late } = await createConnected();
    const [old] = late.connections;
    late.connection.become('failed', 'connected');
    await exchange(early, late);
    for (const end of [early, late]) end.connection.become('connected', 'connected');
    const told = late.states.length;
    expect(old?.closed).toBe(false);
    old?.become('failed', 'failed');
    expect(late.states).toHaveLength(told);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([early, late].map(({ connections }) => connections.map(({ closed }) => closed))).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('on the polite side asks the other to build it', async () => {
    const { early, late } = await createConnected();
    early.connection.become('failed', 'connected');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(early.outbox).toContainEqual({ kind: 'rebuild', generation: 1 });
    expect(early.connections).toHaveLength(1);
    await exchange(early, late);
    expect([early.connections.length, late.connections.length]).toEqual([2, 2]);
  });

  it('replaces a connection whose negotiation failed, though its media still flows', async () => {
    const { early, late } = await createConnected();
    late.link.followNetwork();
    await settle();
    early.connection.failNextDescription = true;
    await exchange(early, late);
    await vi.advanceTimersByTimeAsync(1_000);
    await exchange(early, late);
    expect([early.connections.length, late.connections.length]).toEqual([2, 2]);
    for (const end of [early, late]) end.connection.become('connected', 'connected');
    await vi.advanceTimersByTimeAsync(60_000);
    await settle();
    expect([early.connections.length, late.connections.length]).toEqual([2, 2]);
  });

  it('replaces a connection whose offer nobody answers', async () => {
    const { late } = await createConnected();
    late.link.followNetwork();
    await vi.advanceTimersByTimeAsync(24_999);
    await settle();
    expect(late.connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(late.connections).toHaveLength(2);
  });

  it('puts the tracks into the new connection too', async () => {
    const { early, late } = await createConnected();
    const audio = { id: 'audio', kind: 'audio' } as MediaStreamTrack;
    late.link.send({ ...nothing, audio, plan: planFor(2, false) });
    late.connection.become('failed', 'connected');
    await exchange(early, late);
    late.connection.become('connected', 'connected');
    await settle();
    expect(late.connection.getTransceivers()[0]?.sender.track).toBe(audio);
  });

  it('builds anew when nobody answers the first offer', async () => {
    const late = new End('late', false);
    await settle();
    late.outbox.length = 0;
    await vi.advanceTimersByTimeAsync(15_000);
    await settle();
    expect(late.connections).toHaveLength(2);
    expect(late.offers()).toMatchObject([{ generation: 1 }]);
  });

  it('waits while nobody can be told, and goes on as soon as somebody can', async () => {
    const { late } = await createConnected();
    late.outbox.length = 0;
    late.canSend = false;
    late.connection.become('disconnected', 'disconnected');
    await vi.advanceTimersByTimeAsync(20_400);
    await settle();
    expect(late.offers()).toEqual([]);
    late.canSend = true;
    late.link.resume('self');
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    expect(late.offers()).toHaveLength(1);
  });

  it('first reads what the other side may have to say when it was that one who was away', async () => {
    const { late } = await createConnected();
    late.outbox.length = 0;
    late.canSend = false;
    late.link.followNetwork();
    late.canSend = true;
    late.link.resume('other');
    await vi.advanceTimersByTimeAsync(299);
    await settle();
    expect(late.offers()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await settle();
    expect(late.offers()).toHaveLength(1);
  });

  it('does not look for a direct way while the other side could not hear of it', async () => {
    const { late } = await createConnected();
    late.outbox.length = 0;
    late.connection.stats = relayedStats;
    await vi.advanceTimersByTimeAsync(2_000);
    late.canSend = false;
    await vi.advanceTimersByTimeAsync(120_000);
    await settle();
    expect(late.offers()).toEqual([]);
    expect(late.connections).toHaveLength(1);
    late.canSend = true;
    await vi.advanceTimersByTimeAsync(10_000);
    await settle();
    expect(late.offers()).toHaveLength(1);
  });

  it('on the polite side first reads what has waited', async () => {
    const { early, late } = await createConnected();
    for (const end of [early, late]) {
      end.outbox.length = 0;
      end.canSend = false;
      end.link.followNetwork();
      end.canSend = true;
      end.link.resume('self');
    }
    await vi.advanceTimersByTimeAsync(0);
    await exchange(early, late);
    await vi.advanceTimersByTimeAsync(1_000);
    await settle();
    // The answer to the other's offer was all there was to say.
    expect(early.offers()).toEqual([]);
    expect([early.connection, late.connection].map(({ signalingState }) => signalingState)).toEqual([
      'stable',
      'stable',
    ]);
  });

  it.each([
    ['flows', 1_000, 0],
    ['flows no more', 0, 1],
  ])('looks when there is a reason to suspect: where media %s, it offers %#', async (_what, rise, offers) => {
    const { early } = await createConnected();
    early.outbox.length = 0;
    let bytesReceived = 5_000;
    vi.spyOn(early.connection, 'getStats').mockImplementation(() => {
      bytesReceived += rise;
      return Promise.resolve(new Map([['I', { id: 'I', type: 'inbound-rtp', bytesReceived }]]));
    });
    early.link.suspect();
    await vi.advanceTimersByTimeAsync(1_000);
    await settle();
    expect(early.offers()).toHaveLength(offers);
    expect(early.state?.kind).toBe('connected');
  });

  it('does not watch for long what has been silent for long', async () => {
    const { early } = await createConnected();
    early.outbox.length = 0;
    const [timestamp, lastPacketReceivedTimestamp] = [9_000, 8_000];
    early.connection.stats = new Map([
      ['I', { type: 'inbound-rtp', bytesReceived: 5, timestamp, lastPacketReceivedTimestamp }],
    ]);
    early.link.suspect();
    await vi.advanceTimersByTimeAsync(150);
    await settle();
    expect(early.offers()).toHaveLength(1);
  });

  it('restarts when the relay was replaced, where media went that way', async () => {
    const { late } = await createConnected();
    late.outbox.length = 0;
    late.connection.stats = relayedStats;
    await vi.advanceTimersByTimeAsync(2_000);
    late.link.replaceRelay();
    await settle();
    expect(late.offers()).toHaveLength(1);
  });

  it('lets a direct connection be when the relay was replaced', async () => {
    const { late } = await createConnected();
    late.outbox.length = 0;
    late.connection.stats = new Map(relayedStats).set('L', {
      id: 'L',
      candidateType: 'host',
      protocol: 'udp',
    });
    await vi.advanceTimersByTimeAsync(2_000);
    late.link.replaceRelay();
    await settle();
    expect(late.offers()).toEqual([]);
  });

  it('looks for a direct way now and then, from the impolite side, and not for ever', async () => {
    const { early, late } = await createConnected();
    for (const end of [early, late]) end.connection.stats = relayedStats;
    let probes = 0;
    for (let second = 0; second < 3_600; second += 5) {
      for (const end of [early, late]) end.outbox.length = 0;
      await vi.advanceTimersByTimeAsync(5_000);
      await settle();
      expect(early.offers()).toEqual([]);
      probes += late.offers().length;
      await exchange(early, late);
    }
    expect(probes).toBe(3);
    expect([early.connections.length, late.connections.length]).toEqual([1, 1]);
  });

  it('looks for new paths when this browser has changed its network', async () => {
    const { early } = await createConnected();
    early.outbox.length = 0;
    early.link.followNetwork();
    await settle();
    expect(early.offers()).toHaveLength(1);
    expect(early.state?.kind).toBe('connected');
  });

  it('says that it failed after 40 s, and takes it back on success', async () => {
    const { late } = await createConnected();
    late.connection.become('failed', 'failed');
    await vi.advanceTimersByTimeAsync(39_000);
    expect(late.state?.kind).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(late.state?.kind).toBe('failed');
    late.connection.become('connected', 'connected');
    expect(late.state?.kind).toBe('connected');
  });
});

describe('generations of a link', () => {
  it('begin anew with an offer of the impolite side, and leave late messages of the old one unread', async () => {
    const { early, late } = await createConnected();
    late.connection.become('failed', 'failed');
    await settle();
    const stale = late.outbox.splice(0);
    late.connection.become('failed', 'connected');
    await exchange(early, late);
    expect(early.connections).toHaveLength(2);
    const before = early.connection.remoteDescription?.sdp;
    for (const message of stale) early.link.handleMessage(message);
    await settle();
    expect(early.connection.remoteDescription?.sdp).toBe(before);
    expect(early.outbox).toEqual([]);
  });

  it('are minded from the start: one that does not come up is replaced in its turn', async () => {
    const { early, late } = await createConnected();
    late.link.handleMessage({ kind: 'rebuild', generation: 1 });
    await settle();
    late.outbox.length = 0;
    await vi.advanceTimersByTimeAsync(15_000);
    await settle();
    expect(late.offers()).toMatchObject([{ generation: 2 }]);
    expect(early.connections).toHaveLength(1);
  });

  it('are not to be pushed on by the polite side with an offer', async () => {
    const { early, late } = await createConnected();
    late.connection.become('failed', 'failed');
    await settle();
    const [offer] = late.offers();
    if (offer === undefined) throw new Error('there is no offer');
    const forged = { ...offer, generation: 7 };
    late.link.handleMessage(forged);
    expect(late.connections).toHaveLength(1);
    early.link.handleMessage(forged);
    expect(early.connections).toHaveLength(2);
  });
});
