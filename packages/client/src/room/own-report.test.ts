import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeSignaling } from '../testing/fake-signaling.ts';
import { participantId } from '../testing/participant-id.ts';
import { createOwnReport } from './own-report.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const off = { audio: false, video: false, screen: false };
const audioOn = { ...off, audio: true };
const allOn = { audio: true, video: true, screen: false };
const reply = { id: participantId('me'), displayName: '', media: off, joinedAtMs: 1 };

function createFixture() {
  const signaling = createFakeSignaling();
  const report = createOwnReport(signaling.connection, () => {});
  const told = () => signaling.requests('participant-update').map(({ media }) => media);
  return { signaling, report, told };
}

describe('telling the room what is sent', () => {
  it('begins only once the room knows this person, and tells no news twice', () => {
    const { report, told } = createFixture();
    report.tell(audioOn);
    expect(told()).toEqual([]);
    report.begin(off);
    report.tell({ ...audioOn });
    expect(told()).toEqual([audioOn]);
  });

  it('has nothing to say where the join has said it all', () => {
    const { report, told } = createFixture();
    report.tell(allOn);
    report.begin({ ...allOn });
    expect(told()).toEqual([]);
  });

  it('sends one at a time, and then only the latest', () => {
    const { signaling, report, told } = createFixture();
    report.begin(off);
    report.tell(audioOn);
    report.tell(off);
    report.tell(allOn);
    expect(told()).toEqual([audioOn]);
    signaling.answer('participant-update', reply);
    expect(told()).toEqual([audioOn, allOn]);
    signaling.answer('participant-update', reply);
    expect(signaling.waiting('participant-update')).toBe(0);
  });

  it('tries again after a second if it was refused', () => {
    const { signaling, report, told } = createFixture();
    report.begin(off);
    report.tell(audioOn);
    signaling.refuse('participant-update', 'rate-limited');
    vi.advanceTimersByTime(1_000);
    expect(told()).toEqual([audioOn, audioOn]);
  });

  it('is silent while paused, and goes by what the new stay knows', () => {
    const { signaling, report, told } = createFixture();
    report.begin(off);
    report.tell(audioOn);
    report.pause();
    signaling.lose();
    vi.advanceTimersByTime(10_000);
    report.tell(allOn);
    expect(told()).toEqual([audioOn]);
    report.begin(audioOn);
    expect(told()).toEqual([audioOn, allOn]);
  });

  it('does not take the answer of an earlier stay for one of this', () => {
    const { signaling, report, told } = createFixture();
    report.begin(off);
    report.tell(audioOn);
    report.pause();
    report.begin({ ...off });
    signaling.answer('participant-update', reply);
    expect(told()).toEqual([audioOn, audioOn]);
  });
});
