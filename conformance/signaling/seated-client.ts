import { randomBytes } from 'node:crypto';
import {
  createSignalingClient,
  media,
  opened,
  type ConnectOptions,
  type LooseAnswer,
  type SignalingClient,
} from './signaling-client.ts';

interface Numbered {
  readonly number: number;
  readonly name: string;
  readonly body: object;
}

/** A client with a seat, as `docs/signaling.md` tells one to be: it comes back by itself and repeats what it must. */
export interface SeatedClient {
  readonly token: string;
  /** The plain client of the present connection. */
  readonly plain: () => SignalingClient;
  readonly connection: () => number;
  readonly receivedUpTo: () => number;
  /** Bodies of the notices of this name, each heard once whatever the connection. */
  heard(name: string): readonly unknown[];
  /** Lines of chat as this client has them, its own among them. */
  chat(): readonly string[];
  /** @param more members of the request besides. */
  join(more?: object): Promise<LooseAnswer>;
  /** Numbers a request, and sends it now and as often as it takes. */
  send(name: string, body: object): void;
  say(text: string): void;
  /** Cuts the connection without a word. */
  cut(): void;
  /** Opens a connection and takes the seat back. */
  comeBack(): Promise<LooseAnswer>;
  close(): void;
}

export function createSeatedClient(
  urlOf: () => string,
  room: string,
  displayName: string,
  options: ConnectOptions = {},
): SeatedClient {
  const token = randomBytes(32).toString('base64url');
  const heard: { readonly name: string; readonly body: unknown }[] = [];
  const lines: string[] = [];
  let plain: SignalingClient;
  let connection = 0;
  let receivedUpTo = 0;
  let lastNumber = 0;
  let waiting: Numbered[] = [];

  async function open(): Promise<SignalingClient> {
    const client = createSignalingClient(urlOf(), { auth: { version: 1, upTo: 2 }, ...options });
    plain = client;
    connection += 1;
    client.socket.onAny((name: string, body: unknown, numbering?: { readonly number: number }) => {
      if (client !== plain) return;
      if (numbering !== undefined) {
        if (numbering.number <= receivedUpTo) return;
        receivedUpTo = numbering.number;
      }
      hear(name, body);
    });
    await opened(client.socket);
    return client;
  }

  function hear(name: string, body: unknown): void {
    heard.push({ name, body });
    if (name === 'chat') lines.push((body as { text: string }).text);
    if (name !== 'answer') return;
    const { request, answer } = body as { request: number; answer: LooseAnswer };
    const asked = waiting.find(({ number }) => number === request);
    waiting = waiting.filter((one) => one !== asked);
    if (asked?.name === 'chat-send' && answer.ok) lines.push(String(answer.value['text']));
  }

  function emit({ name, body, number }: Numbered): void {
    plain.socket.emit(name, body, { number, receivedUpTo });
  }

  function send(name: string, body: object): void {
    lastNumber += 1;
    const request = { number: lastNumber, name, body };
    waiting.push(request);
    if (plain.socket.connected) emit(request);
  }

  return {
    token,
    plain: () => plain,
    connection: () => connection,
    receivedUpTo: () => receivedUpTo,
    heard: (name) => heard.filter((notice) => notice.name === name).map(({ body }) => body),
    chat: () => lines,
    async join(more = {}) {
      const client = await open();
      return client.ask('room-join', { room, displayName, media, seat: { token, connection }, ...more });
    },
    send,
    say(text) {
      send('chat-send', { sequence: lastNumber + 1, text });
    },
    cut() {
      // Without socket.io's word of farewell.
      plain.socket.io.engine.close();
    },
    async comeBack() {
      const client = await open();
      const answer = await client.ask('room-resume', { room, seat: { token, connection }, receivedUpTo });
      if (!answer.ok) return answer;
      const { requestsUpTo } = answer.value['seat'] as { requestsUpTo: number };
      for (const request of waiting) if (request.number > requestsUpTo) emit(request);
      return answer;
    },
    close: () => void plain.socket.disconnect(),
  };
}
