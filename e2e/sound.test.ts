import { describe } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { readVoice, type SentVoice } from './media/sent-voice.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

function waitForVoice(guest: Guest, what: string, holds: (voice: SentVoice) => boolean): Promise<SentVoice> {
  return until(`${guest.label} to send ${what}`, async () => {
    const voice = await readVoice(guest);
    return voice !== null && holds(voice) ? { found: true, value: voice } : { found: false, seen: voice };
  });
}

const isMusic = ({ parameters }: SentVoice) =>
  parameters.includes('stereo=1') &&
  parameters.includes('maxaveragebitrate=128000') &&
  !parameters.includes('usedtx');
const isVoice = ({ parameters }: SentVoice) =>
  parameters.includes('usedtx=1') && !parameters.includes('stereo=1');

async function switchOriginalSound(guest: Guest): Promise<void> {
  await guest.click('button', 'More');
  await guest.click('menuitem', 'Devices');
  await guest.click('checkbox', 'Original sound');
  await guest.press('Escape');
}

describe('the sound of a call', () => {
  test.for<[BrowserKind]>([['chromium'], ['firefox']])(
    'is that of a voice until it is wanted as it is, towards %s, and then again',
    async ([kind], { stage }) => {
      const program = await stage.startProgram();
      const url = `${program.origin}/r/sound`;
      const ana = await stage.invite('chromium', 'Ana');
      const ben = await stage.invite(kind, 'Ben');
      await enterCall(ana, url, 'Ana');
      await enterCall(ben, url, 'Ben');
      await expectEveryoneSeesAndHears([ana, ben]);
      await waitForVoice(ana, 'its voice', (voice) => isVoice(voice) && voice.isCleaned === true);
      // Firefox would rather have both channels of anything, which costs a voice twice its bits.
      await waitForVoice(ben, 'its voice', kind === 'firefox' ? () => true : isVoice);

      await switchOriginalSound(ana);
      const music = await waitForVoice(ana, 'music', (voice) => isMusic(voice) && voice.isCleaned === false);
      await waitForVoice(ana, 'more of it', ({ bytesSent }) => bytesSent > music.bytesSent + 5_000);
      await expectEveryoneSeesAndHears([ana, ben]);

      await switchOriginalSound(ana);
      await waitForVoice(ana, 'its voice again', (voice) => isVoice(voice) && voice.isCleaned === true);
      await expectEveryoneSeesAndHears([ana, ben]);

      await switchOriginalSound(ben);
      await waitForVoice(ben, 'music', kind === 'firefox' ? ({ isCleaned }) => isCleaned !== true : isMusic);
      await expectEveryoneSeesAndHears([ana, ben]);
    },
  );
});
