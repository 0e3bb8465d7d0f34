import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PortTimeouts } from './port-timeouts.ts';

interface Watched {
  timer: NodeJS.Timeout | undefined;
  requestsUnderWay: number;
}

/** Holds the connections of one `http.Server` to the time they have. */
export interface HttpDeadlines {
  /** Starts the clock of a connection that is about to be given to the server. */
  watch(socket: Socket): void;
}

/** RFC 9112 §6: a request has a body if it announces one. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * A server that never listens, because its sockets are handed to it, enforces neither `headersTimeout` nor
 * `requestTimeout`: Node keeps the list of connections for that from the `listening` event on. So time is kept here: one
 * timer per connection, for whatever the client owes next.
 */
export function enforceHttpDeadlines(server: Server, timeouts: PortTimeouts): HttpDeadlines {
  const watchedSockets = new WeakMap<Socket, Watched>();

  function limit(watched: Watched, withinMs: number, onTime: () => void): void {
    clearTimeout(watched.timer);
    watched.timer = setTimeout(onTime, withinMs).unref();
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const watched = watchedSockets.get(socket);
    if (watched === undefined) return;
    watched.requestsUnderWay += 1;
    clearTimeout(watched.timer);
    if (hasBody(request)) {
      limit(watched, timeouts.requestMs, () => {
        if (!request.complete) socket.destroy();
      });
    }
    response.once('close', () => {
      watched.requestsUnderWay -= 1;
      if (watched.requestsUnderWay > 0 || socket.destroyed) return;
      limit(watched, timeouts.keepAliveMs + timeouts.headersMs, () => socket.destroy());
    });
  });

  // What was upgraded is no longer a matter of requests: whoever took it over keeps its time.
  server.on('upgrade', ({ socket }: IncomingMessage) => clearTimeout(watchedSockets.get(socket)?.timer));

  return {
    watch(socket) {
      const watched: Watched = { timer: undefined, requestsUnderWay: 0 };
      watchedSockets.set(socket, watched);
      limit(watched, timeouts.headersMs, () => socket.destroy());
      socket.once('close', () => clearTimeout(watched.timer));
    },
  };
}
