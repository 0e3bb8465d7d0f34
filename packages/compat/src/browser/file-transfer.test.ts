import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileReceiver, FileSender, readFileMetadata } from './file-transfer.ts';

beforeEach(() => {
  vi.stubGlobal('reportError', (error: unknown) => {
    throw error;
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Two ends of a channel: what one sends the other receives, in order. */
function createChannels(): [RTCDataChannel, RTCDataChannel] {
  const ends = [new EventTarget(), new EventTarget()] as const;
  const make = (own: number): RTCDataChannel =>
    Object.assign(ends[own] ?? new EventTarget(), {
      readyState: 'open',
      bufferedAmount: 0,
      send: (data: unknown) => ends[1 - own]?.dispatchEvent(Object.assign(new Event('message'), { data })),
      close: () => ends.forEach((end) => end.dispatchEvent(new Event('close'))),
    }) as unknown as RTCDataChannel;
  return [make(0), make(1)];
}

async function transfer(octets: Uint8Array<ArrayBuffer>) {
  const [near, far] = createChannels();
  const file = new File([octets], 'notes.txt');
  const received = new Promise<{ blob: Blob; name: string }>((resolve) => {
    far.addEventListener(
      'message',
      ({ data }: MessageEvent<unknown>) => {
        const metadata = readFileMetadata(data);
        if (metadata === null) throw new Error('no metadata');
        new FileReceiver(metadata, far).on('receivedFile', (blob, { name }) => resolve({ blob, name }));
      },
      { once: true },
    );
  });
  const sender = new FileSender();
  const complete = new Promise<void>((resolve) => sender.once('complete', resolve));
  sender.send(file, near);
  near.dispatchEvent(new Event('open'));
  const result = await received;
  await complete;
  return result;
}

describe('a file over a channel', () => {
  it.each([[0], [1], [16_384], [50_001]])('of %i octets arrives whole', async (size) => {
    const octets = Uint8Array.from({ length: size }, (_, index) => index % 251);
    const { blob, name } = await transfer(octets);
    expect(name).toBe('notes.txt');
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(octets);
  });

  it.each([
    ['no JSON'],
    ['null'],
    ['{}'],
    ['{"size":-1,"name":"a"}'],
    ['{"size":"1","name":"a"}'],
    [new ArrayBuffer(1)],
  ])('begins with its size and name, and not with %j', (data) => {
    expect(readFileMetadata(data)).toBeNull();
  });

  it('ends where more comes than was said', () => {
    const [near, far] = createChannels();
    let closed = false;
    far.addEventListener('close', () => (closed = true));
    const receiver = new FileReceiver({ size: 2, name: 'a' }, far);
    let received = false;
    receiver.on('receivedFile', () => (received = true));
    near.send(new ArrayBuffer(3));
    expect([closed, received]).toEqual([true, false]);
  });
});
