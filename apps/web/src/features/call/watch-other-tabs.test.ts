import { expect, it, vi } from 'vitest';
import { watchOtherTabs } from './watch-other-tabs.ts';

const last = (heard: readonly boolean[]) => heard.at(-1) ?? false;

/** A tab with this room open, and what it was told. */
function openTab(room: string) {
  const heard: boolean[] = [];
  const close = watchOtherTabs(room, (isThere) => void heard.push(isThere));
  return { heard, close };
}

it('tells each of two tabs of the other, and that it has gone', async () => {
  const first = openTab('echo');
  const second = openTab('echo');
  await vi.waitFor(() => expect([last(first.heard), last(second.heard)]).toEqual([true, true]));
  second.close();
  await vi.waitFor(() => expect(last(first.heard)).toBe(false));
  first.close();
});

it('still tells of a third when the second has gone', async () => {
  const tabs = [openTab('three'), openTab('three'), openTab('three')] as const;
  await vi.waitFor(() => expect(tabs.map(({ heard }) => last(heard))).toEqual([true, true, true]));
  tabs[1].close();
  await vi.waitFor(() => expect(tabs[0].heard).toContain(false));
  await vi.waitFor(() => expect([last(tabs[0].heard), last(tabs[2].heard)]).toEqual([true, true]));
  for (const { close } of [tabs[0], tabs[2]]) close();
});

it('is not disturbed by another room', async () => {
  const here = openTab('here');
  const there = openTab('there');
  const witness = openTab('here');
  await vi.waitFor(() => expect(last(witness.heard)).toBe(true));
  expect(there.heard).toEqual([]);
  for (const { close } of [here, there, witness]) close();
});
