import { describe, expect, it } from 'vitest';
import { createRouter, parseRoute, roomPath, type RouterWindow } from './route.ts';

const origin = 'https://calls.example';
const routeOf = (path: string, basePath = '/') => parseRoute(new URL(path, origin), basePath);

describe('parseRoute', () => {
  it.each([
    ['/check', '/', 'check'],
    ['/calls/check', '/calls/', 'check'],
    ['/check/', '/', 'check'],
    ['/calls/check/', '/calls/', 'check'],
    ['/check', '/calls/', 'nowhere'],
    ['/check/more', '/', 'nowhere'],
    ['/check//', '/', 'nowhere'],
    ['/', '/', 'home'],
    ['/?x=1', '/', 'home'],
    ['/index.html', '/', 'home'],
    ['/calls/', '/calls/', 'home'],
  ])('takes %s, below %s, for %s', (path, basePath, kind) => {
    expect(routeOf(path, basePath)).toEqual({ kind });
  });

  it.each(['/r', '/r/', '/r/a/b', '/R/a', '/other', '//'])('finds nothing at %s', (path) => {
    expect(parseRoute({ pathname: path, search: '' }, '/')).toEqual({ kind: 'nowhere' });
  });

  it.each([
    ['/r/standup', 'standup'],
    ['/r/Standup', 'standup'],
    ['/r/standup/', 'standup'],
    ['/r/my%20room', 'my-room'],
    ['/r/%E5%B0%8F%E5%AE%9D', '小宝'],
    ['/r/standup#chat', 'standup'],
  ])('takes %s for the room %s', (path, room) => {
    expect(routeOf(path)).toEqual({ kind: 'room', room, relayOnly: false });
  });

  it.each(['/r/--', '/r/a%2Fb', `/r/${'a'.repeat(65)}`, '/r/%E0%A4%A', '/r/%20'])(
    'says of %s that it cannot be a room',
    (path) => {
      expect(routeOf(path).kind).toBe('bad-room');
    },
  );

  it('takes the wish for a relay, and no other, from the address', () => {
    expect(routeOf('/r/a?transport=relay')).toMatchObject({ relayOnly: true });
    expect(routeOf('/r/a?transport=direct')).toMatchObject({ relayOnly: false });
  });

  it.each([
    ['/calls/r/standup', { kind: 'room', room: 'standup', relayOnly: false }],
    ['/calls/', { kind: 'home' }],
    ['/r/standup', { kind: 'nowhere' }],
    ['/other/r/standup', { kind: 'nowhere' }],
    ['/calls/more/r/standup', { kind: 'nowhere' }],
  ])('under /calls/, takes %s for %j', (path, route) => {
    expect(routeOf(path, '/calls/')).toEqual(route);
  });

  it('finds a room again by its own address', () => {
    for (const room of ['standup', '小宝', 'a.b_c-d']) {
      expect(routeOf(roomPath(room))).toMatchObject({ room });
    }
  });
});

/** A window with the history of one page, in which Back and Forward arrive at once. */
function openWindow(address: string, state: unknown = null) {
  const entries: { url: URL; state: unknown }[] = [{ url: new URL(address), state }];
  let at = 0;
  let arrive = (): void => {};
  const here = () => entries[at] ?? { url: new URL(address), state: null };
  const go = (delta: number): void => {
    if (delta === 0) throw new Error('this would reload the page');
    at += delta;
    arrive();
  };
  const window = {
    get location() {
      return here().url as unknown as Location;
    },
    history: {
      get state() {
        return here().state;
      },
      pushState(made: unknown, _title: string, url: string) {
        entries.splice(at + 1, Infinity, { url: new URL(url, here().url), state: made });
        at += 1;
      },
      replaceState(made: unknown, _title: string, url?: string) {
        entries[at] = { url: url === undefined ? here().url : new URL(url, here().url), state: made };
      },
      go,
    },
    addEventListener: (_type: string, listener: () => void) => void (arrive = listener),
  } as unknown as RouterWindow;
  return {
    window,
    go,
    /** As a person does who writes `#` and something behind the address. */
    writeHash(hash: string) {
      const url = new URL(here().url);
      url.hash = hash;
      entries.splice(at + 1, Infinity, { url, state: null });
      go(1);
    },
    shown: () => here().url.href.slice(here().url.origin.length),
    at: () => at,
    length: () => entries.length,
  };
}

