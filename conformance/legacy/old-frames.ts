import { WebSocket } from 'ws';

/** One connection of an old client, down to its frames. */
export interface OldWire {
  /** The name of the connection, which is also the client's id. */
  readonly sid: string;
  /** Every frame that has come, in order. */
  readonly received: readonly string[];
  send(frame: string): Promise<void>;
  /** The client is gone without a word. */
  cut(): void;
  readonly ended: Promise<void>;
}

export interface WireOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The address to come from; by WebSocket only. */
  readonly localAddress?: string;
}

export function handshakeOf(frame: string | undefined): { readonly sid: string } & Record<string, unknown> {
  if (frame?.startsWith('0') !== true) throw new Error(`no handshake: ${frame}`);
  return JSON.parse(frame.slice(1)) as { sid: string };
}

/** Connects by WebSocket alone. */
export async function openByWebSocket(url: string, options: WireOptions = {}): Promise<OldWire> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=3&transport=websocket`, {
    headers: { ...options.headers },
    ...(options.localAddress !== undefined && { localAddress: options.localAddress }),
    rejectUnauthorized: false,
  });
  const received: string[] = [];
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('message', (data) => {
      received.push((data as Buffer).toString('utf8'));
      resolve();
    });
  });
  await opened;
  socket.on('error', () => {});
  return {
    sid: handshakeOf(received[0]).sid,
    received,
    send: (frame) => new Promise((resolve) => socket.send(frame, () => resolve())),
    cut: () => socket.terminate(),
    ended,
  };
}

/** How a client that polls wants to be spoken to, and how it posts. */
export interface PollingOptions extends WireOptions {
  /** Answers as text: `b64=1`. */
  readonly asText?: boolean;
  /** Posts octets, as clients up to socket.io 1.3 do; otherwise text that is encoded twice. */
  readonly postsOctets?: boolean;
}

export interface PollingWire extends OldWire {
  /** The content types of the answers to polls. */
  readonly contentTypes: readonly string[];
}

/** Connects by polling alone. */
export async function openByPolling(url: string, options: PollingOptions = {}): Promise<PollingWire> {
  const { asText = false, postsOctets = false, headers = {} } = options;
  const place = `${url}/socket.io/?EIO=3&transport=polling${asText ? '&b64=1' : ''}`;
  const received: string[] = [];
  const contentTypes: string[] = [];
  const stop = new AbortController();

  async function poll(sid: string): Promise<void> {
    const response = await fetch(`${place}${sid === '' ? '' : `&sid=${sid}`}`, {
      headers,
      signal: stop.signal,
    });
    const body = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`${response.status} ${body.toString()}`);
    contentTypes.push(response.headers.get('content-type') ?? '');
    const isOctets = contentTypes.at(-1) === 'application/octet-stream';
    received.push(...(isOctets ? readOctets(body) : readText(body.toString('utf8'))));
  }

  await poll('');
  const { sid } = handshakeOf(received[0]);
  const ended = (async () => {
    try {
      while (!stop.signal.aborted && received.at(-1) !== '1') await poll(sid);
    } catch {
      // Ended by either side.
    }
  })();
  return {
    sid,
    received,
    contentTypes,
    ended,
    async send(frame) {
      const response = await fetch(`${place}&sid=${sid}`, {
        method: 'POST',
        headers: {
          ...headers,
          'Content-Type': postsOctets ? 'application/octet-stream' : 'text/plain;charset=UTF-8',
        },
        body: postsOctets ? new Uint8Array(writeOctets(frame)) : writeText(frame),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    },
    cut: () => stop.abort(),
  };
}

/** A payload of octets (Engine.IO protocol 3): a zero, the length in decimal digits, 255, and the packet. */
function readOctets(body: Buffer): string[] {
  const frames: string[] = [];
  for (let offset = 0; offset < body.length;) {
    const end = body.indexOf(255, offset);
    const length = Number([...body.subarray(offset + 1, end)].join(''));
    frames.push(body.subarray(end + 1, end + 1 + length).toString('utf8'));
    offset = end + 1 + length;
  }
  return frames;
}

function writeOctets(frame: string): Buffer {
  const octets = Buffer.from(frame, 'utf8');
  return Buffer.from([0, ...String(octets.length).split('').map(Number), 255, ...octets]);
}

/** A payload of text: the length, a colon, and the packet, each octet of whose UTF-8 is a character. */
function readText(body: string): string[] {
  const frames: string[] = [];
  for (let rest = body; rest !== '';) {
    const colon = rest.indexOf(':');
    const length = Number(rest.slice(0, colon));
    frames.push(Buffer.from(rest.slice(colon + 1, colon + 1 + length), 'latin1').toString('utf8'));
    rest = rest.slice(colon + 1 + length);
  }
  return frames;
}

function writeText(frame: string): string {
  const spelt = Buffer.from(frame, 'utf8').toString('latin1');
  return `${spelt.length}:${spelt}`;
}
