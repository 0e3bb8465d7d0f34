const openMore = (page) => page.locator('[aria-haspopup="menu"]').last().click();

async function chooseMore(page, words) {
  await openMore(page);
  await page.locator('.menu:popover-open').getByText(words).click();
}

const openSmallWindow = (page) => chooseMore(page, /^(Small window|小窗)$/);

async function openStatistics(page) {
  await chooseMore(page, /^(Statistics|统计信息)$/);
  await page.locator('.person-statistics__all').first().waitFor();
}

async function tryDevices(page) {
  await page.locator('.check-ask button').click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('video')].every(
      (video) => video.srcObject === null || video.videoWidth > 0,
    ),
  );
}

/** Does something in the page until the call says it: it listens only once it is drawn. */
async function untilSaid(page, doInPage) {
  const notice = page.locator('.call__trouble .notice');
  while ((await notice.count()) === 0) {
    await page.evaluate(doInPage);
    await page.waitForTimeout(100);
  }
}

/** Goes back from the call to the first page, as from a link that was followed there. */
async function goBackToHome(page) {
  await page.evaluate(() => {
    const call = location.href;
    history.replaceState({ place: -1 }, '', '/');
    history.pushState({ place: 0 }, '', call);
  });
  await page.evaluate(() => history.back());
}

/** As the browser tells it. Evaluated in the page: it may use nothing from around it. */
async function plugInHeadset() {
  const { mediaDevices } = navigator;
  const before = await mediaDevices.enumerateDevices();
  const headset = { kind: 'audioinput', deviceId: 'm-3', label: 'Wireless headset', groupId: 'g-3' };
  mediaDevices.enumerateDevices = () => Promise.resolve([...before, headset]);
  mediaDevices.dispatchEvent(new Event('devicechange'));
}

/**
 * Every screen and state of the pages, as the scenes of `src/testing` show them: what it is (`words`), a path, what the
 * scene is asked for, and what a person does there (`act`). `settleMs` is how long what moves takes to come to rest, in milliseconds;
 * `whole` has the picture taken of the whole page and not of what fits the window; `window` is the size of a window that is opened
 * there, and looked at in place of the page.
 */
