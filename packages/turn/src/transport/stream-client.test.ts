import { Duplex } from 'node:stream';
import { setImmediate as turnEnded } from 'node:timers/promises';
import { encodeMessage, METHOD } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import type { DataPlane } from '../plane/data-plane.ts';
import { at } from '../testing/addresses.ts';
import { EndOfTurn } from './end-of-turn.ts';
import { QueueChunks } from './outgoing-queue.ts';
import { SharedRoom } from './shared-room.ts';
import { StreamClient, type StreamEnd, type StreamLimits } from './stream-client.ts';

const LIMITS: StreamLimits = {
  messageTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  maxFrameBytes: 1000,
  maxQueuedBytes: 100,
};
const BINDING = encodeMessage({
  class: 'request',
  method: METHOD.binding,
  transactionId: new Uint8Array(12),
  attributes: [],
});

/** A connection whose far end is the test; what is written stays in the queue while `reads` is false. */
class TestStream extends Duplex {
  readonly written: number[] = [];
  reads = true;

  override _read(): void {
    // Octets come when the test pushes them.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.written.push(...chunk);
    if (this.reads) callback();
  }
}

interface Scene {
  readonly stream: TestStream;
  readonly client: StreamClient;
  readonly frames: number[];
  readonly ends: StreamEnd[];
  readonly detached: number[];
  wait: (ms: number, hasAllocation?: boolean) => void;
  receive: (octets: Uint8Array) => void;
}

function open(limits: Partial<StreamLimits> = {}): Scene {
  const stream = new TestStream();
  const frames: number[] = [];
  const ends: StreamEnd[] = [];
  const detached: number[] = [];
  let nowMs = 1000;
  let hasAllocation = false;
  const plane: Pick<DataPlane, 'attachStream' | 'detachStream' | 'receiveFromStream'> = {
    attachStream: () => 5,
    detachStream: (port) => void detached.push(port),
    receiveFromStream: (_port, _bytes, start, end) => void frames.push(end - start),
  };
  const client = new StreamClient({
    stream,
    transport: 'tcp',
    remote: at('198.51.100.1', 1),
    local: at('203.0.113.1', 3478),
    plane: plane as DataPlane,
    limits: { ...LIMITS, ...limits },
    room: new SharedRoom(1e6),
    endOfTurn: new EndOfTurn(),
    chunks: new QueueChunks(),
    hasAllocation: () => hasAllocation,
    nowMs: () => nowMs,
    onEnd: (_client, end) => void ends.push(end),
  });
  return {
    stream,
    client,
    frames,
    ends,
    detached,
    wait: (ms, holdsAllocation = false) => {
      nowMs += ms;
      hasAllocation = holdsAllocation;
      client.checkTimeouts();
    },
    receive: (octets) => {
      stream.emit('data', Buffer.from(octets));
    },
  };
}

describe('a client on a connection', () => {
  test('has its messages handed to the data plane', () => {
    const { receive, frames, client } = open();
    receive(Uint8Array.of(...BINDING, ...BINDING));
    expect(frames).toEqual([20, 20]);
    expect(client.path).toMatchObject({ transport: 'tcp', port: 5 });
  });

  test('has ten seconds for its first message', () => {
    const { wait, ends } = open();
    wait(9999);
    expect(ends).toEqual([]);
    wait(1);
    expect(ends).toEqual(['message-timeout']);
  });

  test('has ten seconds in all, not for each octet of its first message', () => {
    const { wait, receive, ends } = open();
    for (let second = 0; second < 10; second += 1) {
      receive(BINDING.subarray(second, second + 1));
      wait(1000);
    }
    expect(ends).toEqual(['message-timeout']);
  });

  test('has ten seconds for each later message, allocation or not', () => {
    const { wait, receive, ends } = open();
    receive(BINDING);
    wait(20_000, true);
    receive(BINDING.subarray(0, 7));
    wait(9999, true);
    expect(ends).toEqual([]);
    wait(1, true);
    expect(ends).toEqual(['message-timeout']);
  });

  test('may be silent for a minute, and as long as it likes with an allocation', () => {
    const { wait, receive, ends } = open();
    receive(BINDING);
    wait(3_600_000, true);
    expect(ends).toEqual([]);
    receive(BINDING);
    wait(59_999);
    expect(ends).toEqual([]);
    wait(1);
    expect(ends).toEqual(['idle-timeout']);
  });

  test('is let go when it does not speak TURN', () => {
    const { receive, ends, stream, detached, frames } = open();
    receive(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect(ends).toEqual(['not-a-message']);
    expect(stream.destroyed).toBe(true);
    expect(detached).toEqual([5]);
    receive(BINDING);
    expect(frames).toEqual([]);
  });

  test('is let go when it announces too long a message', () => {
    const { receive, ends } = open();
    receive(BINDING);
    receive(Uint8Array.of(0x40, 0, 0xff, 0xff));
    expect(ends).toEqual(['frame-too-long']);
  });

  test('has nothing long to say before it has an allocation', () => {
    const longFrame = Uint8Array.of(0x40, 0, 0x20, 0);
    const stranger = open({ maxFrameBytes: 65_555 });
    stranger.receive(BINDING);
    stranger.receive(longFrame);
    expect(stranger.ends).toEqual(['frame-too-long']);
    const guest = open({ maxFrameBytes: 65_555 });
    guest.receive(BINDING);
    guest.wait(0, true);
    guest.receive(longFrame);
    expect(guest.ends).toEqual([]);
  });

  test('that does not read loses media first, then its connection', async () => {
    const { stream, client, ends } = open();
    stream.reads = false;
    // What the connection itself takes before it asks to wait.
    client.writeMedia(new Uint8Array(100), 100);
    await turnEnded();
    expect(stream.written).toHaveLength(100);
    expect(client.writeMedia(Uint8Array.of(1), 60)).toBe(0);
    expect(client.writeMedia(Uint8Array.of(2), 60)).toBe(1);
    for (let count = 0; count < 4; count += 1) client.writeAnswer(new Uint8Array(25));
    expect(ends).toEqual([]);
    client.writeAnswer(new Uint8Array(1));
    expect(ends).toEqual(['client-does-not-read']);
  });

  test('that goes ends once', async () => {
    const { stream, client, ends } = open();
    stream.push(null);
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(ends).toEqual(['closed-by-client']);
    client.end('server-stopped');
    client.writeAnswer(new Uint8Array(1));
    expect(client.writeMedia(new Uint8Array(1), 1)).toBe(1);
    expect(ends).toEqual(['closed-by-client']);
    expect(stream.written).toEqual([]);
  });

  test('whose connection breaks ends, and the error goes no further', async () => {
    const { stream, ends } = open();
    stream.destroy(new Error('connection reset'));
    await new Promise((resolve) => stream.once('close', resolve));
    expect(ends).toEqual(['closed-by-client']);
  });
});
