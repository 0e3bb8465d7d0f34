import type { PeerMessage } from '@callbox/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../testing/deferred.ts';
import { fakeBrowserGlobals, FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { createNegotiation, type Negotiation, type NegotiationOptions } from './negotiation.ts';
import type { PreparedOffer } from './prepare-offer.ts';
import { openTrackSlots, readMids, type TrackSlots } from './track-slots.ts';

beforeEach(() => {
  for (const [name, value] of Object.entries(fakeBrowserGlobals)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

/** Until every step that needs nothing from outside is done: candidates are told in tasks of their own. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** One of two sides, with what it has sent and the other has not yet received. */
class Side {
  readonly fake: FakePeerConnection;
  readonly polite: boolean;
  readonly negotiation: Negotiation;
  readonly outbox: PeerMessage[] = [];
  readonly warnings: string[] = [];
  readonly failures: unknown[] = [];
  readonly settled = vi.fn();
  slots: TrackSlots | null = null;
  isHeard = true;

  constructor(name: string, polite: boolean, rest: Partial<NegotiationOptions> = {}) {
    this.fake = new FakePeerConnection({}, name);
    this.polite = polite;
    this.negotiation = createNegotiation({
      connection: this.fake.asConnection(),
      ended: new AbortController().signal,
      polite,
      generation: 0,
      streams: { person: new MediaStream(), screen: new MediaStream() },
      send: (message) => this.outbox.push(message),
      canSend: () => this.isHeard,
      layout: 'all',
      direction: 'sendrecv',
      onSlots: (slots) => (this.slots = slots),
      onSettled: this.settled,
      onRemoteOffer: () => {},
      onFailed: (error) => this.failures.push(error),
      log: (level, message) => level === 'warn' && this.warnings.push(message),
      ...rest,
    });
  }

  receive(message: PeerMessage | undefined): void {
    if (message?.kind === 'description') this.negotiation.handleDescription(message);
    else if (message?.kind === 'candidate') this.negotiation.handleCandidate(message);
  }

  offers(): number {
    return this.outbox.filter((message) => message.kind === 'description' && message.type === 'offer').length;
  }
}

/** A connection with sections, and the offer that it will take in as its own. */
async function createPrepared(name: string): Promise<PreparedOffer> {
  const streams = { person: new MediaStream(), screen: new MediaStream() };
  const twin = new FakePeerConnection({}, name).asConnection();
  const twinSlots = openTrackSlots(twin, streams);
  await twin.setLocalDescription();
  const mids = readMids(twinSlots);
  if (mids === null) throw new Error('the offer has no sections');
  const connection = new FakePeerConnection({}, name).asConnection();
  const slots = openTrackSlots(connection, streams);
  return { connection, slots, sdp: twin.localDescription?.sdp ?? '', mids };
}

function createSides() {
  return { early: new Side('early', true), late: new Side('late', false) };
}

/** Delivers what is on the way until all is quiet; `pick` says whose message comes next where both have some. */
async function deliverAll(one: Side, other: Side, pick: () => boolean = () => true): Promise<void> {
  for (;;) {
    await settle();
    if (one.outbox.length === 0 && other.outbox.length === 0) return;
    const [from, to] =
      other.outbox.length === 0 || (one.outbox.length > 0 && pick()) ? [one, other] : [other, one];
    to.receive(from.outbox.shift());
  }
}

/** How both sides stand. */
function outcomeOf(...sides: readonly Side[]) {
  return sides.map(({ failures, fake, slots }) => ({
    failures,
    signalingState: fake.signalingState,
    sections: fake.getTransceivers().map(({ kind, currentDirection }) => `${kind} ${currentDirection}`),
    mids: slots === null ? null : readMids(slots),
  }));
}

const agreedSide = {
  failures: [],
  signalingState: 'stable',
  sections: ['audio sendrecv', 'video sendrecv', 'video sendrecv', 'audio sendrecv'],
  mids: { audio: '0', camera: '1', screen: '2', screenAudio: '3' },
};
const agreement = [agreedSide, agreedSide];

describe('the first negotiation', () => {
  it('is begun by the impolite side, and the polite side adopts its four sections', async () => {
    const { early, late } = createSides();
    await settle();
    expect([early.offers(), late.offers()]).toEqual([0, 1]);
    await deliverAll(early, late);
    expect(outcomeOf(early, late)).toEqual(agreement);
    expect(early.fake.getTransceivers().every(({ made }) => !made)).toBe(true);
  });

  it('tells each side of the tracks of the other, by what each section is for', async () => {
    const { early, late } = createSides();
    await deliverAll(early, late);
    for (const { settled, slots } of [early, late]) {
      expect(settled).toHaveBeenLastCalledWith(
        {
          audio: slots?.audio?.receiver.track,
          camera: slots?.camera?.receiver.track,
          screen: slots?.screen?.receiver.track,
          screenAudio: slots?.screenAudio?.receiver.track,
        },
        false,
      );
    }
  });

  it('sends an offer that was prepared at once, and goes on from it as from any other', async () => {
    const early = new Side('early', true);
    const prepared = await createPrepared('late');
    const late = new Side('late', false, { connection: prepared.connection, prepared });
    expect(late.outbox).toEqual([
      { kind: 'description', generation: 0, type: 'offer', sdp: prepared.sdp, mids: prepared.mids },
    ]);
    await deliverAll(early, late);
    expect(late.slots).toBe(prepared.slots);
    expect(outcomeOf(early, late)[0]).toEqual(agreedSide);
    expect([late.offers(), prepared.connection.signalingState, late.failures]).toEqual([0, 'stable', []]);
    expect(late.settled).toHaveBeenCalledOnce();
  });

  it('sends an offer that was prepared before the browser is given it, which is busy with it for a while', async () => {
    const prepared = await createPrepared('late');
    const steps: string[] = [];
    vi.spyOn(prepared.connection, 'setLocalDescription').mockImplementationOnce(() => {
      steps.push('given to the browser');
      return Promise.resolve();
    });
    const send = ({ kind }: PeerMessage) => steps.push(`sent ${kind}`);
    const late = new Side('late', false, { connection: prepared.connection, prepared, send });
    expect(steps).toEqual(['sent description', 'given to the browser']);
    late.negotiation.close();
  });

  it('answers before senders are told anything, which holds the page up', async () => {
    const steps: string[] = [];
    const early = new Side('early', true, {
      send: (message) => message.kind === 'description' && steps.push(message.type),
      onSlots: () => steps.push('senders'),
    });
    const late = new Side('late', false);
    await settle();
    early.receive(late.outbox[0]);
    await settle();
    expect(steps).toEqual(['answer', 'senders']);
  });

  it('goes by the mids that came with the offer, never by the order of sections', async () => {
    const { early, late } = createSides();
    await settle();
    const [offer] = late.outbox;
    if (offer?.kind !== 'description' || offer.mids === undefined)
      throw new Error('no description with mids');
    const swapped = { ...offer.mids, camera: offer.mids.screen, screen: offer.mids.camera };
    early.receive({ ...offer, mids: swapped });
    await settle();
    expect(early.slots?.camera?.mid).toBe(offer.mids.screen);
    expect(early.slots?.screen?.mid).toBe(offer.mids.camera);
  });

  it('fails where the offer does not hold the sections that it names', async () => {
    const { early, late } = createSides();
    await settle();
    const [offer] = late.outbox;
    if (offer?.kind !== 'description' || offer.mids === undefined)
      throw new Error('no description with mids');
    early.receive({ ...offer, mids: { ...offer.mids, screenAudio: offer.mids.audio } });
    await settle();
    expect(early.failures).toHaveLength(1);
    expect(early.slots).toBeNull();
    expect(early.outbox).toEqual([]);
  });

  it('sends every candidate and then the end of candidates', async () => {
    const { late } = createSides();
    await settle();
    const lines = late.outbox.flatMap((message) => (message.kind === 'candidate' ? [message.candidate] : []));
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toBe('');
  });

  it('orders codecs in the offer, which the answer follows by itself', async () => {
    const { early, late } = createSides();
    await deliverAll(early, late);
    const orders = [early, late].map(({ fake }) =>
      fake.getTransceivers()[1]?.codecs.map(({ mimeType }) => mimeType),
    );
    expect(orders).toEqual([[], ['video/VP8', 'video/AV1']]);
  });
});

describe('candidates', () => {
  it('that come before the description wait for it', async () => {
    const { early, late } = createSides();
    await settle();
    const [offer, ...candidates] = late.outbox.splice(0);
    for (const candidate of candidates) early.receive(candidate);
    await settle();
    expect(early.fake.addedCandidates).toEqual([]);
    early.receive(offer);
    await settle();
    expect(early.fake.addedCandidates).toHaveLength(candidates.length);
    expect(early.warnings).toEqual([]);
  });

  it('that the browser refuses are spoken of, and end nothing', async () => {
    const { early, late } = createSides();
    await deliverAll(early, late);
    early.receive({
      kind: 'candidate',
      generation: 0,
      candidate: 'candidate:of-another-description',
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'stranger',
    });
    await settle();
    expect(early.warnings).toHaveLength(1);
    expect(early.failures).toEqual([]);
  });

  it('of an offer that is ignored are ignored in silence', async () => {
    const { early, late } = createSides();
    await deliverAll(early, late);
    early.negotiation.restartIce();
    late.negotiation.restartIce();
    await settle();
    for (const message of early.outbox.splice(0)) late.receive(message);
    await settle();
    expect(late.fake.signalingState).toBe('have-local-offer');
    expect(late.warnings).toEqual([]);
    await deliverAll(early, late);
    expect(outcomeOf(early, late)).toEqual(agreement);
  });
});

describe('offers that cross', () => {
  it.each([true, false])(
    'end in agreement, whichever is delivered first (the polite: %s)',
    async (politeFirst) => {
      const { early, late } = createSides();
      await deliverAll(early, late);
      early.negotiation.restartIce();
      late.negotiation.restartIce();
      await settle();
      expect([early.offers(), late.offers()]).toEqual([1, 1]);
      await deliverAll(early, late, () => politeFirst);
      expect(outcomeOf(early, late)).toEqual(agreement);
    },
  );

  it('end in agreement in every order of delivery', async () => {
    for (let order = 0; order < 256; order += 1) {
      const { early, late } = createSides();
      await deliverAll(early, late);
      early.negotiation.restartIce();
      late.negotiation.restartIce();
      let bit = 0;
      await deliverAll(early, late, () => ((order >> (bit++ % 8)) & 1) === 1);
      expect(outcomeOf(early, late)).toEqual(agreement);
    }
  });

  it('end in agreement if the second offer is wanted while an answer is being applied', async () => {
    const { early, late } = createSides();
    await settle();
    for (const message of late.outbox.splice(0)) early.receive(message);
    await settle();
    const applying = createDeferred();
    late.fake.gate = applying.promise;
    const [answer, ...rest] = early.outbox.splice(0);
    late.receive(answer);
    // Both want to offer again before the answer is in force.
    early.negotiation.restartIce();
    late.negotiation.restartIce();
    await settle();
    for (const message of [...rest, ...early.outbox.splice(0)]) late.receive(message);
    applying.resolve();
    await deliverAll(early, late);
    expect(outcomeOf(early, late)).toEqual(agreement);
  });

  it('drops an answer that comes when no offer is open', async () => {
    const { early, late } = createSides();
    await settle();
    const first = late.outbox.splice(0);
    for (const message of first) early.receive(message);
    await settle();
    const answers = early.outbox.splice(0);
    for (const message of [...answers, ...answers]) late.receive(message);
    await settle();
    expect(outcomeOf(early, late)).toEqual(agreement);
  });
});

describe('a voice that is to be sent otherwise', () => {
  const twice = { full: false, redundant: true };
  const connected = async () => {
    const { early, late } = createSides();
    await deliverAll(early, late);
    for (const { fake } of [early, late]) fake.become('connected', 'connected');
    return { early, late };
  };

  it('is described anew, once, by whoever sends it', async () => {
    const { early, late } = await connected();
    for (let time = 0; time < 3; time += 1) early.negotiation.tuneVoice(twice);
    await settle();
    early.negotiation.tuneVoice(twice);
    await settle();
    expect(early.offers()).toBe(1);
    await deliverAll(early, late);
    expect(outcomeOf(early, late)).toEqual(agreement);
    early.negotiation.tuneVoice(twice);
    await settle();
    expect(early.outbox).toEqual([]);
  });

  it('waits until the other side can be told', async () => {
    const { early, late } = await connected();
    early.isHeard = false;
    early.negotiation.tuneVoice(twice);
    await settle();
    expect(early.outbox).toEqual([]);
    early.isHeard = true;
    early.negotiation.tuneVoice(twice);
    await settle();
    expect(early.offers()).toBe(1);
    await deliverAll(early, late);
    expect(outcomeOf(early, late)).toEqual(agreement);
  });

  it('is so with the next description, where the connection is not up', async () => {
    const { early, late } = createSides();
    early.negotiation.tuneVoice(twice);
    await deliverAll(early, late);
    early.fake.become('connected', 'connected');
    early.negotiation.tuneVoice(twice);
    await settle();
    expect(early.outbox).toEqual([]);
  });

  it('gives way to an offer of the other side, and is in force with its answer', async () => {
    const { early, late } = await connected();
    early.negotiation.tuneVoice(twice);
    late.negotiation.tuneVoice({ full: true, redundant: false });
    await settle();
    expect([early.offers(), late.offers()]).toEqual([1, 1]);
    await deliverAll(early, late);
    expect(outcomeOf(early, late)).toEqual(agreement);
    early.negotiation.tuneVoice(twice);
    late.negotiation.tuneVoice({ full: true, redundant: false });
    await settle();
    expect([...early.outbox, ...late.outbox]).toEqual([]);
  });
});

describe('a polite side', () => {
  it('offers nothing before it has adopted the sections of the other', async () => {
    const early = new Side('early', true);
    early.negotiation.restartIce();
    await settle();
    expect(early.outbox).toEqual([]);
  });
});

describe('a negotiation that is over', () => {
  it('begins nothing and says nothing more', async () => {
    const { early, late } = createSides();
    await settle();
    const sent = late.outbox.splice(0);
    for (const message of sent) early.receive(message);
    early.negotiation.close();
    await settle();
    expect(early.outbox).toEqual([]);
    expect(early.failures).toEqual([]);
  });

  it('tells of a description that could not be applied', async () => {
    const { early, late } = createSides();
    await settle();
    early.fake.failNextDescription = true;
    early.receive(late.outbox[0]);
    await settle();
    expect(early.failures).toHaveLength(1);
  });
});
