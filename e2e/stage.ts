import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { findChromium } from './browser/chromium.ts';
import { createChromiumHouse, type ChromiumHouse } from './browser/chromium-house.ts';
import { findFirefox } from './browser/firefox.ts';
import { createFirefoxHouse, type FirefoxHouse } from './browser/firefox-house.ts';
import type { BrowserKind, ChromiumGuest, Guest, GuestOptions } from './browser/guest.ts';
import { sampleLinks } from './media/link-sample.ts';
import { samplePlayback } from './media/playback-sample.ts';
import { createInternet, type Internet } from './networks/internet/create-internet.ts';
import type { InternetPlan } from './networks/internet/internet-plan.ts';
import { machineAddress, machineName, otherName } from './networks/isolation.ts';
import { startProgram, type Program, type ProgramOptions } from './program/start-program.ts';
import { withinDeadline } from './within-deadline.ts';

const artifacts = join(import.meta.dirname, '../artifacts/e2e');
/** A page that stands still says nothing, and what the others say is to be kept all the same. */
const EVIDENCE_DEADLINE_MS = 10_000;

/** What a test brings on: programs and guests. All are gone when it ends, and nothing may have gone wrong unseen. */
export interface Stage {
  startProgram(options?: ProgramOptions): Promise<Program>;
  /** Builds networks that are gone when the test ends. */
  createInternet(plan: InternetPlan): Promise<Internet>;
  invite(kind: 'chromium', name: string, options?: GuestOptions): Promise<ChromiumGuest>;
  invite(kind: BrowserKind, name: string, options?: GuestOptions): Promise<Guest>;
  /** Says that a server of the test's own is at this port of this machine: pages may ask it. */
  expectServer(port: number): void;
  /** Says which problems of pages belong to the test: all others fail it. */
  expectProblem(pattern: RegExp): void;
}

/** Browsers on this machine, which all tests of a file share: guests in them share nothing. */
interface Lodging {
  readonly chromiums: ChromiumHouse;
  readonly firefoxes: FirefoxHouse;
}

function createLodging(): Lodging {
  return { chromiums: createChromiumHouse(), firefoxes: createFirefoxHouse() };
}

async function closeLodging({ chromiums, firefoxes }: Lodging): Promise<void> {
  await Promise.all([chromiums.close(), firefoxes.close()]);
}

/** A test with a stage. Where it fails, pictures, consoles, statistics and logs are kept under `artifacts/e2e`. */
export const test = base.extend<{ $file: { lodging: Lodging }; $test: { stage: Stage } }>({
  lodging: [
    // oxlint-disable-next-line no-empty-pattern -- by it Vitest knows that this stands on nothing else
    async ({}, use) => {
      const lodging = createLodging();
      await use(lodging);
      await closeLodging(lodging);
    },
    { scope: 'file' },
  ],
  stage: async ({ lodging, task, skip }, use) => {
    const cast = createCast(lodging, skip);
    await use(cast.stage);
    const faults = task.result?.state === 'fail' ? [] : cast.findFaults();
    if (task.result?.state === 'fail' || faults.length > 0) {
      const errors = task.result?.errors?.map((error) => error.stack ?? error.message) ?? [];
      await cast.keepEvidence(join(artifacts, slugOf(task.name)), [...errors, ...faults]);
    }
    const afterFaults = await cast.leave();
    // A browser that had a part in a failure has none in the second try.
    if (task.result?.state === 'fail' || faults.length > 0) await closeLodging(lodging);
    if (faults.length > 0 || afterFaults.length > 0) throw new Error([...faults, ...afterFaults].join('\n'));
  },
});

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
}

interface Cast {
  readonly stage: Stage;
  /** What went wrong in a page without failing the test. */
  findFaults(): string[];
  keepEvidence(folder: string, faults: readonly string[]): Promise<void>;
  /** Sends everybody home; returns what went wrong with that. */
  leave(): Promise<string[]>;
}

