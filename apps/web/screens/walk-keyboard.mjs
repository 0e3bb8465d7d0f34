// The ways of somebody who has a keyboard and nothing else, in English: what opens by it, where Tab leads, that Escape ends
// it, and that the focus is then back where it was.

import { openScene } from './scene-site.mjs';

/** The words of what has the focus, cut short. */
const focused = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return 'nothing';
    const words =
      at.getAttribute('aria-label') ??
      (at.labels?.length > 0 ? at.labels[0].textContent : null) ??
      at.textContent ??
      '';
    return words.replace(/\s+/g, ' ').trim().slice(0, 32);
  });

/** Presses a key and says where the focus is then, once it has settled. */
async function press(page, key) {
  await page.keyboard.press(key);
  // What opens and closes takes a frame or two to be drawn, and to take the focus.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 60)));
  return focused(page);
}

/** Where the focus is after each of the keys. */
async function walk(page, keys) {
  const stops = [];
  for (const key of keys) stops.push(await press(page, key));
  return stops;
}

const tabs = (count) => Array.from({ length: count }, () => 'Tab');

/** Opens what is behind the last button of the bar, and one of its items. */
async function choose(page, item) {
  await page.locator('#more-button').focus();
  const path = [await press(page, 'Enter')];
  for (let at = path[0]; at !== item;) {
    at = await press(page, 'ArrowDown');
    if (path.includes(at)) throw new Error(`the menu has no item “${item}”: ${path.join(', ')}`);
    path.push(at);
  }
  await page.keyboard.press('Enter');
}

/** Through the sheet of devices, from its button and to its end. */
const stopsOfDevices = [
  'Devices',
  'Close',
  'Microphone',
  'Original sound',
  'Camera',
  'Speaker',
  'Play three notes',
];

/**
 * Each has a state to begin in, what is done there (`go`, which returns where the focus was on the way), and what that must
 * have been.
 */
