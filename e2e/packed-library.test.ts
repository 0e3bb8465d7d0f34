import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './browser/chromium.ts';
import { isIsolated, machineAddress } from './networks/isolation.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = ['@callbox/stun', '@callbox/turn'];
/** Where nothing else listens on the port of the example. */
const ADDRESS = isIsolated ? machineAddress : '127.0.5.5';

/** What is packed is what a stranger gets: it has to work in an empty folder, with nothing of this repository near. */
describe('the packed TURN server', () => {
  let folder = '';
  let server: ChildProcess | undefined;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'callbox-packed-'));
    const workspaces = PACKAGES.flatMap((name) => ['--workspace', name]);
    npm(ROOT, 'pack', '--pack-destination', folder, ...workspaces);
    const tarballs = readdirSync(folder).map((name) => `./${name}`);
    writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
    npm(folder, 'install', '--offline', '--no-audit', '--no-fund', ...tarballs);
  }, 120_000);

  afterAll(async () => {
    if (server !== undefined && server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('has its licence, what it says of itself, what runs and its types, and nothing else', () => {
    for (const name of PACKAGES) {
      const files = readdirSync(join(folder, 'node_modules', name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).split(`${name}/`)[1] ?? '');
      expect(files).toEqual(
        expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
      );
      const others = files.filter((file) => !/^dist\/.*(?:\.js|\.d\.ts)$/u.test(file));
      expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
      expect(files.filter((file) => /test|suite|fuzz|tsbuildinfo/u.test(file))).toEqual([]);
    }
  });

  test('has types that hold in a strict program of its own', () => {
    writeFileSync(join(folder, 'main.ts'), exampleOf(folder));
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const types = ['--typeRoots', join(ROOT, 'node_modules/@types')];
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const { stdout, status } = spawnSync(tsc, [...options, ...types, 'main.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
    rmSync(join(folder, 'main.ts'));
  });

  test('serves a browser with the example of its README: two connections meet through relays alone', async () => {
    writeFileSync(join(folder, 'main.js'), exampleOf(folder));
    const started = spawn(process.execPath, ['main.js', ADDRESS], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    server = started;
    await once(started.stdout, 'data');

    const chromium = await launchChromium({});
    const page = createServer((_request, response) => response.end('<!doctype html>'));
    page.listen(0, '127.0.0.1');
    await once(page, 'listening');
    try {
      const tab = await chromium.browser.newPage();
      await tab.goto(`http://127.0.0.1:${(page.address() as AddressInfo).port}/`);
      for (const transport of ['udp', 'tcp']) {
        const url = `turn:${ADDRESS}:3478?transport=${transport}`;
        expect(await tab.evaluate(exchangeThroughRelays, url)).toEqual({
          heard: 'hello',
          ways: ['relay', 'relay'],
        });
      }
    } finally {
      page.close();
      await chromium.close();
    }
  });
});

/** The first program of the README that was packed. */
function exampleOf(folder: string): string {
  const readme = readFileSync(join(folder, 'node_modules/@callbox/turn/README.md'), 'utf8');
  const [, program] = /```ts\n(.*?)```/su.exec(readme) ?? [];
  if (program === undefined) throw new Error('the README has no example');
  return program;
}

function npm(cwd: string, ...parameters: readonly string[]): void {
  execFileSync('npm', parameters, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** In the page: two connections that may use relays alone, a word over a data channel, and which way it went. */
async function exchangeThroughRelays(
  url: string,
): Promise<{ readonly heard: string; readonly ways: readonly string[] }> {
  const configuration: RTCConfiguration = {
    iceServers: [{ urls: url, username: 'alice', credential: 'wonderland' }],
    iceTransportPolicy: 'relay',
  };
  const [caller, callee] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
  caller.addEventListener(
    'icecandidate',
    ({ candidate }) => void callee.addIceCandidate(candidate ?? undefined),
  );
  callee.addEventListener(
    'icecandidate',
    ({ candidate }) => void caller.addIceCandidate(candidate ?? undefined),
  );
  const channel = caller.createDataChannel('words');
  channel.addEventListener('open', () => {
    channel.send('hello');
  });
  const word = new Promise<string>((resolve, reject) => {
    setTimeout(() => {
      reject(new Error('nothing was heard'));
    }, 20_000);
    callee.addEventListener('datachannel', (event) => {
      event.channel.addEventListener('message', ({ data }) => {
        resolve(String(data));
      });
    });
  });
  await caller.setLocalDescription();
  await callee.setRemoteDescription(caller.localDescription ?? { type: 'offer' });
  await callee.setLocalDescription();
  await caller.setRemoteDescription(callee.localDescription ?? { type: 'answer' });
  const heard = await word;
  const pair = caller.sctp?.transport.iceTransport.getSelectedCandidatePair();
  const ways = [pair?.local?.type ?? 'none', pair?.remote?.type ?? 'none'];
  caller.close();
  callee.close();
  return { heard, ways };
}
