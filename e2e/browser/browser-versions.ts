import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findChromium } from './chromium.ts';
import { findFirefox } from './firefox.ts';

/** What the browsers of this machine call themselves. */
export async function readBrowserVersions(): Promise<{ chromium: string; firefox: string }> {
  const ask = async (program: string | null) => {
    if (program === null) return 'none';
    const { stdout } = await promisify(execFile)(program, ['--version']);
    return stdout
      .trim()
      .replace(/^Mozilla /, '')
      .replace(/ built on.*/, '');
  };
  return { chromium: await ask(findChromium()), firefox: await ask(findFirefox()) };
}
