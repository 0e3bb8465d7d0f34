import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowserGlobals, FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { createOfferStore } from './prepare-offer.ts';

const servers = { iceServers: [{ urls: 'stun:here' }] };
const words = ['m=audio', 'a=mid:a', 'm=video', 'a=mid:b', 'm=video', 'a=mid:c', 'm=audio', 'a=mid:d', ''];
let made: FakePeerConnection[];
let createOffer: () => Promise<RTCSessionDescriptionInit>;

beforeEach(() => {
  made = [];
  createOffer = () => Promise.resolve({ type: 'offer', sdp: words.join('\r\n') });
  for (const [name, value] of Object.entries(fakeBrowserGlobals)) vi.stubGlobal(name, value);
  vi.stubGlobal(
    'RTCPeerConnection',
    class extends FakePeerConnection {
      constructor(configuration: RTCConfiguration) {
        super(configuration);
        made.push(this);
      }

      override createOffer() {
        return createOffer();
      }
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

describe('an offer that is prepared', () => {
  it('is made once, and handed over once, with the configuration that it is needed with', async () => {
    const offers = createOfferStore();
    await Promise.all([offers.prepare({ bundlePolicy: 'max-bundle' }), offers.prepare({})]);
    expect(made.map(({ configuration }) => configuration)).toEqual([{ bundlePolicy: 'max-bundle' }]);
    const taken = offers.take(servers);
    expect(taken?.connection).toBe(made[0]);
    expect(made[0]?.configuration).toEqual(servers);
    expect(taken?.mids).toEqual({ audio: 'a', camera: 'b', screen: 'c', screenAudio: 'd' });
    expect(taken?.sdp).toContain('a=mid:d');
    const { audio, camera, screen, screenAudio } = taken?.slots ?? {};
    expect([audio, camera, screen, screenAudio]).toEqual(made[0]?.getTransceivers());
    expect(offers.take(servers)).toBeNull();
    offers.clear();
    expect(made[0]?.closed).toBe(false);
  });

  it('is there no more when its connection cannot have the configuration', async () => {
    const offers = createOfferStore();
    await offers.prepare({});
    vi.spyOn(FakePeerConnection.prototype, 'setConfiguration').mockImplementationOnce(() => {
      throw new DOMException('not to be changed', 'InvalidModificationError');
    });
    expect(offers.take(servers)).toBeNull();
    expect(made.map(({ closed }) => closed)).toEqual([true]);
  });

  it('is closed when it is not needed any more, also while it is being made', async () => {
    const offers = createOfferStore();
    const preparing = offers.prepare({});
    offers.clear();
    await preparing;
    expect([made[0]?.closed, offers.take(servers)]).toEqual([true, null]);
    await offers.prepare({});
    expect(offers.take(servers)?.connection).toBe(made[1]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no'))],
    ['does not hold all sections', () => Promise.resolve({ type: 'offer' as const, sdp: 'a=mid:0\r\n' })],
  ])('is none where the browser’s own %s', async (_what, make: typeof createOffer) => {
    createOffer = make;
    const offers = createOfferStore();
    await offers.prepare({});
    expect([offers.take(servers), made[0]?.closed]).toEqual([null, true]);
  });
});
