import { describe, expect } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

type Figures = Readonly<Record<string, number | string | null>>;
type Streams = Readonly<Record<'audio' | 'camera' | 'screen' | 'screenAudio', Figures | null>>;

/** The last look of the file that the page lets a person save, as far as it is read here. */
interface SavedLook {
  readonly dataUsed: { readonly bytesSent: number; readonly bytesReceived: number };
  readonly participants: readonly {
    readonly displayName: string;
    readonly path: { readonly relayed: boolean; readonly protocol: string } | null;
    readonly link: (Figures & { readonly received: Streams; readonly sent: Streams }) | null;
  }[];
}

/** Catches what the page saves as a file: where a browser would put it is no matter of the page. */
function catchFiles(guest: Guest): Promise<void> {
  return guest.evaluate(() => {
    const page = window as Window & { savedFile?: Blob | MediaSource };
    URL.createObjectURL = (file) => {
      page.savedFile = file;
      return 'about:blank';
    };
    HTMLAnchorElement.prototype.click = () => {};
  }, null);
}

async function saveLook(guest: Guest): Promise<SavedLook | undefined> {
  return guest.evaluate(async () => {
    document.querySelector<HTMLElement>('.statistics-export button:last-of-type')?.click();
    const { savedFile } = window as Window & { savedFile?: Blob };
    const { looks } = JSON.parse((await savedFile?.text()) ?? '{}') as { looks: SavedLook[] };
    return looks.at(-1);
  }, null);
}

/** The least and the most that each figure may be. Beside a beep, DTX leaves next to nothing to send. */
type Ranges = Readonly<Record<string, readonly [least: number, most: number]>>;
const picture: Ranges = {
  bitsPerSecond: [5_000, 20_000_000],
  width: [16, 7_680],
  height: [16, 4_320],
  framesPerSecond: [1, 120],
  lossShare: [0, 1],
};
const ranges: Readonly<Record<string, Ranges>> = {
  'received audio': {
    bitsPerSecond: [500, 600_000],
    lossShare: [0, 1],
    jitterMs: [0, 5_000],
    concealedShare: [0, 1],
  },
  'received camera': { ...picture, jitterMs: [0, 5_000], freezeShare: [0, 1] },
  'sent audio': { bitsPerSecond: [500, 600_000], lossShare: [0, 1], jitterMs: [0, 5_000] },
  'sent camera': picture,
};

/** Which figures of the connection to the one other person are missing or cannot be. */
function findFaults(look: SavedLook): string[] {
  const [other] = look.participants;
  if (other === undefined || other.link === null) return ['no connection was looked at'];
  const { link, path } = other;
  const faults = Object.entries(ranges).flatMap(([name, figures]) => {
    const [way, source] = name.split(' ') as ['received' | 'sent', 'audio' | 'camera'];
    const stream = link[way][source];
    return Object.entries(figures).flatMap(([figure, [least, most]]) => {
      const value = stream?.[figure];
      const isRight = typeof value === 'number' && value >= least && value <= most;
      return isRight ? [] : [`${name} ${figure} is ${String(value)}`];
    });
  });
  for (const way of ['received', 'sent'] as const) {
    if (link[way].audio?.['codec'] !== 'audio/opus') faults.push(`the voice ${way} has no coding`);
    if (!String(link[way].camera?.['codec']).startsWith('video/')) faults.push(`the camera ${way} has none`);
    if (link[way].screen !== null) faults.push(`a screen is ${way} that nobody shows`);
  }
  const delay = link['roundTripMs'];
  if (typeof delay !== 'number' || delay < 0 || delay > 10_000) faults.push(`the delay is ${String(delay)}`);
  if (path?.relayed !== false || path.protocol !== 'udp') faults.push(`the path is ${JSON.stringify(path)}`);
  return faults;
}

/** Smaller than usual, and so are the pictures. */
const viewport = { width: 1000, height: 640 };

describe('the figures of a call', () => {
  test.for<[BrowserKind, BrowserKind]>([['chromium', 'firefox']])(
    'are all there and plausible in %s and in %s, and agree with each other',
    { timeout: 300_000 },
    async (kinds, { stage }) => {
      const program = await stage.startProgram();
      const url = `${program.origin}/r/figures`;
      const guests = [
        await stage.invite(kinds[0], 'Ana', { viewport }),
        await stage.invite(kinds[1], 'Ben', { viewport }),
      ] as const;
      await enterCall(guests[0], url, 'Ana');
      await enterCall(guests[1], url, 'Ben');
      await expectEveryoneSeesAndHears(guests);
      for (const guest of guests) {
        await catchFiles(guest);
        await guest.click('button', 'More');
        await guest.click('menuitem', 'Statistics');
        await guest.waitFor('complementary', 'Statistics');
      }
      const looks: SavedLook[] = [];
      for (const guest of guests) {
        const look = await until(
          `all figures of ${guest.label} to be there`,
          async () => {
            const saved = await saveLook(guest);
            const faults = saved === undefined ? ['nothing was saved'] : findFaults(saved);
            return saved !== undefined && faults.length === 0
              ? { found: true, value: saved }
              : { found: false, seen: { faults, saved } };
          },
          40_000,
        );
        looks.push(look);
        // What is drawn, and what is read out.
        await guest.waitForText('Direct, by UDP');
        const drawn = await guest.evaluate(
          () =>
            [...document.querySelectorAll('.graph svg')].map((graph) => ({
              name: graph.getAttribute('aria-label') ?? '',
              line: graph.querySelector('path')?.getAttribute('d') ?? '',
            })),
          null,
        );
        expect(drawn).toHaveLength(5);
        for (const { name, line } of drawn) {
          expect(name).toMatch(/last two minutes/);
          expect(line).toMatch(/^M/);
        }
      }
      // What one has sent by then the other has received by then, or a moment later.
      for (const [place, look] of looks.entries()) {
        const [sender, receiver] = place === 0 ? guests : ([guests[1], guests[0]] as const);
        const { bytesSent } = look.dataUsed;
        expect(bytesSent).toBeGreaterThan(10_000);
        await until(`what ${sender.label} has sent to be received`, async () => {
          const dataUsed = (await saveLook(receiver))?.dataUsed;
          return dataUsed !== undefined && dataUsed.bytesReceived > bytesSent * 0.7
            ? { found: true, value: null }
            : { found: false, seen: { bytesSent, dataUsed } };
        });
      }
      // From the keyboard it is closed, which leads back to where it was opened.
      await guests[0].press('Escape');
      await until('the keyboard to be where the figures were asked for', async () => {
        const found = await guests[0].hasFocus('button', 'More');
        return found ? { found, value: null } : { found, seen: null };
      });
      expect(await guests[0].count('complementary', 'Statistics')).toBe(0);
    },
  );
});