function createCast(shared: Lodging, skip: (note: string) => never): Cast {
  const programs: Program[] = [];
  const guests: Guest[] = [];
  const internets: Internet[] = [];
  const expected: RegExp[] = [];
  const servers: number[] = [];

  /** On hosts of the test internet, which ends with the test. */
  const own = createLodging();
  const lodgingFor = ({ host }: GuestOptions) => (host === undefined ? shared : own);

  const inviteChromium = (name: string, options: GuestOptions) => {
    if (findChromium() === null) skip('there is no Chromium on this machine');
    return lodgingFor(options).chromiums.invite(name, options);
  };
  const inviteFirefox = (name: string, options: GuestOptions) => {
    if (findFirefox() === null) skip('there is no Firefox on this machine');
    return lodgingFor(options).firefoxes.invite(name, options);
  };
  function invite(kind: 'chromium', name: string, options?: GuestOptions): Promise<ChromiumGuest>;
  function invite(kind: BrowserKind, name: string, options?: GuestOptions): Promise<Guest>;
  async function invite(kind: BrowserKind, name: string, options: GuestOptions = {}): Promise<Guest> {
    const guest =
      kind === 'chromium' ? await inviteChromium(name, options) : await inviteFirefox(name, options);
    guests.push(guest);
    return guest;
  }

  return {
    stage: {
      invite,
      startProgram: async (options) => {
        const program = await startProgram(options);
        programs.push(program);
        return program;
      },
      createInternet: async (plan) => {
        const internet = await createInternet(plan);
        internets.push(internet);
        return internet;
      },
      expectServer: (port) => void servers.push(port),
      expectProblem: (pattern) => void expected.push(pattern),
    },
    findFaults: () =>
      guests.flatMap((guest) =>
        [
          ...guest.problems,
          ...findForeignRequests(guest, programs, internets, servers).map(
            (url) => `asked a stranger: ${url}`,
          ),
        ]
          .filter((fault) => !expected.some((pattern) => pattern.test(fault)))
          .map((fault) => `${guest.label} ${fault}`),
      ),
    keepEvidence: async (folder, faults) => {
      await keepEvidence(folder, guests, programs);
      await writeFile(join(folder, 'faults.txt'), faults.join('\n\n'));
    },
    leave: async () => {
      await Promise.all(guests.map((guest) => guest.close()));
      await closeLodging(own);
      const codes = await Promise.all(programs.map((program) => program.stop()));
      await Promise.all(internets.map((internet) => internet.close()));
      return codes.filter((code) => code !== 0).map((code) => `the program ended with code ${code}`);
    },
  };
}

/** Addresses that a page asked for and that are none of our programs'. */
function findForeignRequests(
  guest: Guest,
  programs: readonly Program[],
  internets: readonly Internet[],
  servers: readonly number[],
): string[] {
  const ours = ['127.0.0.1', 'localhost', machineName, otherName, machineAddress];
  const hosts = new Set([...ours, ...internets.flatMap(({ hostNames }) => [...hostNames])]);
  const ofPrograms = programs.flatMap(({ port, signalPort }) => [port, signalPort]);
  const ports = new Set([...ofPrograms, ...servers].map(String));
  return guest.requests.filter((request) => {
    const { protocol, hostname, port } = new URL(request);
    return !(
      ['data:', 'blob:', 'about:'].includes(protocol) ||
      (hosts.has(hostname) && ports.has(port || '443'))
    );
  });
}

async function keepEvidence(
  folder: string,
  guests: readonly Guest[],
  programs: readonly Program[],
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const keep = async (file: string, evidence: () => Promise<string> | string) => {
    const text = await withinDeadline(Promise.resolve().then(evidence), EVIDENCE_DEADLINE_MS).catch(
      (error: unknown) => `not to be had: ${String(error)}`,
    );
    await writeFile(join(folder, file), text);
  };
  for (const guest of guests) {
    const name = slugOf(guest.label);
    await withinDeadline(guest.screenshot(`${join(folder, name)}.png`), EVIDENCE_DEADLINE_MS).catch(
      () => undefined,
    );
    await keep(`${name}.console.txt`, () =>
      [...guest.consoleLines, guest.url(), ...guest.requests].join('\n'),
    );
    await keep(`${name}.media.json`, async () =>
      JSON.stringify({ links: await sampleLinks(guest), playback: await samplePlayback(guest) }, null, 1),
    );
  }
  for (const [index, program] of programs.entries())
    await keep(`program-${index}.log`, () => program.output());
}
