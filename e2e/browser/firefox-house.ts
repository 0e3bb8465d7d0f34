import { withinDeadline } from '../within-deadline.ts';
import { createFirefoxGuest, firefoxKeyOf, launchFirefox, type RunningFirefox } from './firefox.ts';
import type { Guest, GuestOptions } from './guest.ts';

const LEAVE_DEADLINE_MS = 10_000;

/** Firefoxes that stay when their guest has left: a start takes many times as long as a new guest in one that runs. */
export interface FirefoxHouse {
  invite(name: string, options: GuestOptions): Promise<Guest>;
  /** Ends all of them; whoever is invited later has a new one. */
  close(): Promise<void>;
}

export function createFirefoxHouse(): FirefoxHouse {
  const all: RunningFirefox[] = [];
  const idle = new Map<string, RunningFirefox[]>();

  const take = (key: string): RunningFirefox | undefined => {
    const waiting = idle.get(key) ?? [];
    for (let firefox = waiting.pop(); firefox !== undefined; firefox = waiting.pop()) {
      if (firefox.isAlive()) return firefox;
    }
    return undefined;
  };
  return {
    invite: async (name, options) => {
      const key = firefoxKeyOf(options);
      let firefox = take(key);
      if (firefox === undefined) {
        firefox = await launchFirefox(options);
        all.push(firefox);
      }
      const taken = firefox;
      const guest = await createFirefoxGuest(taken, name, options);
      const leave = async () => {
        try {
          await withinDeadline(guest.close(), LEAVE_DEADLINE_MS);
        } catch {
          // Nobody shall come after one who could not leave.
          await taken.close();
          return;
        }
        idle.set(key, [...(idle.get(key) ?? []), taken]);
      };
      let left: Promise<void> | undefined;
      return { ...guest, close: () => (left ??= leave()) };
    },
    close: async () => {
      idle.clear();
      await Promise.all(
        all
          .splice(0)
          .filter((firefox) => firefox.isAlive())
          .map((firefox) => firefox.close()),
      );
    },
  };
}
