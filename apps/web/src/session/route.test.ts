import { describe, expect, it } from 'vitest';
import { createRouter, parseRoute, roomPath } from './route.ts';

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

describe('the router', () => {
  it.each([
    ['/', 'https://calls.example/r/Standup', '/r/standup', '/'],
    ['/', 'https://calls.example/r/standup/?transport=relay', '/r/standup?transport=relay', '/'],
    ['/calls/', 'https://calls.example/calls/r/Standup', '/calls/r/standup', '/calls/'],
  ])('stays under %s', (basePath, address, shown, home) => {
    const location = new URL(address);
    const addresses: unknown[] = [];
    const note = (_state: unknown, _title: string, url: unknown): void => void addresses.push(url);
    const history = { pushState: note, replaceState: note } as unknown as History;
    const window = { location: location as unknown as Location, history, addEventListener: () => {} };
    const router = createRouter(window, basePath);
    expect(router.route.value).toMatchObject({ kind: 'room', room: 'standup' });
    router.navigate('/');
    expect(addresses).toEqual([shown, home]);
    expect(router.hrefOf(roomPath('a'))).toBe(`${basePath}r/a`);
  });
});
