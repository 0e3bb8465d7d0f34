import { createServer, request as requestHttps } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '../../e2e/program/test-authority.ts';
import type { Pebble } from './start-pebble.ts';

/** The window in which the shim would have every certificate renewed. */
export interface ShimWindow {
  readonly start: Date;
  readonly end: Date;
}

/**
 * Stands before an authority and announces what Debian's pebble does not know: kinds of certificates (profiles) and renewal
 * information (RFC 9773). It notes what is asked of either.
 */
export interface Shim {
  readonly directoryUrl: string;
  /** Whom to trust for its HTTPS: a file in PEM. */
  readonly caFile: string;
  /** The payloads of all orders, in the order in which they came. */
  readonly orders: readonly Readonly<Record<string, unknown>>[];
  /** The names of certificates that were asked about. */
  readonly asked: readonly string[];
  /** What it says from now on. */
  window: ShimWindow;
  /** Answers every new order so from now on, in place of the authority. */
  refusal:
    { readonly status: number; readonly body: object; readonly headers: Record<string, string> } | undefined;
  readonly stop: () => Promise<void>;
}

const dayMs = 24 * 60 * 60 * 1000;

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function payloadOf(body: Buffer): Readonly<Record<string, unknown>> {
  const { payload } = JSON.parse(body.toString()) as { payload: string };
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Readonly<Record<string, unknown>>;
}

export async function startShim(pebble: Pebble): Promise<Shim> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-shim-'));
  const authority = await createTestAuthority();
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, authority.pem);
  const pebbleCa = await readFile(pebble.caFile);
  const orders: Readonly<Record<string, unknown>>[] = [];
  const asked: string[] = [];

  /** Signed requests name the address that they were sent to, and pebble compares it with the Host header. */
  async function pass(
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ head: IncomingMessage; body: Buffer }> {
    const passed = requestHttps({
      host: 'localhost',
      port: pebble.port,
      path: request.url,
      method: request.method,
      headers: request.headers,
      ca: pebbleCa,
    });
    passed.end(body);
    const [head] = (await once(passed, 'response')) as [IncomingMessage];
    return { head, body: await readBody(head) };
  }

  function answerJson(response: ServerResponse, status: number, value: object, headers = {}): void {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const origin = `https://${request.headers.host}`;
    if (path.startsWith('/renewal-info/')) {
      asked.push(path.slice('/renewal-info/'.length));
      const { start, end } = shim.window;
      answerJson(response, 200, { suggestedWindow: { start, end } }, { 'Retry-After': '1' });
      return;
    }
    const body = await readBody(request);
    const isOrder = path === '/order-plz';
    if (isOrder && shim.refusal !== undefined) {
      orders.push(payloadOf(body));
      const { status, body: problem, headers } = shim.refusal;
      answerJson(response, status, problem, { 'Content-Type': 'application/problem+json', ...headers });
      return;
    }
    const passed = await pass(request, body);
    // pebble refuses one nonce in twenty, to see that clients try again: that is the same order once more.
    if (isOrder && !passed.body.includes('urn:ietf:params:acme:error:badNonce')) orders.push(payloadOf(body));
    if (path === '/dir') {
      const directory = JSON.parse(passed.body.toString()) as { meta: object };
      const profiles = { classic: 'https://ca.example/classic', shortlived: 'https://ca.example/shortlived' };
      answerJson(response, 200, {
        ...directory,
        renewalInfo: `${origin}/renewal-info`,
        meta: { ...directory.meta, profiles },
      });
      return;
    }
    response.writeHead(passed.head.statusCode ?? 502, passed.head.headers).end(passed.body);
  }

  const server = createServer(await authority.certify(['localhost'], ['127.0.0.1']), (request, response) => {
    answer(request, response).catch((error: unknown) => {
      answerJson(response, 500, { detail: String(error) });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const shim: Shim = {
    directoryUrl: `https://localhost:${port}/dir`,
    caFile,
    orders,
    asked,
    window: { start: new Date(Date.now() + 1000 * dayMs), end: new Date(Date.now() + 1001 * dayMs) },
    refusal: undefined,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
  return shim;
}
