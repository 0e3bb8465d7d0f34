import { setTimeout as delay } from 'node:timers/promises';
import { nonce as nonceCodec, realm } from '@callbox/stun';
import { expect } from 'vitest';
import { expectError, expectSuccess, type Allocation } from '../allocation.ts';
import { signatureOf } from '../client/compose-message.ts';
import { octets } from '../client/octets.ts';
import type { Peer } from '../client/peer.ts';
import { valueOf, type Reply } from '../client/reply.ts';
import { attribute, channelNumber, METHOD, xorPeerAddress } from '../client/turn-wire.ts';
import type { CaseContext, TurnCase } from '../turn-case.ts';
import type { ShortLifetimes } from '../turn-target.ts';

const CHANNEL = 0x4000;
/** Servers look at what has expired in rounds of a second or so. */
const SWEEP_ALLOWANCE_MS = 3000;
/** How long what is renewed is watched after it would have expired. */
const WATCH_MS = 1500;
const STEP_MS = 100;

function secondsOf({ target }: CaseContext, what: keyof ShortLifetimes): number {
  const seconds = target.lifetimes?.[what];
  if (seconds === undefined) throw new Error(`the target has no short lifetime for ${what}`);
  return seconds;
}

/** Asks again and again until the answer is no, and fails where it never is. The first answer has to be yes. */
async function untilNot(what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> {
  expect(await ask(), `${what} at first`).toBe(true);
  const deadline = Date.now() + seconds * 1000 + SWEEP_ALLOWANCE_MS;
  while (await ask()) {
    if (Date.now() > deadline) expect.fail(`${what} still after ${seconds} s`);
    await delay(STEP_MS);
  }
}

/** Whether what the peer sends reaches the client. Another peer's datagram, sent after it, tells when to stop waiting. */
async function reaches(allocation: Allocation, peer: Peer, permitted: Peer): Promise<boolean> {
  const { client, permit, relayed } = allocation;
  await permit(permitted.address);
  peer.send(relayed, octets('asked'));
  permitted.send(relayed, octets('marker'));
  let isReached = false;
  for (;;) {
    const { payload } = await allocation.nextData();
    if (payload.length === 'marker'.length) break;
    isReached = true;
  }
  expect(client.received.rest).toEqual([]);
  return isReached;
}

/** Whether ChannelData reaches the peer. A Send, sent after it, tells when to stop waiting. */
async function channelReaches(allocation: Allocation, peer: Peer): Promise<boolean> {
  await allocation.permit(peer.address);
  allocation.sendOnChannel(CHANNEL, octets('asked'));
  allocation.client.sendIndication(peer.address, octets('marker'));
  let isReached = false;
  for (;;) {
    const { payload } = await peer.received.take('the marker');
    if (payload.length === 'marker'.length) return isReached;
    isReached = true;
  }
}

export const LIFETIME_CASES: readonly TurnCase[] = [
  {
    id: 'lifetime.permission',
    title: 'A permission expires although data flows, and not before its time',
    rule: 'RFC 8656 §9',
    needs: ['short-lifetimes'],
    run: async (context) => {
      const permission = secondsOf(context, 'permission');
      const allocation = await context.allocated();
      const [peer, other] = [await context.peer(), await context.peer(context.target.peerHosts[1])];
      const start = Date.now();
      await allocation.permit(peer.address);
      await untilNot('the permission', permission, () => reaches(allocation, peer, other));
      expect(Date.now() - start).toBeGreaterThanOrEqual(permission * 1000 - STEP_MS);
    },
  },
  {
    id: 'lifetime.permission-refreshed',
    title: 'CreatePermission renews a permission',
    rule: 'RFC 8656 §9',
    // One transport will do: this waits for seconds, and only tables are asked.
    transports: ['udp'],
    needs: ['short-lifetimes'],
    run: async (context) => {
      const permission = secondsOf(context, 'permission');
      const [allocation, peer] = [await context.allocated(), await context.peer()];
      const deadline = Date.now() + permission * 1000 + WATCH_MS;
      while (Date.now() < deadline) {
        await allocation.permit(peer.address);
        peer.send(allocation.relayed, octets('in'));
        expect((await allocation.nextData()).payload).toEqual(octets('in'));
        await delay(STEP_MS);
      }
    },
  },
  {
    id: 'lifetime.channel',
    title: 'A channel expires although data flows; Send still works while the permission lasts',
    rule: 'RFC 8656 §12',
    needs: ['short-lifetimes'],
    run: async (context) => {
      const channel = secondsOf(context, 'channel');
      const [allocation, peer] = [await context.allocated(), await context.peer()];
      await allocation.bind(CHANNEL, peer.address);
      await untilNot('the channel', channel, () => channelReaches(allocation, peer));
      peer.send(allocation.relayed, octets('in'));
      expect((await allocation.nextData()).payload).toEqual(octets('in'));
    },
  },
  {
    id: 'lifetime.channel-hold',
    title: 'The number of an expired channel stays tied to its peer for a while, which may take it up again',
    rule: 'RFC 8656 §12',
    // One transport will do: this waits for seconds, and only tables are asked.
    transports: ['udp'],
    needs: ['short-lifetimes', 'channel-hold'],
    run: async (context) => {
      const [channel, channelHold] = [secondsOf(context, 'channel'), secondsOf(context, 'channelHold')];
      const [allocation, peer, other] = [
        await context.allocated(),
        await context.peer(),
        await context.peer(),
      ];
      const bindTo = async ({ address }: Peer): Promise<string> => {
        const attributes = [channelNumber(CHANNEL), attribute(xorPeerAddress, address)];
        return (await allocation.client.request({ method: METHOD.channelBind, attributes })).outcome;
      };
      expect(await bindTo(peer)).toBe('success');
      await untilNot('the channel', channel, () => channelReaches(allocation, peer));
      expect(await bindTo(other)).toBe('error 400');
      expect(await bindTo(peer)).toBe('success');
      expect(await channelReaches(allocation, peer)).toBe(true);
      await untilNot('the number', channel + channelHold, async () => (await bindTo(other)) === 'error 400');
    },
  },
  {
    id: 'lifetime.allocation',
    title: 'An allocation that is not refreshed expires: 437, and the same address may allocate again',
    rule: 'RFC 8656 §8',
    needs: ['short-allocations'],
    run: async (context) => {
      const seconds = secondsOf(context, 'allocation');
      const { client } = await context.allocated();
      // Asked without refreshing it: a permission without a peer is refused, with 400 as long as there is an allocation.
      await untilNot('the allocation', seconds, async () => {
        const { outcome } = await client.request({ method: METHOD.createPermission });
        return outcome === 'error 400';
      });
      expectError(await client.request({ method: METHOD.refresh }), 437);
      const attributes = [() => ({ type: 0x0019, value: Uint8Array.of(17, 0, 0, 0) })];
      expectSuccess(await client.request({ method: METHOD.allocate, attributes }));
    },
  },
  {
    id: 'lifetime.allocation-refreshed',
    title: 'Refresh keeps an allocation, and its relayed address, alive',
    rule: 'RFC 8656 §8',
    // One transport will do: this waits for seconds, and only tables are asked.
    transports: ['udp'],
    needs: ['short-allocations'],
    run: async (context) => {
      const seconds = secondsOf(context, 'allocation');
      const [allocation, peer] = [await context.allocated(), await context.peer()];
      const deadline = Date.now() + seconds * 1000 + WATCH_MS;
      while (Date.now() < deadline) {
        expectSuccess(await allocation.client.request({ method: METHOD.refresh }));
        await delay(STEP_MS);
      }
      await allocation.permit(peer.address);
      peer.send(allocation.relayed, octets('in'));
      expect((await allocation.nextData()).payload).toEqual(octets('in'));
    },
  },
  {
    id: 'lifetime.nonce',
    title: 'A nonce grows stale: 438 with a fresh one, and the allocation is untouched',
    rule: 'RFC 8656 §5',
    needs: ['short-nonces'],
    run: async (context) => {
      const nonce = secondsOf(context, 'nonce');
      const { client } = await context.allocated();
      const signature = await client.signature();
      let stale: Reply | undefined;
      await untilNot('the nonce', nonce, async () => {
        const reply = await client.request({ method: METHOD.refresh, signature });
        if (reply.outcome !== 'success') stale = reply;
        return stale === undefined;
      });
      if (stale === undefined) throw new Error('the nonce did not grow stale');
      expectError(stale, 438);
      const fresh = { realm: valueOf(stale.message, realm), nonce: valueOf(stale.message, nonceCodec) };
      const renewed = signatureOf(context.target.credential, fresh);
      expectSuccess(await client.request({ method: METHOD.refresh, signature: renewed }));
    },
  },
];
