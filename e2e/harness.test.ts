import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import type { BrowserKind, Guest } from './browser/guest.ts';
import { expectEveryoneSeesAndHears, expectMediaArrives } from './media/see-and-hear.ts';
import { test, type Stage } from './stage.ts';
import { withinDeadline } from './within-deadline.ts';

declare global {
  interface Window {
    connection: RTCPeerConnection;
  }
}

/** The proof of a call is itself proven, on the barest of calls: two connections and no program of ours. */
describe('the proof that two guests see and hear each other', () => {
  test.for<[BrowserKind, BrowserKind]>([
    ['chromium', 'chromium'],
    ['chromium', 'firefox'],
  ])('holds for a bare call from %s to %s', async ([first, second], { stage }) => {
    const guests = await openBarePages(stage, [first, second]);
    await connect(guests, ['audio', 'video']);
    await expectEveryoneSeesAndHears(guests);
  });

  test('holds for pages that have put a getStats of their own in place of the browser’s', async ({
    stage,
  }) => {
    const guests = await openBarePages(stage, ['chromium', 'chromium']);
    for (const guest of guests) {
      await guest.evaluate(() => {
        RTCPeerConnection.prototype.getStats = () => new Promise(() => {});
      }, null);
    }
    await connect(guests, ['audio', 'video']);
    await expectEveryoneSeesAndHears(guests);
  });

  test('fails for a call without sound', async ({ stage }) => {
    const guests = await openBarePages(stage, ['chromium', 'chromium']);
    await connect(guests, ['video']);
    await expect(expectMediaArrives(guests[0], 1, 3_000)).rejects.toThrow('"audioBytes": 0');
  });

  test('fails for a call without a picture', async ({ stage }) => {
    const guests = await openBarePages(stage, ['chromium', 'chromium']);
    await connect(guests, ['audio']);
    await expect(expectMediaArrives(guests[0], 1, 3_000)).rejects.toThrow('"framesDecoded": 0');
  });
});

describe('what is kept of a test that fails', () => {
  test('does not wait for a page that never answers', async () => {
    const never = new Promise<string>(() => {});
    await expect(withinDeadline(never, 50)).rejects.toThrow('no answer within 50 ms');
    await expect(withinDeadline(Promise.resolve('here'), 10_000)).resolves.toBe('here');
  });
});

async function openBarePages(stage: Stage, kinds: [BrowserKind, BrowserKind]): Promise<[Guest, Guest]> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      '<!doctype html><title>A bare call</title><link rel="icon" href="data:,"><button>Go</button>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  stage.expectProblem(/^asked a stranger: http:\/\/127\.0\.0\.1:/);
  const [ana, ben] = await Promise.all([stage.invite(kinds[0], 'Ana'), stage.invite(kinds[1], 'Ben')]);
  await Promise.all([ana, ben].map((guest) => guest.open(`http://127.0.0.1:${port}/`)));
  await Promise.all([ana, ben].map((guest) => guest.click('button', 'Go')));
  await new Promise((resolve) => server.close(resolve));
  return [ana, ben];
}

/** Connects two pages with media of these kinds both ways; the test itself carries the descriptions. */
async function connect([ana, ben]: [Guest, Guest], kinds: ('audio' | 'video')[]): Promise<void> {
  await Promise.all([ana.evaluate(prepare, kinds), ben.evaluate(prepare, kinds)]);
  const offer = await ana.evaluate(describeSelf, null);
  const answer = await ben.evaluate(describeSelf, offer);
  await ana.evaluate((description) => window.connection.setRemoteDescription(description), answer);
}

async function prepare(kinds: ('audio' | 'video')[]): Promise<void> {
  window.connection = new RTCPeerConnection();
  window.connection.addEventListener('track', ({ track }) => {
    const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
    void element.play();
  });
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: kinds.includes('audio'),
    video: kinds.includes('video'),
  });
  for (const track of stream.getTracks()) window.connection.addTrack(track, stream);
}

/** Answers an offer, or makes one where there is none; resolves when every candidate is in the description. */
async function describeSelf(offer: RTCSessionDescriptionInit | null): Promise<RTCSessionDescriptionInit> {
  const { connection } = window;
  if (offer !== null) await connection.setRemoteDescription(offer);
  await connection.setLocalDescription();
  await new Promise<void>((resolve) => {
    const look = () => {
      if (connection.iceGatheringState === 'complete') resolve();
    };
    connection.addEventListener('icegatheringstatechange', look);
    look();
  });
  return { type: offer === null ? 'offer' : 'answer', sdp: connection.localDescription?.sdp ?? '' };
}
