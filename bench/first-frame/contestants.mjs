import { setTimeout as sleep } from 'node:timers/promises';
import { installClock } from './page-clock.mjs';

/** How long everything rests before Join is pressed: a person needs longer to look at the page. */
const restMs = 1_000;

/** What is compared. Each runs one round: two pages that nothing of before is left in, the second of which joins. */
export const contestants = [
  { name: 'ours', run: (world) => meet(world, ours) },
  { name: 'old page', run: (world) => meet(world, oldPage) },
  { name: 'floor', run: runFloor },
];

const ours = {
  address: ({ origin }, round) => `${origin}/r/first-frame-${round}`,
  isReady: () => document.querySelector('.preview__video--visible') !== null,
  isInside: () => document.querySelector('[role="toolbar"]') !== null,
};
const oldPage = {
  address: ({ pagesOrigin, signalUrl }) => `${pagesOrigin}/old?url=${encodeURIComponent(signalUrl)}`,
  isReady: () => document.querySelector('#join:enabled') !== null,
  isInside: () => document.body.dataset.inside === 'yes',
};

let rounds = 0;

async function meet(world, kind) {
  rounds += 1;
  const address = kind.address(world, rounds);
  const [inside, joiner] = [await openGuest(world), await openGuest(world)];
  try {
    await arrive(inside, address, kind);
    await press(inside);
    await inside.page.waitForFunction(kind.isInside);
    await arrive(joiner, address, kind);
    await sleep(restMs);
    await press(joiner);
    await joiner.page.evaluate(() => globalThis.firstFrame);
    const [clock, other] = await Promise.all([readClock(joiner), readClock(inside)]);
    return { ms: clock.decodedAt - clock.pressedAt, clock, other };
  } finally {
    await Promise.all([inside.context.close(), joiner.context.close()]);
  }
}

async function openGuest({ browser }) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  // One who was here before, and may use camera and microphone.
  await context.grantPermissions(['camera', 'microphone']);
  await context.addInitScript(installClock);
  return { context, page: await context.newPage() };
}

async function arrive({ page }, address, { isReady }) {
  await page.goto(address);
  await page.waitForFunction(isReady);
}

async function press({ page }) {
  await page.getByRole('button', { name: 'Join', exact: true }).click();
}

function readClock({ page }) {
  return page.evaluate(() => globalThis.firstFrameClock);
}

/** What the browser itself takes: two connections in one page that hand each other everything at once. */
async function runFloor(world) {
  const guest = await openGuest(world);
  try {
    await guest.page.goto(world.pagesOrigin);
    await guest.page.evaluate(captureForFloor);
    await sleep(restMs);
    await guest.page.evaluate(connectForFloor);
    await guest.page.evaluate(() => globalThis.firstFrame);
    const clock = await readClock(guest);
    return { ms: clock.decodedAt - clock.pressedAt, clock, other: null };
  } finally {
    await guest.context.close();
  }
}

async function captureForFloor() {
  globalThis.floorStream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
}

async function connectForFloor() {
  // Only what reaches the one who joins counts: the other is made past the clock.
  const [joiner, inside] = [new RTCPeerConnection(), new (Object.getPrototypeOf(RTCPeerConnection))()];
  for (const [from, to] of [
    [joiner, inside],
    [inside, joiner],
  ]) {
    from.addEventListener('icecandidate', ({ candidate }) => void to.addIceCandidate(candidate ?? undefined));
    for (const track of globalThis.floorStream.getTracks()) from.addTrack(track, globalThis.floorStream);
  }
  const clock = globalThis.firstFrameClock;
  clock.pressedAt = performance.timeOrigin + performance.now();
  await joiner.setLocalDescription();
  await inside.setRemoteDescription(joiner.localDescription);
  await inside.setLocalDescription();
  await joiner.setRemoteDescription(inside.localDescription);
}
