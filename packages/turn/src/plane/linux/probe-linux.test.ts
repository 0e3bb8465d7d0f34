import { platform } from 'node:os';
import { describe, expect, test } from 'vitest';
import { probeLinux } from './probe-linux.ts';
import { loadSystemCalls, type SystemCalls } from './system-calls.ts';

const refuse = (): never => {
  throw new Error("Cannot find module 'koffi'\nRequire stack: ...");
};

describe.skipIf(platform() !== 'linux')('the probe for the linux data plane', () => {
  const without = (missing: Partial<SystemCalls>): ReturnType<typeof probeLinux> =>
    probeLinux(() => ({ ...loadSystemCalls(), ...missing }));

  test('finds what is needed, and what the kernel adds to it', () => {
    expect(probeLinux()).toMatchObject({ ok: true, sendsRuns: true, readsRuns: true });
  });

  test('says in one line that koffi is not there', () => {
    expect(probeLinux(refuse)).toEqual({
      ok: false,
      reason: "koffi cannot be used: Cannot find module 'koffi'",
    });
  });

  test('says which call is forbidden', () => {
    expect(without({ socket: () => -1, errno: () => 1 })).toEqual({ ok: false, reason: 'socket: EPERM' });
  });

  test.each([
    ['epollCreate', 'epoll_create1: ENOSYS'],
    ['epollCtl', 'epoll_ctl: ENOSYS'],
  ] as const)('says that there is no epoll where %s is refused', (call, reason) => {
    expect(without({ [call]: () => -1, errno: () => 38 })).toEqual({ ok: false, reason });
  });

  test('says that koffi is too old to have an eye on a descriptor', () => {
    const watch = (): never => {
      throw new TypeError('koffi.node is undefined');
    };
    expect(without({ watch })).toEqual({ ok: false, reason: 'koffi.node is undefined' });
  });

  test.each(['recvmmsg', 'sendmmsg'] as const)('does not trust a %s that does nothing', (call) => {
    expect(without({ [call]: () => -1, errno: () => 38 })).toMatchObject({ ok: false });
  });

  test('does without runs where the kernel does not know them', () => {
    const { setsockopt } = loadSystemCalls();
    const probe = without({
      setsockopt: (fd, level, ...rest) => (level === 17 ? -1 : setsockopt(fd, level, ...rest)),
    });
    expect(probe).toMatchObject({ ok: true, sendsRuns: false, readsRuns: false });
  });
});
