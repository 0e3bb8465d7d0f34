import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { keepAwake } from './keep-awake.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A browser that gives a lock to a page that can be seen, and takes it from one that is hidden. */
function createBrowser() {
  const locks: { released: boolean }[] = [];
  const listeners: (() => void)[] = [];
  const document = {
    visibilityState: 'visible' as DocumentVisibilityState,
    addEventListener: (_: string, listener: () => void) => void listeners.push(listener),
  };
  const navigator = {
    wakeLock: {
      request() {
        if (document.visibilityState !== 'visible')
          return Promise.reject(new DOMException('', 'NotAllowedError'));
        const lock = {
          released: false,
          release() {
            lock.released = true;
            return Promise.resolve();
          },
        };
        locks.push(lock);
        return Promise.resolve(lock);
      },
    },
  } as unknown as Pick<Navigator, 'wakeLock'>;
  async function show(visibility: DocumentVisibilityState): Promise<void> {
    document.visibilityState = visibility;
    if (visibility === 'hidden') for (const lock of locks) lock.released = true;
    for (const listener of listeners) listener();
    await settle();
  }
  return { browser: { document: document as unknown as Document, navigator }, locks, show };
}

it('keeps the screen lit for as long as that is wanted', async () => {
  const { browser, locks } = createBrowser();
  const inside = signal(false);
  keepAwake({ isWanted: () => inside.value, ...browser });
  await settle();
  expect(locks).toEqual([]);
  inside.value = true;
  await settle();
  expect(locks.map(({ released }) => released)).toEqual([false]);
  inside.value = false;
  await settle();
  expect(locks.map(({ released }) => released)).toEqual([true]);
});

it('asks anew when the page is seen again, and not while it is hidden', async () => {
  const { browser, locks, show } = createBrowser();
  keepAwake({ isWanted: () => true, ...browser });
  await settle();
  await show('hidden');
  expect(locks.map(({ released }) => released)).toEqual([true]);
  await show('visible');
  expect(locks.map(({ released }) => released)).toEqual([true, false]);
});

it('does without what a browser does not have', async () => {
  const { browser, show } = createBrowser();
  keepAwake({ isWanted: () => true, document: browser.document, navigator: {} });
  await expect(show('visible')).resolves.toBeUndefined();
});