describe('the router', () => {
  it.each([
    ['/', 'https://calls.example/r/Standup', '/r/standup', '/'],
    ['/', 'https://calls.example/r/standup/?transport=relay', '/r/standup?transport=relay', '/'],
    ['/calls/', 'https://calls.example/calls/r/Standup', '/calls/r/standup', '/calls/'],
  ])('stays under %s', (basePath, address, shown, home) => {
    const tab = openWindow(address);
    const router = createRouter(tab.window, basePath);
    expect(router.route.value).toMatchObject({ kind: 'room', room: 'standup' });
    expect(tab.shown()).toBe(shown);
    router.navigate('/');
    expect(tab.shown()).toBe(home);
    expect(router.hrefOf(roomPath('a'))).toBe(`${basePath}r/a`);
  });

  it.each([
    ['/check/', '/check'],
    ['/nope/?x=1', '/nope/?x=1'],
    ['/?x=1#y', '/?x=1#y'],
  ])('shows %s as %s', (path, shown) => {
    const tab = openWindow(origin + path);
    createRouter(tab.window, '/');
    expect(tab.shown()).toBe(shown);
  });

  it('goes where Back and Forward lead', () => {
    const tab = openWindow(`${origin}/`);
    const router = createRouter(tab.window, '/');
    router.navigate('/r/a');
    tab.go(-1);
    expect(router.route.value.kind).toBe('home');
    tab.go(1);
    expect(router.route.value).toMatchObject({ room: 'a' });
  });

  it.each([
    ['Back', -1],
    ['Back twice', -2],
    ['Forward', 1],
  ])('stays where it is over %s while it may not leave, with the history as it was', (_name, delta) => {
    const tab = openWindow(`${origin}/check`);
    const router = createRouter(tab.window, '/');
    for (const path of ['/', '/r/a', '/']) router.navigate(path);
    tab.go(-1);
    let mayLeave = false;
    let asked = 0;
    const routes: string[] = [];
    router.route.subscribe(({ kind }) => void routes.push(kind));
    const release = router.guard(() => {
      asked += 1;
      return mayLeave;
    });
    tab.go(delta);
    tab.go(delta);
    expect([tab.shown(), tab.at(), tab.length(), asked, routes]).toEqual(['/r/a', 2, 4, 2, ['room']]);
    mayLeave = true;
    tab.go(delta);
    expect([tab.at(), router.route.value.kind]).toEqual([2 + delta, delta === -2 ? 'check' : 'home']);
    release();
    tab.go(-delta);
    expect([tab.shown(), router.route.value.kind, asked]).toEqual(['/r/a', 'room', 3]);
  });

  it('asks nobody about what stands after the address, and finds the way back over it', () => {
    const tab = openWindow(`${origin}/`);
    const router = createRouter(tab.window, '/');
    router.navigate('/r/a');
    const before = router.route.value;
    router.guard(() => false);
    tab.writeHash('#x');
    expect(router.route.value).toBe(before);
    tab.go(-2);
    expect([tab.shown(), router.route.value]).toEqual(['/r/a#x', before]);
  });

  it('knows its place after a reload', () => {
    const tab = openWindow(`${origin}/`);
    createRouter(tab.window, '/').navigate('/r/a');
    const router = createRouter(tab.window, '/');
    router.guard(() => false);
    tab.go(-1);
    expect([tab.shown(), tab.at()]).toEqual(['/r/a', 1]);
  });
});
