import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGNALING_PATH, type Answer, type RequestName } from '@callbox/contract';
import { Server, type Socket } from 'socket.io';

/** What the stub answers to each request; without an entry, a request stays unanswered. */
export type StubAnswers = { [TName in RequestName]?: (request: unknown, socket: Socket) => Answer<unknown> };

/** A socket.io server at the path of signaling whose words the test writes. */
export interface StubServer {
  readonly url: string;
  readonly sockets: Server;
  close(): Promise<void>;
}

export async function startStubServer(answers: StubAnswers = {}): Promise<StubServer> {
  const http = createServer();
  const sockets = new Server(http, { path: SIGNALING_PATH });
  sockets.on('connection', (socket) => {
    for (const [name, createAnswer] of Object.entries(answers)) {
      socket.on(name, (request: unknown, acknowledge: (answer: Answer<unknown>) => void) =>
        acknowledge(createAnswer(request, socket)),
      );
    }
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, sockets, close: () => sockets.close() };
}
