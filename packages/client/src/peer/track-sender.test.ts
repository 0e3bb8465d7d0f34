import { describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../testing/deferred.ts';
import { FakeSender } from '../testing/fake-peer-connection.ts';
import { createTrackSender } from './track-sender.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const track = (id: string) => ({ id, kind: 'video' }) as MediaStreamTrack;

function createSender() {
  const fake = new FakeSender();
  const log = vi.fn();
  return { fake, log, sender: createTrackSender(fake as unknown as RTCRtpSender, log) };
}

describe('sending a track', () => {
  it('puts the track in and changes the one encoding, keeping what the browser has set', async () => {
    const { fake, sender } = createSender();
    fake.parameters.encodings = [{ active: true, networkPriority: 'low' }];
    sender.wish(track('camera'), { maxBitrate: 1_000, degradationPreference: 'maintain-framerate' });
    await settle();
    expect(fake.track?.id).toBe('camera');
    expect(fake.parameters.encodings).toEqual([{ active: true, networkPriority: 'low', maxBitrate: 1_000 }]);
    expect(fake.parameters.degradationPreference).toBe('maintain-framerate');
    expect(fake.parameters.transactionId).toBe('0');
  });

  it('never overlaps two steps, and skips wishes that are out of date', async () => {
    const { fake, sender } = createSender();
    const gate = createDeferred();
    fake.gate = gate.promise;
    sender.wish(track('first'), { maxBitrate: 1 });
    sender.wish(track('second'), { maxBitrate: 2 });
    sender.wish(track('third'), { maxBitrate: 3 });
    gate.resolve();
    await settle();
    expect(fake.steps).toEqual([
      'replaceTrack first',
      'replaced',
      'setParameters',
      'set',
      'replaceTrack third',
      'replaced',
      'setParameters',
      'set',
    ]);
    expect(fake.parameters.encodings[0]?.maxBitrate).toBe(3);
  });

  it('does not replace a track by itself', async () => {
    const { fake, sender } = createSender();
    sender.wish(track('camera'), {});
    await settle();
    sender.wish(fake.track, { maxBitrate: 5 });
    await settle();
    expect(fake.steps.filter((step) => step.startsWith('replaceTrack'))).toEqual(['replaceTrack camera']);
  });

  it('tells the browser nothing that it was told already, until it may have forgotten', async () => {
    const { fake, sender } = createSender();
    const camera = track('camera');
    const told = () => fake.steps.filter((step) => step === 'setParameters').length;
    for (const maxBitrate of [5, 5, 6, 6]) {
      sender.wish(camera, { maxBitrate });
      await settle();
    }
    expect(told()).toBe(2);
    fake.parameters.encodings = [{}];
    sender.forget();
    sender.wish(camera, { maxBitrate: 6 });
    await settle();
    expect([told(), fake.parameters.encodings]).toEqual([3, [{ maxBitrate: 6 }]]);
  });

  it('says how a track is to be sent when there is one', async () => {
    const { fake, sender } = createSender();
    sender.wish(null, { maxBitrate: 5 });
    await settle();
    expect(fake.steps).toEqual([]);
    sender.wish(track('camera'), { maxBitrate: 5 });
    await settle();
    expect(fake.parameters.encodings[0]?.maxBitrate).toBe(5);
  });

  it('waits for a later wish where the sender has no encoding yet', async () => {
    const { fake, sender } = createSender();
    fake.parameters.encodings = [];
    sender.wish(track('camera'), { maxBitrate: 5 });
    await settle();
    expect(fake.steps).not.toContain('setParameters');
  });

  it('says so when the browser refuses, and tries again at the next wish', async () => {
    const { fake, log, sender } = createSender();
    fake.gate = Promise.reject(new Error('no'));
    sender.wish(track('camera'), {});
    await settle();
    expect(log).toHaveBeenCalledWith('warn', expect.any(String), expect.anything());
    fake.gate = Promise.resolve();
    sender.wish(track('camera'), {});
    await settle();
    expect(fake.track?.id).toBe('camera');
  });
});
