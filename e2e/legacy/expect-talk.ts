import type { Guest } from '../browser/guest.ts';
import { call, waitForOld } from './old-guest.ts';

/** Names, chat, a message of the page's own and one over a data channel, both ways. */
export async function expectTalk(ana: Guest, ben: Guest): Promise<void> {
  await waitForOld(ana, 'to know the name of Ben', ({ nicks }) => nicks.includes('Ben'));
  await waitForOld(ben, 'to know the name of Ana', ({ nicks }) => nicks.includes('Ana'));
  for (const [from, to] of [
    [ana, ben],
    [ben, ana],
  ] as const) {
    await call(from, 'sendToAll', 'chat', { message: '你好 & hello', nick: from.label });
    await call(from, 'sendToAll', 'wave', { hand: 'left' });
    const isThere = (line: unknown) => JSON.stringify(line).includes('你好 & hello');
    await waitForOld(to, 'to read the chat', ({ messages }) => messages.some(isThere));
    await waitForOld(to, 'to be waved at', ({ messages }) => messages.some(({ type }) => type === 'wave'));
    await expectDirectMessage(from, to);
  }
}

/** The first try opens the channel; one that finds it open arrives. */
async function expectDirectMessage(from: Guest, to: Guest): Promise<void> {
  await waitForOld(to, 'to hear over the data channel', async ({ direct }) => {
    if (direct.length === 0) await call(from, 'sendDirectlyToAll', 'text', 'line', 'over a channel');
    return direct.some(({ type, payload }) => type === 'line' && payload === 'over a channel');
  });
}
