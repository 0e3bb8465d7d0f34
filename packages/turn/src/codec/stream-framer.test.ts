import { encodeMessage, METHOD } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { StreamFramer, type FramingError } from './stream-framer.ts';

const MAX_FRAME_BYTES = 4096;

const stun = (fill: number, bodyBytes = 0): Uint8Array =>
  encodeMessage({
    class: 'request',
    method: METHOD.binding,
    transactionId: new Uint8Array(12).fill(fill),
    attributes: bodyBytes === 0 ? [] : [{ type: 0x8022, value: new Uint8Array(bodyBytes - 4).fill(fill) }],
  });

const channelData = (channel: number, payload: readonly number[], pad: readonly number[] = []): Uint8Array =>
  Uint8Array.of(channel >> 8, channel & 0xff, 0, payload.length, ...payload, ...pad);

const STREAM = [
  stun(1),
  channelData(0x4000, [1, 2, 3], [0xee]),
  channelData(0x4001, []),
  stun(2, 16),
  channelData(0x4fff, [1, 2, 3, 4]),
  channelData(0x7fff, [5, 6], [0xee, 0xee]),
  stun(3),
];
const FRAMES = [
  STREAM[0],
  channelData(0x4000, [1, 2, 3]),
  STREAM[2],
  STREAM[3],
  STREAM[4],
  channelData(0x7fff, [5, 6]),
  STREAM[6],
].map(hex);
const OCTETS = Uint8Array.from(STREAM.flatMap((message) => [...message]));

function hex(octets: Uint8Array | undefined): string {
  return Buffer.from(octets ?? []).toString('hex');
}

function cut(
  chunks: readonly Uint8Array[],
  framer = new StreamFramer(MAX_FRAME_BYTES),
): {
  readonly frames: readonly string[];
  readonly error: FramingError | undefined;
  readonly framer: StreamFramer;
} {
  const frames: string[] = [];
  const sink = {
    onFrame: (bytes: Uint8Array, start: number, end: number): void => {
      frames.push(hex(bytes.subarray(start, end)));
    },
  };
  let error: FramingError | undefined;
  for (const chunk of chunks) error ??= framer.push(chunk, sink);
  return { frames, error, framer };
}

describe('the stream framer', () => {
  test('finds every message in one chunk and leaves the padding out', () => {
    expect(cut([OCTETS])).toMatchObject({ frames: FRAMES, error: undefined });
  });

  test('finds them octet by octet', () => {
    const chunks = Array.from(OCTETS, (octet) => Uint8Array.of(octet));
    expect(cut(chunks)).toMatchObject({ frames: FRAMES, error: undefined });
  });

  test('finds them wherever two cuts are', () => {
    const wrong: string[] = [];
    for (let first = 0; first <= OCTETS.length; first += 1) {
      for (let second = first; second <= OCTETS.length; second += 1) {
        const chunks = [OCTETS.slice(0, first), OCTETS.slice(first, second), OCTETS.slice(second)];
        const { frames, framer } = cut(chunks);
        if (frames.join() !== FRAMES.join() || framer.isInsideFrame) wrong.push(`${first}, ${second}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('hands nothing out before the last octet, padding included', () => {
    const message = channelData(0x4000, [1, 2, 3], [0]);
    const { frames, framer } = cut([stun(1), message.subarray(0, 7)]);
    expect(frames).toHaveLength(1);
    expect(framer.isInsideFrame).toBe(true);
    const rest = cut([message.subarray(7)], framer);
    expect(rest.frames).toEqual([hex(channelData(0x4000, [1, 2, 3]))]);
    expect(framer.isInsideFrame).toBe(false);
  });

  test.each([
    ['a wrong cookie', '0001000021120000'],
    ['a length that is no multiple of four', '00010003'],
    ['TLS', '1603010200010001'],
    ['HTTP', '47455420'],
    ['ChannelData that comes before everything else', '40000000'],
    ['a channel beyond the range', '80000000'],
  ])('gives up on %s', (_name, octets) => {
    expect(cut([Uint8Array.from(Buffer.from(octets, 'hex'))]).error).toBe('not-a-message');
  });

  test('gives up on a wrong cookie as soon as it is there, and hands out what came before', () => {
    const { frames, error } = cut([stun(1), Uint8Array.from(Buffer.from('0001fff021120000', 'hex'))]);
    expect(frames).toHaveLength(1);
    expect(error).toBe('not-a-message');
  });

  test.each([
    ['of 4096 octets', '00010fec', false, undefined],
    ['of 4100 octets', '00010ff0', false, 'frame-too-long'],
    ['of 4100 octets', '00010ff0', true, undefined],
  ])('lets a message %s (%s) pass where it may be long: %s', (_name, octets, mayBeLong, error) => {
    const framer = new StreamFramer(65_555, () => mayBeLong);
    expect(cut([Uint8Array.from(Buffer.from(octets, 'hex'))], framer).error).toBe(error);
  });

  test.each([
    ['STUN', '00011000', 'frame-too-long'],
    ['STUN that just fits', '00010fec', undefined],
    ['ChannelData', '40000ffd', 'frame-too-long'],
    ['ChannelData that just fits', '40000ffc', undefined],
  ])('refuses a frame that is too long by its header alone: %s', (_name, octets, error) => {
    expect(cut([stun(1), Uint8Array.from(Buffer.from(octets, 'hex'))]).error).toBe(error);
  });
});
