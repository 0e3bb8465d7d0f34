import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkReading, RawStats } from '../logic/link-statistics.ts';
import type { SendingPlan } from '../logic/sending-plan.ts';
import type { LinkQuality, UplinkState } from '../statistics-types.ts';
import { participantId } from '../testing/participant-id.ts';
import { createQualityControl } from './quality-control.ts';

const ana = participantId('ana');
const ben = participantId('ben');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Connections that send 100 kB/s of the camera each, with what the test says of losses. */
function createFixture() {
  const losses = new Map([
    [ana, 0],
    [ben, 0],
  ]);
  let looks = 0;
  let available: number | undefined;
  let told = 0;
  const sections: LinkReading['sections'] = {
    audio: { mid: '0', receivedTrackId: 'mic' },
    camera: { mid: '1', receivedTrackId: 'cam' },
    screen: null,
    screenAudio: null,
  };
  const plans: ReadonlyMap<string, SendingPlan>[] = [];
  const qualities = new Map<string, LinkQuality>();
  const states: UplinkState[] = [];
  const control = createQualityControl({
    read: (id) => {
      looks += 1;
      const timestamp = performance.now();
      const entries: RawStats[] = [
        { id: 'O', type: 'outbound-rtp', mid: '1', timestamp, bytesSent: timestamp * 100 },
        { id: 'V', type: 'outbound-rtp', mid: '0', timestamp, bytesSent: timestamp * 4 },
        { id: 'W', type: 'remote-inbound-rtp', localId: 'V', fractionLost: losses.get(id) ?? 0 },
        { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
        {
          id: 'P',
          type: 'candidate-pair',
          ...(available !== undefined && { availableOutgoingBitrate: available }),
          bytesSent: timestamp,
          bytesReceived: 2 * timestamp,
        },
        { id: 'R', type: 'remote-inbound-rtp', localId: 'O', fractionLost: losses.get(id) ?? 0 },
      ];
      return Promise.resolve({
        generation: 0,
        report: new Map(entries.map((entry) => [entry.id, entry])),
        sections,
      });
    },
    onPlans: (next) => void plans.push(next),
    onQuality: (id, quality) => void qualities.set(id, quality),
    onUplink: (state) => void states.push(state),
    onLooked: () => void (told += 1),
  });
  control.setOwn({ camera: true, screen: false });
  control.add(ana);
  control.add(ben);
  const cameraOf = (id: string) => plans.at(-1)?.get(id)?.camera;
  return {
    control,
    losses,
    plans,
    qualities,
    states,
    cameraOf,
    looks: () => looks,
    told: () => told,
    carry: (bits: number) => void (available = bits),
  };
}

describe('quality control', () => {
  it('plans anew when people come and go, and when they say what they look at', () => {
    const { control, cameraOf } = createFixture();
    expect(cameraOf('ana')?.maxBitsPerSecond).toBe(1_000_000);
    control.setWanted(ben, { camera: 0, screen: 0 });
    expect([cameraOf('ana')?.maxBitsPerSecond, cameraOf('ben')]).toEqual([1_700_000, null]);
    control.remove(ben);
    expect(cameraOf('ana')?.maxBitsPerSecond).toBe(1_700_000);
    expect(cameraOf('ben')).toBeUndefined();
    control.setWanted(ben, { camera: 100, screen: 0 });
    expect(cameraOf('ben')).toBeUndefined();
    control.stop();
  });

  it('sends less when much is lost to all, says so, and recovers', async () => {
    const { control, losses, qualities, states, cameraOf } = createFixture();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(qualities.get('ana')).toEqual({ bars: 4, blame: null });
    losses.set(ana, 0.12);
    losses.set(ben, 0.12);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(states).toEqual(['saving']);
    expect(cameraOf('ana')?.maxBitsPerSecond).toBe(600_000);
    expect(qualities.get('ana')).toEqual({ bars: 1, blame: 'here' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(states).toEqual(['saving', 'voice-only']);
    expect(cameraOf('ana')).toBeNull();
    control.keepPictures();
    expect(states.at(-1)).toBe('saving');
    expect(cameraOf('ana')?.maxBitsPerSecond).toBe(180_000);
    losses.set(ana, 0);
    losses.set(ben, 0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe('good');
    expect(cameraOf('ana')?.maxBitsPerSecond).toBe(1_000_000);
    control.stop();
  });

  it('sends the voice twice to who loses it, and only while they do', async () => {
    const { control, losses, plans } = createFixture();
    const twiceTo = () => ['ana', 'ben'].map((id) => plans.at(-1)?.get(id)?.redundantVoice);
    losses.set(ben, 0.06);
    // The first look has none before it to compare with.
    await vi.advanceTimersByTimeAsync(4_000);
    expect(twiceTo()).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(twiceTo()).toEqual([false, true]);
    losses.set(ben, 0);
    await vi.advanceTimersByTimeAsync(28_000);
    expect(twiceTo()).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(twiceTo()).toEqual([false, false]);
    control.stop();
  });

  it('counts the data of all, those who have left and those who were lost for a while included', async () => {
    const { control } = createFixture();
    const beganAtMs = performance.now();
    await vi.advanceTimersByTimeAsync(4_000);
    const twice = (beganAtMs + 4_000) * 2;
    expect(control.dataUsed()).toEqual({ bytesSent: twice, bytesReceived: 2 * twice });
    control.remove(ben);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(control.dataUsed().bytesSent).toBe(twice + 2_000);
    control.stop();
  });

  it('lets the camera beside a screen be as large as the browser believes that the link carries', async () => {
    const { control, carry, cameraOf } = createFixture();
    control.setOwn({ camera: true, screen: true });
    expect(cameraOf('ana')?.maxShortSide).toBe(270);
    carry(500_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(cameraOf('ana')?.maxShortSide).toBe(180);
    carry(9_000_000);
    await vi.advanceTimersByTimeAsync(60_000);
    // As without a screen, and no larger.
    expect(cameraOf('ana')).toMatchObject({ maxShortSide: 540, maxBitsPerSecond: 1_000_000 });
    carry(1_000_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(cameraOf('ana')?.maxShortSide).toBe(180);
    control.setOwn({ camera: true, screen: false });
    expect(cameraOf('ana')?.maxShortSide).toBe(540);
    control.stop();
  });

  it('looks as often as is wanted, and no more when it has ended', async () => {
    const { control, looks, told } = createFixture();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([looks(), told()]).toEqual([10, 5]);
    control.setPace('close');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks()).toBe(30);
    control.setPace('calm');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(looks()).toBe(34);
    expect(control.statistics(ana)?.sent.camera?.bitsPerSecond).toBeCloseTo(800_000);
    control.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks()).toBe(34);
  });
});
