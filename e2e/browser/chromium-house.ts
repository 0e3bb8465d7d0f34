import { createChromiumGuest, launchChromium, type RunningChromium } from './chromium.ts';
import type { ChromiumGuest, GuestOptions } from './guest.ts';

/** Chromiums that guests who agree in what is the browser's own share. */
export interface ChromiumHouse {
  invite(name: string, options: GuestOptions): Promise<ChromiumGuest>;
  /** Ends all of them; whoever is invited later has a new one. */
  close(): Promise<void>;
}

export function createChromiumHouse(): ChromiumHouse {
  const all = new Map<string, Promise<RunningChromium>>();

  const enter = (options: GuestOptions): Promise<RunningChromium> => {
    const { trustedAuthority, devices, cameras, cameraFile, microphoneFile, host } = options;
    const key = JSON.stringify([trustedAuthority, devices, cameras, cameraFile, microphoneFile, host?.name]);
    // Guests who come at the same time wait for the same start.
    const running = Promise.resolve(all.get(key))
      .catch(() => undefined)
      .then((there) => (there?.browser.isConnected() === true ? there : launchChromium(options)));
    all.set(key, running);
    return running;
  };
  return {
    invite: async (name, options) => createChromiumGuest((await enter(options)).browser, name, options),
    close: async () => {
      const running = [...all.values()];
      all.clear();
      const started = await Promise.allSettled(running);
      await Promise.all(
        started.flatMap((start) => (start.status === 'fulfilled' ? [start.value.close()] : [])),
      );
    },
  };
}
