import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { look, whenChecked, type Seen } from './call/read-check.ts';
import { blockPort } from './networks/block-port.ts';
import { isIsolated, machineName } from './networks/isolation.ts';
import { createTestAuthority, type CertifiedKey } from './program/test-authority.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

// The page that checks the connection, in real browsers, by the real relay.

const browsers: BrowserKind[] = ['chromium', 'firefox'];
const heading = 'Will a call work here?';

let trustedAuthority: string;
let certificate: CertifiedKey;

beforeAll(async () => {
  const authority = await createTestAuthority();
  trustedAuthority = authority.pem;
  certificate = await authority.certify([machineName, 'localhost'], []);
});

function whenRow(guest: Guest, id: string, state: string): Promise<Seen> {
  return until(`the row ${id} to be ${state}`, async () => {
    const seen = await look(guest);
    return seen.rows[id] === state ? { found: true, value: seen } : { found: false, seen };
  });
}

describe.runIf(isIsolated)('the check of the connection', () => {
  test.for(browsers)('%s finds every way open, and carries data by each', async (kind, { stage }) => {
    const program = await stage.startProgram({ certificate });
    const ana = await stage.invite(kind, 'Ana', { trustedAuthority });
    await ana.open(`https://${machineName}:${program.port}/check`);
    await ana.waitFor('heading', heading);
    const { verdict, rows, report } = await whenChecked(ana);
    expect(rows).toMatchObject({
      secure: 'good',
      socket: 'good',
      mapping: 'good',
      'relay-udp': 'good',
      'relay-tcp': 'good',
      'relay-tls': 'good',
    });
    expect(verdict).toBe('good');
    for (const way of ['udp', 'tcp', 'tls']) {
      expect(report).toMatch(
        new RegExp(
          `relay-${way}: +works, after \\d+ ms, [\\d.]+ ms there and back, \\d+ % lost, [\\d.]+ Mbit/s`,
        ),
      );
    }
    // The relay's own figures: what the page says came by these ways did.
    const figures = await program.figures();
    for (const way of ['udp', 'tcp', 'tls']) {
      expect(figures[`packets_from_clients_${way}`]).toBeGreaterThan(100);
      expect(figures[`packets_to_clients_${way}`]).toBeGreaterThan(100);
    }
  });

  test.for(browsers)(
    '%s says that UDP is blocked, and that calls work all the same',
    async (kind, { stage }) => {
      const program = await stage.startProgram({ certificate });
      const open = await blockPort('udp', program.turnPort);
      try {
        const ana = await stage.invite(kind, 'Ana', { trustedAuthority });
        await ana.open(`https://${machineName}:${program.port}/check`);
        const { verdict, rows } = await whenChecked(ana);
        expect(rows).toMatchObject({
          socket: 'good',
          mapping: 'closed',
          'relay-udp': 'closed',
          'relay-tcp': 'good',
          'relay-tls': 'good',
        });
        expect(verdict).toBe('slow');
        await ana.waitForText('Your network lets no UDP through to the server.');
      } finally {
        await open();
      }
    },
  );

  test('devices are tried when the person says so, and put out when the page is left', async ({ stage }) => {
    const program = await stage.startProgram({ certificate });
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
    await ana.open(`https://${machineName}:${program.port}/`);
    await ana.click('link', heading);
    await ana.waitFor('heading', heading);
    expect((await look(ana)).rows).toMatchObject({
      camera: 'unasked',
      microphone: 'unasked',
      speaker: 'unasked',
    });
    await ana.click('button', 'Try camera and microphone');
    await whenRow(ana, 'camera', 'good');
    // The fake microphone beeps once a second.
    await whenRow(ana, 'microphone', 'good');
    await ana.click('button', 'Play the notes');
    await ana.click('button', 'I hear them');
    const { report } = await whenRow(ana, 'speaker', 'good');
    expect(report).toMatch(/camera: +on\nmicrophone: +on, heard\nspeaker: +good\n$/);
    await ana.click('link', 'Callbox');
    await ana.waitFor('button', 'Start a call');
  });

  test('the report tells no credential, and nobody’s whole address unless asked', async ({ stage }) => {
    const program = await stage.startProgram({ certificate });
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
    const url = `https://${machineName}:${program.port}`;
    await ana.open(`${url}/check`);
    const { report } = await whenChecked(ana);
    const { iceServers } = await ana.evaluate(
      async () => (await (await fetch('check/ice-servers')).json()) as { iceServers: RTCIceServer[] },
      undefined,
    );
    expect(iceServers[0]?.username).toMatch(/^\d+:/);
    expect(report).not.toMatch(/credential|username|check-|:\w{16,}/);
    expect(report).not.toContain('10.99.0.1');
    expect(report).toContain(url);
  });

  test('a page without signaling says so', async ({ stage }) => {
    const program = await stage.startProgram({ certificate });
    const ana = await stage.invite('chromium', 'Ana', {
      trustedAuthority,
      // As where a network lets the pages through and nothing else.
      scriptBeforePage: `
        window.WebSocket = class extends EventTarget {
          constructor() { super(); setTimeout(() => this.dispatchEvent(new Event('error')), 10); }
          close() {}
        };
        window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));`,
    });
    await ana.open(`https://${machineName}:${program.port}/check`);
    const { verdict, rows } = await whenChecked(ana);
    expect([verdict, rows['socket'], rows['relay-udp']]).toEqual(['bad', 'failed', 'failed']);
    await ana.waitForText('The server does not answer.');
  });

  test.for(['light', 'dark'] as const)(
    'axe finds nothing wrong with it, %s',
    async (colorScheme, { stage }) => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const program = await stage.startProgram({ certificate });
      const ana = await stage.invite('chromium', 'Ana', { trustedAuthority, colorScheme });
      await ana.open(`https://${machineName}:${program.port}/check`);
      await whenChecked(ana);
      await ana.run(axe);
      const violations = await ana.evaluate(async () => {
        const { axe: checker } = window as unknown as {
          axe: {
            run(node: Document): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
          };
        };
        const results = await checker.run(document);
        return results.violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`,
        );
      }, undefined);
      expect(violations).toEqual([]);
    },
  );

  test('it can be used with the keyboard alone', async ({ stage }) => {
    const program = await stage.startProgram({ certificate });
    const ana = await stage.invite('chromium', 'Ana', { trustedAuthority });
    await ana.open(`https://${machineName}:${program.port}/check`);
    await whenChecked(ana);
    for (const name of ['Try all again', 'Play the notes', 'Try camera and microphone', 'Copy report']) {
      for (let presses = 0; !(await ana.hasFocus('button', name)); presses += 1) {
        expect(presses).toBeLessThan(20);
        await ana.press('Tab');
      }
    }
    await ana.press('Enter');
    await ana.waitFor('button', 'Report copied');
  });
});
