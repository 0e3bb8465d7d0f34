import { once } from 'node:events';
import { createServer, request as requestHttp, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface FrontProxyOptions {
  /** Where it passes everything to, on this machine. */
  readonly target: number;
  /** Headers that it puts into every answer. */
  readonly adds?: Readonly<Record<string, string>>;
  /** How far its clock is ahead, in milliseconds. */
  readonly clockAheadMs?: number;
  /** Whether it passes upgrades. Default true. */
  readonly passesUpgrades?: boolean;
  /** Says who the guest is, as a proxy should (X-Forwarded-For, -Proto). Default true. */
  readonly forwards?: boolean;
}

function forwardedHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return {
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': headers.host ?? '',
  };
}

/** A proxy of HTTP as people put in front of servers, with the faults that people give them. Resolves with its port. */
export async function startFrontProxy(
  options: FrontProxyOptions,
): Promise<{ readonly port: number; readonly server: Server }> {
  const { target, adds = {}, clockAheadMs, passesUpgrades = true, forwards = true } = options;
  const own = (request: IncomingMessage) => (forwards ? forwardedHeaders(request) : {});
  const server = createServer((request, response) => {
    const { upgrade: _upgrade, ...headers } = request.headers;
    const passed = requestHttp({
      host: '127.0.0.1',
      port: target,
      method: request.method,
      path: request.url,
      // A proxy that does not know upgrades drops the headers that ask for one, as those of a hop (RFC 9110 §7.6.1).
      headers: { ...headers, ...own(request), connection: 'close' },
    });
    passed.on('error', () => response.writeHead(502, { Server: 'front' }).end('Bad gateway'));
    passed.on('response', (answer) => {
      const date =
        clockAheadMs === undefined ? {} : { date: new Date(Date.now() + clockAheadMs).toUTCString() };
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...adds, ...date });
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  if (passesUpgrades) {
    server.on('upgrade', (request, socket) => {
      const passed = connect(target, '127.0.0.1', () => {
        const headers = { ...request.headers, ...own(request) };
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
        passed.write(`GET ${request.url ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
        passed.pipe(socket).pipe(passed);
      });
      passed.on('error', () => socket.destroy());
      socket.on('error', () => passed.destroy());
      socket.on('close', () => passed.destroy());
    });
  } else {
    // As a proxy that was not told of upgrades: it passes the request on as a plain one.
    server.on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}
