const openMore = (page) => page.locator('[aria-haspopup="menu"]').last().click();

async function openStatistics(page) {
  await openMore(page);
  await page.locator('.menu:popover-open [role="menuitem"]:has(svg)').nth(-2).click();
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

/**
 * Every screen and state of the pages, as the scenes of `src/testing` show them: a path, what the scene is asked for,
 * and what a person does there (`act`). `settleMs` is how long what moves takes to come to rest, in milliseconds;
 * `whole` has the picture taken of the whole page and not of what fits the window.
 */
export const states = [
  { name: 'home', path: '/', query: {} },
  { name: 'home-first-visit', path: '/', query: { recent: 'none' } },
  {
    name: 'home-wrong-link',
    path: '/',
    query: {},
    async act(page) {
      await page.locator('.home__join input').fill('/nonsense');
      await page.locator('.home__join button').click();
    },
  },
  {
    name: 'home-theme-menu',
    path: '/',
    query: {},
    act: (page) => page.locator('[aria-haspopup="menu"]').last().click(),
  },
  { name: 'check-running', path: '/check', query: { scene: 'running', devices: 'ask' }, whole: true },
  { name: 'check-good', path: '/check', query: { scene: 'good' }, act: tryDevices, whole: true },
  {
    name: 'check-slow',
    path: '/check',
    query: { scene: 'slow', devices: 'in-use' },
    act: tryDevices,
    whole: true,
  },
  {
    name: 'check-bad',
    path: '/check',
    query: { scene: 'bad', devices: 'denied' },
    act: tryDevices,
    whole: true,
  },
  { name: 'bad-room', path: '/r/--', query: {} },
  { name: 'pre-join-ask', query: { scene: 'door', devices: 'ask', peek: 'inside' } },
  { name: 'pre-join-ready', query: { scene: 'door', peek: 'inside' } },
  {
    name: 'pre-join-first',
    path: '/r/k7mq-x2fp-9dhw-3rtz',
    query: { scene: 'door', devices: 'ask', name: '' },
  },
  { name: 'pre-join-off', query: { scene: 'door', camera: 'off', microphone: 'off', peek: 'many' } },
  { name: 'pre-join-denied', query: { scene: 'door', devices: 'denied' } },
  { name: 'pre-join-camera-in-use', query: { scene: 'door', devices: 'in-use', peek: 'inside' } },
  { name: 'pre-join-no-devices', query: { scene: 'door', devices: 'missing' } },
  { name: 'pre-join-unsupported', query: { scene: 'door', devices: 'unsupported' } },
  { name: 'pre-join-full', query: { scene: 'door', peek: 'full' } },
  { name: 'pre-join-refused', query: { scene: 'full' } },
  { name: 'pre-join-joining', query: { scene: 'joining', peek: 'inside' }, settleMs: 900 },
  { name: 'call-alone', query: { scene: 'alone' } },
  { name: 'call-two', query: { scene: 'two' } },
  { name: 'call-three', query: { scene: 'three' } },
  { name: 'call-four', query: { scene: 'four' } },
  { name: 'call-five', query: { scene: 'five' } },
  { name: 'call-eight', query: { scene: 'eight' } },
  { name: 'call-many', query: { scene: 'many' } },
  {
    name: 'call-many-next',
    query: { scene: 'many' },
    async act(page) {
      const next = page.locator('.pager button').last();
      if ((await next.count()) > 0) await next.click();
    },
  },
  { name: 'call-speaker', query: { scene: 'five', view: 'speaker' } },
  {
    name: 'call-pinned',
    query: { scene: 'five' },
    act: (page) => page.locator('.tile[data-participant-id="p-小宝-1"] .tile__tool').click(),
  },
  { name: 'call-screen', query: { scene: 'screen' } },
  {
    name: 'call-screen-zoomed',
    query: { scene: 'screen' },
    async act(page) {
      for (let press = 0; press < 2; press += 1)
        await page.locator('.screen-tile .tile__tool').nth(1).click();
    },
  },
  { name: 'call-two-screens', query: { scene: 'screens' } },
  {
    name: 'call-sharing',
    query: { scene: 'three' },
    async act(page) {
      // Telephones have none.
      const share = page.locator('.control-bar [aria-pressed]').first();
      if (await page.evaluate(() => window.matchMedia('(pointer: coarse)').matches)) return;
      await share.click();
      await page.locator('.control-bar [aria-pressed="true"]').waitFor();
    },
  },
  { name: 'call-muted', query: { scene: 'three', camera: 'off', microphone: 'off' } },
  { name: 'call-links', query: { scene: 'links' }, settleMs: 800 },
  {
    name: 'call-links-open',
    query: { scene: 'links' },
    act: (page) => page.locator('.link-summary').click(),
  },
  {
    name: 'call-older',
    query: { scene: 'older' },
    act: (page) => page.locator('.link-summary').click(),
  },
  {
    name: 'call-keys',
    query: { scene: 'four' },
    act: (page) => page.keyboard.press('?'),
  },
  {
    name: 'call-devices',
    query: { scene: 'four' },
    async act(page) {
      await openMore(page);
      await page.locator('.menu:popover-open [role="menuitem"]').nth(1).click();
      await page.locator('.device-sheet').waitFor();
    },
  },
  {
    name: 'pre-join-devices',
    query: { scene: 'door', peek: 'inside' },
    async act(page) {
      await page.locator('.pre-join__devices .icon-button').click();
      await page.locator('.device-sheet').waitFor();
    },
  },
  { name: 'call-weak', query: { scene: 'weak' }, act: (page) => page.locator('.link-summary').click() },
  { name: 'call-statistics', query: { scene: 'figures' }, act: openStatistics },
  {
    name: 'call-statistics-table',
    query: { scene: 'figures' },
    async act(page) {
      await openStatistics(page);
      await page.locator('.person-statistics__all > summary').first().click();
    },
  },
  { name: 'call-voice-only', query: { scene: 'voice' } },
  { name: 'call-server-lost', query: { scene: 'lost' } },
  { name: 'call-tap-to-hear', query: { scene: 'held' } },
  {
    name: 'call-tooltip',
    query: { scene: 'four' },
    async act(page) {
      await page.locator('.control-bar [role="switch"]').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
    },
  },
  {
    name: 'call-chat-refused',
    query: { scene: 'refusing' },
    async act(page) {
      await page.locator('#chat-button').click();
      await page.locator('.composer__field').fill('And another thing');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'call-camera-failed', query: { scene: 'three', devices: 'in-use' } },
  { name: 'call-chat', query: { scene: 'chat' }, act: (page) => page.locator('#chat-button').click() },
  {
    name: 'call-chat-long',
    query: { scene: 'history' },
    act: (page) => page.locator('#chat-button').click(),
  },
  { name: 'call-chat-empty', query: { scene: 'three' }, act: (page) => page.locator('#chat-button').click() },
  { name: 'call-chat-unread', query: { scene: 'chat' } },
  { name: 'call-more', query: { scene: 'four' }, act: openMore },
  {
    name: 'call-invite',
    query: { scene: 'four' },
    async act(page) {
      await openMore(page);
      await page.locator('.menu:popover-open [role="menuitem"]').first().click();
      await page.locator('.qr-code').waitFor();
    },
  },
  {
    name: 'left',
    query: { scene: 'three' },
    act: (page) => page.locator('.control-bar__leave button').click(),
  },
  {
    name: 'left-rated',
    query: { scene: 'three' },
    async act(page) {
      await page.locator('.control-bar__leave button').click();
      await page.locator('.rating__answer').last().click();
    },
  },
];