const walks = [
  {
    name: 'home',
    path: '/',
    query: {},
    go: (page) => walk(page, tabs(9)),
    stops: [
      'Callbox',
      'Language: English',
      'Theme',
      'Start a call',
      'Link or room name',
      'Join',
      'standup',
      'Forget standup',
      'family',
    ],
  },
  {
    name: 'the menu of the languages',
    path: '/',
    query: {},
    async go(page) {
      await page.getByRole('button', { name: 'Language' }).focus();
      return walk(page, ['Enter', 'ArrowDown', 'ArrowDown', 'Home', 'End', 'Escape']);
    },
    stops: ['English', '中文', 'English', 'English', '中文', 'Language: English'],
  },
  {
    name: 'the door',
    query: { scene: 'door', peek: 'inside' },
    go: (page) => walk(page, tabs(10)),
    stops: [
      'Callbox',
      'Language: English',
      'Theme',
      'Mic on',
      'Camera on',
      'Devices',
      'Your name',
      'Join',
      'Voice only',
      'Just listen',
    ],
  },
  {
    name: 'the devices at the door',
    query: { scene: 'door', peek: 'inside' },
    async go(page) {
      await page.getByRole('button', { name: 'Devices' }).focus();
      return walk(page, ['Enter', ...tabs(6), 'Escape']);
    },
    stops: [...stopsOfDevices, 'Devices'],
  },
  {
    name: 'the bar of the call',
    query: { scene: 'three' },
    async go(page) {
      await page.locator('.control-bar button').first().focus();
      return walk(page, [...Array.from({ length: 6 }, () => 'ArrowRight'), 'Home', 'End']);
    },
    // A toolbar is one stop of Tab; the arrows lead through it.
    stops: ['Camera on', 'Share', 'Chat', 'Copy link', 'More', 'Leave', 'Mic on', 'Leave'],
  },
  {
    name: 'the menu of the call',
    query: { scene: 'three' },
    async go(page) {
      await page.locator('#more-button').focus();
      return walk(page, ['Enter', 'ArrowUp', 'ArrowDown', 'End', 'Escape']);
    },
    stops: ['Invite with a QR code', '中文', 'Invite with a QR code', '中文', 'More'],
  },
  {
    name: 'the invitation',
    query: { scene: 'three' },
    async go(page) {
      await choose(page, 'Invite with a QR code');
      await page.locator('.qr-code').waitFor();
      return [await focused(page), ...(await walk(page, [...tabs(3), 'Escape']))];
    },
    stops: ['Bring someone in', 'Close', 'Link to this call', 'Copy link', 'More'],
  },
  {
    name: 'the small window',
    query: { scene: 'three' },
    async go(page) {
      const opening = page.waitForEvent('popup');
      await choose(page, 'Small window');
      const small = await opening;
      await small.locator('main').waitFor();
      const stops = await walk(small, ['Tab', 'm', 'Tab', 'Tab', 'Tab', 'Shift+Tab']);
      const closing = small.waitForEvent('close');
      // The window may be gone before the key is let go.
      await Promise.all([closing, small.keyboard.press('Enter').catch(() => {})]);
      return [...stops, await focused(page)];
    },
    // Its keys are those of the page; closed, it leaves the keyboard where it was opened.
    stops: ['Mic on', 'Mic off', 'Camera on', 'Back to the call', 'Leave', 'Back to the call', 'More'],
  },
  {
    name: 'the devices of the call',
    query: { scene: 'three' },
    async go(page) {
      await choose(page, 'Devices');
      await page.locator('.device-sheet').waitFor();
      return [await focused(page), ...(await walk(page, [...tabs(6), 'Escape']))];
    },
    stops: [...stopsOfDevices, 'More'],
  },
  {
    name: 'keys alone, switched off and on again',
    query: { scene: 'three' },
    async go(page) {
      const microphone = page.locator('.control-bar [role="switch"]').first();
      await microphone.focus();
      const stops = await walk(page, ['?', 'Tab', 'Tab', 'Space', 'Escape', 'm']);
      stops.push(`mic ${await microphone.getAttribute('aria-checked')}`);
      stops.push(...(await walk(page, ['?', 'Tab', 'Tab', 'Space', 'Escape', 'm'])));
      stops.push(`mic ${await microphone.getAttribute('aria-checked')}`);
      return stops;
    },
    stops: [
      'Keyboard shortcuts',
      'Close',
      'Use single-key shortcuts',
      'Use single-key shortcuts',
      'Mic on',
      'Mic on',
      'mic true',
      'Keyboard shortcuts',
      'Close',
      'Use single-key shortcuts',
      'Use single-key shortcuts',
      'Mic on',
      'Mic off',
      'mic false',
    ],
  },
  {
    name: 'the chat',
    query: { scene: 'chat' },
    async go(page) {
      await page.locator('#chat-button').focus();
      return walk(page, ['Enter', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Escape']);
    },
    stops: [
      'Message',
      'https://example.org/design',
      'https://docs.example.org/standup',
      'Messages',
      'Close chat',
      'Chat',
    ],
  },
  {
    name: 'the connections',
    query: { scene: 'links' },
    async go(page) {
      await page.locator('.link-summary').focus();
      return walk(page, ['Enter', 'Tab', 'Tab', 'Escape']);
    },
    stops: [
      'Connections: 1 direct · 1 relaye',
      'Statistics',
      'Will a call work here?',
      'Connections: 1 direct · 1 relaye',
    ],
  },
  {
    name: 'the statistics',
    query: { scene: 'figures' },
    async go(page) {
      await choose(page, 'Statistics');
      await page.locator('.person-statistics__all').first().waitFor();
      return [await focused(page), ...(await walk(page, [...tabs(3), 'Escape']))];
    },
    stops: ['Statistics', 'Close statistics', 'Statistics', 'All figures', 'More'],
  },
  {
    name: 'the statistics over a narrow window',
    query: { scene: 'figures' },
    narrow: true,
    async go(page) {
      await choose(page, 'Statistics');
      await page.locator('.person-statistics__all').first().waitFor();
      const covered = new Set();
      for (let count = 0; count < 20; count += 1) {
        const at = await press(page, 'Tab');
        if (['Mic on', 'Camera on', 'Leave'].includes(at)) covered.add(at);
      }
      return [...covered, (await press(page, 'Shift+Tab')) && (await press(page, 'Escape'))];
    },
    stops: ['More'],
  },
  {
    name: 'the check page',
    path: '/check',
    query: { scene: 'good' },
    go: (page) => walk(page, tabs(9)),
    stops: [
      'Callbox',
      'Language: English',
      'Theme',
      'Try all again',
      'Play the notes',
      'Try camera and microphone',
      'Report',
      'Copy report',
      'With whole addresses',
    ],
  },
];

/** Goes all ways that `isWanted` names; what came otherwise is added to `problems`. Returns how many there are. */
export async function walkAll(site, isWanted, problems) {
  const chosen = walks.filter(isWanted);
  for (const each of chosen) {
    const first = [];
    await walkOne(site, each, first);
    // What a busy machine was too slow for is tried once more; what is really wrong is wrong again.
    if (first.length > 0) await walkOne(site, each, problems);
  }
  return chosen.length;
}

async function walkOne(site, each, problems) {
  const context = await site.browser.newContext({
    viewport: each.narrow === true ? { width: 640, height: 400 } : { width: 1280, height: 800 },
    locale: 'en',
    timezoneId: 'UTC',
  });
  const label = `by keyboard, ${each.name}`;
  const page = await openScene(context, site.origin, each, { locale: 'en', theme: 'light', label }, problems);
  try {
    const stops = await each.go(page);
    if (stops.join('\n') !== each.stops.join('\n'))
      problems.push(`${label}: the focus went\n  ${stops.join(' > ')}\nand not\n  ${each.stops.join(' > ')}`);
  } catch (error) {
    problems.push(`${label}: ${error.message}`);
  }
  await context.close();
}
