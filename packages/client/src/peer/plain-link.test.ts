import type { MediaState } from '@callbox/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkMessage } from '../logic/generation.ts';
import type { LinkState, RemoteTracks } from '../room-types.ts';
import { fakeBrowserGlobals, FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { planFor } from '../testing/plan-for.ts';
import { participantId } from '../testing/participant-id.ts';
import type { PeerLink } from './peer-link.ts';
import { createPlainLink } from './plain-link.ts';

const inTask = globalThis.setImmediate;
const self = participantId('self');
const them = participantId('them');
const talking: MediaState = { audio: true, video: true, screen: false };
const sharing: MediaState = { ...talking, screen: true };
const screenTrack = { id: 'screen', kind: 'video', getSettings: () => ({}) } as MediaStreamTrack;

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

/** What this side opened and said towards one plain participant. */
class Fixture {
  readonly connections: FakePeerConnection[] = [];
  readonly outbox: LinkMessage[] = [];
  readonly states: LinkState[] = [];
  readonly channels: string[] = [];
  tracks: RemoteTracks | null = null;
  readonly link: PeerLink;

  constructor(polite: boolean, media: MediaState = talking) {
    this.link = createPlainLink({
      id: them,
      selfId: self,
      media,
      polite,
      channels: ['one'],
      seeksDirectPath: true,
      streams: { person: new MediaStream(), screen: new MediaStream() },
      createConnection: () => {
        const fake = new FakePeerConnection({}, `own${this.connections.length}`);
        this.connections.push(fake);
        return fake.asConnection();
      },
      send: (message) => this.outbox.push(message),
      canSend: () => true,
      onLink: (state) => this.states.push(state),
      onRemoteTracks: (tracks) => (this.tracks = tracks),
      onChannel: ({ label }) => this.channels.push(label),
      log: () => {},
    });
  }

  share(screen: MediaStreamTrack | null): void {
    const plan = planFor(2, screen !== null);
    this.link.send({ audio: null, camera: null, screen, screenAudio: null, originalSound: false, plan });
  }

  /** Takes the first description out of what was said. */
  async takeDescription(): Promise<Extract<LinkMessage, { kind: 'description' }>> {
    await settle();
    for (;;) {
      const message = this.outbox.shift();
      if (message === undefined) throw new Error('no description was sent');
      if (message.kind === 'description') return message;
    }
  }

  async answer(
    other: FakePeerConnection,
    offer: Extract<LinkMessage, { kind: 'description' }>,
  ): Promise<void> {
    await other.setRemoteDescription(offer);
    await other.setLocalDescription();
    const { mids: _, ...rest } = offer;
    this.link.handleMessage({ ...rest, type: 'answer', sdp: other.localDescription?.sdp ?? '' });
    await settle();
  }
}

/** An offer as a plain participant makes it. */
async function offerOf(
  other: FakePeerConnection,
  kinds: readonly ('audio' | 'video')[],
  direction: RTCRtpTransceiverDirection = 'sendrecv',
): Promise<Extract<LinkMessage, { kind: 'description' }>> {
  for (const kind of kinds) other.addTransceiver(kind, { direction });
  await other.setLocalDescription();
  return { kind: 'description', type: 'offer', generation: 0, sdp: other.localDescription?.sdp ?? '' };
}

const sectionsOf = ({ sdp }: { sdp: string }) =>
  (JSON.parse(sdp) as { sections: { kind: string; direction: string }[] }).sections.map(
    ({ kind, direction }) => `${kind} ${direction}`,
  );

describe('a link to a plain participant', () => {
  it('offers one section for sound and one for the picture, and names none', async () => {
    const late = new Fixture(false);
    const offer = await late.takeDescription();
    expect(offer).toMatchObject({ type: 'offer', generation: 0 });
    expect(offer).not.toHaveProperty('mids');
    expect(offer).not.toHaveProperty('screenOf');
    expect(sectionsOf(offer)).toEqual(['audio sendrecv', 'video sendrecv']);
    const other = new FakePeerConnection({}, 'other');
    await late.answer(other, offer);
    expect(late.tracks).toMatchObject({ screen: null, screenAudio: null });
  });

  it.each([[['video', 'audio'] as const], [['audio', 'video'] as const]])(
    'takes over the sections of its offer by their kind, in the order %j',
    async (kinds) => {
      const early = new Fixture(true);
      await settle();
      expect(early.outbox).toEqual([]);
      early.link.handleMessage(await offerOf(new FakePeerConnection({}, 'other'), kinds));
      const answer = await early.takeDescription();
      expect(answer).toMatchObject({ type: 'answer', generation: 0 });
      expect(answer).not.toHaveProperty('mids');
      expect([early.tracks?.audio?.kind, early.tracks?.camera?.kind]).toEqual(['audio', 'video']);
    },
  );

  it('takes an offer of sound alone', async () => {
    const early = new Fixture(true);
    early.link.handleMessage(await offerOf(new FakePeerConnection({}, 'other'), ['audio']));
    await early.takeDescription();
    expect([early.tracks?.audio?.kind, early.tracks?.camera]).toEqual(['audio', null]);
  });

  it('opens the data channels with its own offer only', () => {
    expect(new Fixture(false).channels).toEqual(['one']);
    expect(new Fixture(true).channels).toEqual([]);
  });

  it('builds a connection anew by its own offer where the other side should have offered and did not', async () => {
    const early = new Fixture(true);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await early.takeDescription()).toMatchObject({ type: 'offer', generation: 1 });
    expect(early.connections).toHaveLength(2);
    expect(early.outbox.filter(({ kind }) => kind === 'rebuild')).toEqual([]);
  });

  it('restarts ICE by an offer of the same generation, whoever offered first', async () => {
    const early = new Fixture(true);
    early.link.handleMessage(await offerOf(new FakePeerConnection({}, 'other'), ['audio', 'video']));
    await early.takeDescription();
    early.connections[0]?.become('connected', 'connected');
    early.link.followNetwork();
    expect(await early.takeDescription()).toMatchObject({ type: 'offer', generation: 0 });
  });

  it('offers its screen on a connection apart, and ends it with the share', async () => {
    const fixture = new Fixture(false);
    await fixture.takeDescription();
    fixture.share(screenTrack);
    const offer = await fixture.takeDescription();
    expect(offer).toMatchObject({ type: 'offer', screenOf: self });
    expect(sectionsOf(offer)).toEqual(['video sendonly', 'audio sendonly']);
    await fixture.answer(new FakePeerConnection({}, 'other'), offer);
    fixture.connections[1]?.become('connected', 'connected');
    await settle();
    expect(fixture.connections[1]?.getTransceivers()[0]?.sender.track).toBe(screenTrack);
    fixture.share(null);
    expect(fixture.connections.map(({ closed }) => closed)).toEqual([false, true]);
    fixture.share(screenTrack);
    const again = await fixture.takeDescription();
    expect(again.generation).toBeGreaterThan(offer.generation);
  });

  it('waits for one who came while the screen was shared to ask for it', async () => {
    const fixture = new Fixture(true);
    fixture.share(screenTrack);
    await settle();
    expect(fixture.outbox).toEqual([]);
    const request = await offerOf(new FakePeerConnection({}, 'other'), ['video'], 'recvonly');
    fixture.link.handleMessage({ ...request, screenOf: self });
    const answer = await fixture.takeDescription();
    expect(answer).toMatchObject({ type: 'answer', screenOf: self });
    fixture.connections[1]?.become('connected', 'connected');
    await settle();
    expect(fixture.connections[1]?.getTransceivers()[0]?.sender.track).toBe(screenTrack);
  });

  it('offers the screen itself to one who does not ask', async () => {
    const fixture = new Fixture(true);
    fixture.link.handleMessage(await offerOf(new FakePeerConnection({}, 'other'), ['audio', 'video']));
    await fixture.takeDescription();
    fixture.connections[0]?.become('connected', 'connected');
    fixture.outbox.length = 0;
    fixture.link.send({
      audio: null,
      camera: null,
      screen: screenTrack,
      screenAudio: null,
      originalSound: false,
      plan: planFor(2, true),
    });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await fixture.takeDescription()).toMatchObject({ type: 'offer', generation: 1, screenOf: self });
  });

  it('asks a participant that shares already for its screen', async () => {
    const late = new Fixture(false, sharing);
    await late.takeDescription();
    const request = await late.takeDescription();
    expect(request).toMatchObject({ type: 'offer', screenOf: them });
    expect(sectionsOf(request)).toEqual(['video recvonly', 'audio recvonly']);
  });

  it('takes the screen that it is offered, until that share ends, and the next one', async () => {
    const fixture = new Fixture(true);
    const offerScreen = async (generation: number) => {
      const offer = await offerOf(new FakePeerConnection({}, 'other'), ['video'], 'sendonly');
      fixture.link.handleMessage({ ...offer, generation, screenOf: them });
      return fixture.takeDescription();
    };
    expect(await offerScreen(0)).toMatchObject({ type: 'answer', screenOf: them, generation: 0 });
    fixture.link.followMedia(sharing);
    expect(fixture.tracks?.screen?.kind).toBe('video');
    fixture.link.followMedia(talking);
    expect(fixture.tracks?.screen).toBeNull();
    expect(fixture.connections[1]?.closed).toBe(true);
    expect(await offerScreen(1)).toMatchObject({ type: 'answer', generation: 1 });
    expect(fixture.tracks?.screen?.kind).toBe('video');
  });

  it('does not take a change of mute for the end of a share that it was not told of yet', async () => {
    const fixture = new Fixture(true);
    const offer = await offerOf(new FakePeerConnection({}, 'other'), ['video'], 'sendonly');
    fixture.link.handleMessage({ ...offer, screenOf: them });
    await fixture.takeDescription();
    fixture.link.followMedia({ ...talking, audio: false });
    expect(fixture.connections[1]?.closed).toBe(false);
  });

  it('ends all its connections together', async () => {
    const fixture = new Fixture(false, sharing);
    fixture.share(screenTrack);
    await settle();
    expect(fixture.connections).toHaveLength(3);
    fixture.link.close();
    expect(fixture.connections.every(({ closed }) => closed)).toBe(true);
  });
});