export const states = [
  { name: 'home', words: 'Whoever was here before finds their rooms again.', path: '/', query: {} },
  {
    name: 'home-first-visit',
    words: 'The first visit: start a call, or join one.',
    path: '/',
    query: { recent: 'none' },
  },
  {
    name: 'home-wrong-link',
    words: 'What was pasted is no link to a call; it is said where it was typed.',
    path: '/',
    query: {},
    async act(page) {
      await page.locator('.home__join input').fill('/nonsense');
      await page.locator('.home__join button').click();
    },
  },
  {
    name: 'home-theme-menu',
    words: 'The theme: like the system, light or dark.',
    path: '/',
    query: {},
    act: (page) => page.locator('[aria-haspopup="menu"]').last().click(),
  },
  {
    name: 'check-running',
    words: 'The ways to the server are being tried.',
    path: '/check',
    query: { scene: 'running', devices: 'ask' },
    whole: true,
  },
  {
    name: 'check-good',
    words: 'All works.',
    path: '/check',
    query: { scene: 'good' },
    act: tryDevices,
    whole: true,
  },
  {
    name: 'check-slow',
    words: 'Calls work, but the network blocks the fast way.',
    path: '/check',
    query: { scene: 'slow', devices: 'in-use' },
    act: tryDevices,
    whole: true,
  },
  {
    name: 'check-bad',
    words: 'Calls do not work from here, and each row says what to do.',
    path: '/check',
    query: { scene: 'bad', devices: 'denied' },
    act: tryDevices,
    whole: true,
  },
  { name: 'bad-room', words: 'A link that names no room.', path: '/r/--', query: {} },
  { name: 'nowhere', words: 'An address that is no page of ours.', path: '/nowhere', query: {} },
  {
    name: 'pre-join-ask',
    words: 'Drawn before the browser asks anything.',
    query: { scene: 'door', devices: 'ask', peek: 'inside' },
  },
  {
    name: 'pre-join-ready',
    words: 'Whoever comes back needs one click.',
    query: { scene: 'door', peek: 'inside' },
  },
  {
    name: 'pre-join-first',
    words: 'The first visit: no name yet, and a room made just now.',
    path: '/r/k7mq-x2fp-9dhw-3rtz',
    query: { scene: 'door', devices: 'ask', name: '' },
  },
  {
    name: 'pre-join-off',
    words: 'Camera and microphone off, and five people inside.',
    query: { scene: 'door', camera: 'off', microphone: 'off', peek: 'many' },
  },
  {
    name: 'pre-join-denied',
    words: 'The browser blocks both devices: how to undo it.',
    query: { scene: 'door', devices: 'denied' },
  },
  {
    name: 'pre-join-camera-in-use',
    words: 'Another program has the camera; the microphone works.',
    query: { scene: 'door', devices: 'in-use', peek: 'inside' },
  },
  {
    name: 'pre-join-no-devices',
    words: 'Nothing to see or hear with: one may join all the same.',
    query: { scene: 'door', devices: 'missing' },
  },
  {
    name: 'pre-join-unsupported',
    words: 'A browser that has no calls.',
    query: { scene: 'door', devices: 'unsupported' },
  },
  {
    name: 'pre-join-in-app',
    words: 'An app that shows pages itself, and gives them no camera: the way to a browser.',
    query: { scene: 'door', devices: 'denied', agent: 'Mozilla/5.0 (Linux; Android 16) MicroMessenger/8.0' },
  },
  {
    name: 'pre-join-full',
    words: 'The room is full, and says so before anybody presses.',
    query: { scene: 'door', peek: 'full' },
  },
  {
    name: 'pre-join-refused',
    words: 'The room was full when the button was pressed.',
    query: { scene: 'full' },
  },
  {
    name: 'pre-join-joining',
    words: 'Joining takes longer than a moment.',
    query: { scene: 'joining', enter: 'by-hand', peek: 'inside' },
    async act(page) {
      await page
        .locator('.mic-meter__words')
        .getByText(/^(Your microphone works\.|麦克风工作正常。)$/)
        .waitFor();
      await page.locator('.door button[type="submit"]').click();
    },
    settleMs: 900,
  },
  {
    name: 'call-alone',
    words: 'Nobody else is here: the link, ready to be sent.',
    query: { scene: 'alone' },
  },
  {
    name: 'call-two',
    words: 'One other person has the stage; oneself is in the corner.',
    query: { scene: 'two' },
  },
  { name: 'call-three', words: 'Three.', query: { scene: 'three' } },
  { name: 'call-four', words: 'Four.', query: { scene: 'four' } },
  { name: 'call-five', words: 'Five, one without a camera.', query: { scene: 'five' } },
  { name: 'call-eight', words: 'Eight, one without a name.', query: { scene: 'eight' } },
  { name: 'call-many', words: 'Twenty-five.', query: { scene: 'many' } },
  {
    name: 'call-many-next',
    words: 'The next page of them, where one is not enough.',
    query: { scene: 'many' },
    async act(page) {
      const next = page.locator('.pager button').last();
      if ((await next.count()) > 0) await next.click();
    },
  },
  { name: 'call-speaker', words: 'Who speaks is large.', query: { scene: 'five', view: 'speaker' } },
  {
    name: 'call-pinned',
    words: 'One person is kept large.',
    query: { scene: 'five' },
    act: (page) => page.locator('.tile[data-participant-id="p-小宝-1"] .tile__tool').click(),
  },
  { name: 'call-screen', words: 'A shared screen, never cropped.', query: { scene: 'screen' } },
  {
    name: 'call-screen-zoomed',
    words: 'The same, enlarged.',
    query: { scene: 'screen' },
    async act(page) {
      for (let press = 0; press < 2; press += 1)
        await page.locator('.screen-tile .tile__tool').nth(1).click();
    },
  },
  { name: 'call-two-screens', words: 'Two people show their screens.', query: { scene: 'screens' } },
  {
    name: 'call-sharing',
    words: 'Sharing one’s own screen. Telephones cannot.',
    query: { scene: 'three' },
    async act(page) {
      // Telephones have none.
      const share = page.locator('.control-bar [aria-pressed]').first();
      if (await page.evaluate(() => window.matchMedia('(pointer: coarse)').matches)) return;
      await share.click();
      await page.locator('.control-bar [aria-pressed="true"]').waitFor();
    },
  },
  {
    name: 'call-muted',
    words: 'Microphone and camera off.',
    query: { scene: 'three', camera: 'off', microphone: 'off' },
  },
  {
    name: 'call-links',
    words: 'Connections that come, go and fail, each on its tile.',
    query: { scene: 'links' },
    settleMs: 800,
  },
  {
    name: 'call-links-open',
    words: 'How everybody is connected, on demand.',
    query: { scene: 'links' },
    act: (page) => page.locator('.link-summary').click(),
  },
  {
    name: 'call-older',
    words: 'Somebody is on an older page.',
    query: { scene: 'older' },
    act: (page) => page.locator('.link-summary').click(),
  },
  {
    name: 'call-keys',
    words: 'The keys, and the switch that turns them off.',
    query: { scene: 'four' },
    async act(page) {
      // The page listens once it is drawn.
      await page.locator('.control-bar').waitFor();
      await page.waitForTimeout(150);
      await page.keyboard.press('?');
      await page.locator('.sheet[open] .keys').waitFor();
    },
  },
  {
    name: 'call-devices',
    words: 'Other devices, in the middle of the call.',
    query: { scene: 'four' },
    async act(page) {
      await openMore(page);
      await page.locator('.menu:popover-open [role="menuitem"]').nth(1).click();
      await page.locator('.device-sheet').waitFor();
    },
  },
  {
    name: 'pre-join-devices',
    words: 'Other devices, before the call.',
    query: { scene: 'door', peek: 'inside' },
    async act(page) {
      await page.locator('.pre-join__devices .button').click();
      await page.locator('.device-sheet').waitFor();
    },
  },
  {
    name: 'call-weak',
    words: 'One person’s network is bad, and this one’s is nearly full.',
    query: { scene: 'weak' },
    act: (page) => page.locator('.link-summary').click(),
  },
  {
    name: 'call-statistics',
    words: 'The figures of each connection, with two minutes of history.',
    query: { scene: 'figures' },
    act: openStatistics,
  },
  {
    name: 'call-statistics-table',
    words: 'Everything that is known of each stream.',
    query: { scene: 'figures' },
    async act(page) {
      await openStatistics(page);
      await page.locator('.person-statistics__all > summary').first().click();
    },
  },
  { name: 'call-voice-only', words: 'Too weak for pictures: the voices go on.', query: { scene: 'voice' } },
  {
    name: 'call-server-lost',
    words: 'The server is away; the call is not.',
    query: { scene: 'lost' },
    settleMs: 2600,
  },
  {
    name: 'call-afresh',
    words: 'The server has lost what it knew of the room.',
    query: { scene: 'afresh' },
    act: (page) => untilSaid(page, () => window.dispatchEvent(new Event('scene-afresh'))),
  },
  {
    name: 'call-new-device',
    words: 'Something was plugged in: it is offered, and not taken.',
    query: { scene: 'three' },
    async act(page) {
      // The page knows what there was.
      await page.locator('html[data-devices-listed]').waitFor();
      await page.evaluate(plugInHeadset);
      await page.locator('.call__trouble .notice').waitFor();
    },
  },
  {
    name: 'call-other-tab',
    words: 'The same call is open twice in this browser.',
    query: { scene: 'three' },
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
    act: (page) => untilSaid(page, () => new BroadcastChannel('callbox.room.standup').postMessage('here')),
  },
  {
    name: 'call-tap-to-hear',
    words: 'A browser that lets no sound begin by itself.',
    query: { scene: 'held' },
  },
  {
    name: 'call-tooltip',
    words: 'What a control will do, and its key.',
    query: { scene: 'four' },
    async act(page) {
      await page.locator('.control-bar [role="switch"]').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
    },
  },
  {
    name: 'call-chat-refused',
    words: 'A message that came too fast is given back.',
    query: { scene: 'refusing' },
    async act(page) {
      await page.locator('#chat-button').click();
      await page.locator('.composer__field').fill('And another thing');
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'call-camera-failed',
    words: 'The camera failed before the call: a mark, and no nagging.',
    query: { scene: 'three', devices: 'in-use' },
  },
  {
    name: 'call-chat',
    words: 'The chat.',
    query: { scene: 'chat' },
    act: (page) => page.locator('#chat-button').click(),
  },
  {
    name: 'call-chat-waiting',
    words: 'Messages that wait for the server.',
    query: { scene: 'waiting' },
    act: (page) => page.locator('#chat-button').click(),
    settleMs: 2600,
  },
  {
    name: 'call-chat-long',
    words: 'A long one, over days.',
    query: { scene: 'history' },
    act: (page) => page.locator('#chat-button').click(),
  },
  {
    name: 'call-chat-empty',
    words: 'Nobody has written yet.',
    query: { scene: 'three' },
    act: (page) => page.locator('#chat-button').click(),
  },
  {
    name: 'call-going-back',
    words: 'Going back would lose what was written: it is said once.',
    query: { scene: 'three' },
    async act(page) {
      await page.locator('#chat-button').click();
      await page.locator('.side-panel textarea').fill('…');
      await page.locator('.side-panel__head button').last().click();
      await page.locator('.side-panel').waitFor({ state: 'detached' });
      await goBackToHome(page);
      await page.locator('.call__trouble .notice').waitFor();
    },
  },
  { name: 'call-chat-unread', words: 'Messages that were not read.', query: { scene: 'chat' } },
  { name: 'call-more', words: 'What is wanted now and then.', query: { scene: 'four' }, act: openMore },
  {
    name: 'call-small-window',
    words: 'The call in a small window of its own, while something else is done in the browser.',
    query: { scene: 'four' },
    act: openSmallWindow,
    window: { width: 360, height: 278 },
  },
  {
    name: 'call-small-window-muted',
    words: 'The same, with microphone and camera off, and one who shows no picture.',
    query: { scene: 'silent', camera: 'off', microphone: 'off' },
    act: openSmallWindow,
    window: { width: 320, height: 240 },
  },
  {
    name: 'call-small-window-screen',
    words: 'The same, with a shared screen.',
    query: { scene: 'screen' },
    act: openSmallWindow,
    window: { width: 360, height: 278 },
  },
  {
    name: 'call-small-window-alone',
    words: 'The same, as small as it gets, with nobody else.',
    query: { scene: 'alone' },
    act: openSmallWindow,
    window: { width: 240, height: 160 },
  },
  {
    name: 'call-invite',
    words: 'The link for somebody who stands beside.',
    query: { scene: 'four' },
    async act(page) {
      await openMore(page);
      await page.locator('.menu:popover-open [role="menuitem"]').first().click();
      await page.locator('.qr-code').waitFor();
    },
  },
  {
    name: 'left',
    words: 'After the call.',
    query: { scene: 'three' },
    act: (page) => page.locator('.control-bar__leave button').click(),
  },
  {
    name: 'left-rated',
    words: 'It was bad: what often helps.',
    query: { scene: 'three' },
    async act(page) {
      await page.locator('.control-bar__leave button').click();
      await page.locator('.rating__answer').last().click();
    },
  },
];
