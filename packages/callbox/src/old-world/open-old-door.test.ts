import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { createLogger } from '../log/create-logger.ts';
import { createProgram, type Program } from '../program.ts';
import { fetchRaw, type RawRequest } from '../testing/fetch-raw.ts';

const handshake = '/socket.io/?EIO=3&transport=polling';
let directory: string;
let program: Program;
let ports: readonly number[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callbox-old-door-'));
  const pageDirectory = join(directory, 'pages');
  await mkdir(pageDirectory);
  await writeFile(join(pageDirectory, 'index.html'), '<!doctype html><html><head></head></html>');
  const command = await loadConfig([], {
    CALLBOX_HOST: '127.0.0.1',
    CALLBOX_PORT: '0',
    CALLBOX_SIGNAL_PORT: '0',
    CALLBOX_ROLES: 'signaling,web',
    CALLBOX_DATA_DIR: join(directory, 'data'),
  });
  if (command.wants !== 'start') throw new Error(`wants ${command.wants}`);
  const logger = createLogger({ level: 'error', format: 'json', write: () => {} });
  program = createProgram(command.config, { logger, pageDirectory });
  const { port, signalPort } = await program.start();
  ports = [port ?? 0, signalPort ?? 0];
});
afterAll(async () => {
  await program.stop();
  await rm(directory, { recursive: true });
});

/** The same from the one port and from that of signaling, with and without encryption. */
async function everywhere(request: Omit<RawRequest, 'port' | 'secure'>) {
  const answers = [];
  for (const port of ports) {
    for (const secure of [false, true]) answers.push(await fetchRaw({ ...request, port, secure }));
  }
  return answers;
}

describe('old pages', () => {
  test('are answered in their protocol on the one port and on that of signaling, encrypted or not', async () => {
    const answers = await everywhere({ path: handshake, headers: { origin: 'http://localhost:8080' } });
    expect(answers).toHaveLength(4);
    for (const { status, headers, octets } of answers) {
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['access-control-allow-origin']).toBe('http://localhost:8080');
      expect(octets.toString('latin1')).toContain('"upgrades":["websocket"]');
    }
  });

  test('are led nowhere else, whatever host they ask for and however they ask', async () => {
    for (const path of [handshake, '/socket.io/', '/healthcheck', '/simplewebrtc.js']) {
      const answers = await everywhere({
        path,
        host: 'calls.example',
        headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' },
      });
      expect(answers.filter(({ status }) => status >= 300 && status < 400)).toEqual([]);
    }
  });

  test('are watched over as before', async () => {
    const answers = await everywhere({ path: '/healthcheck' });
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 4 }, () => [200, '']),
    );
  });

  test('find the script of their class, whatever page they are, or a word on why it is not there', async () => {
    for (const { status, headers, body } of await everywhere({
      path: '/simplewebrtc.js',
      headers: { origin: 'https://elsewhere.example' },
    })) {
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect([status, headers['content-type'], body.includes('SimpleWebRTC') || body]).toEqual(
        status === 200
          ? [200, 'text/javascript; charset=utf-8', true]
          : [404, 'text/plain; charset=utf-8', 'The script is not built yet; npm run build builds it.\n'],
      );
    }
  });
});
