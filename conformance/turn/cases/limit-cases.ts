import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { expectError, expectSuccess } from '../allocation.ts';
import { composeMessage } from '../client/compose-message.ts';
import { endOf } from '../client/end-of.ts';
import { pattern } from '../client/octets.ts';
import type { Reply } from '../client/reply.ts';
import { transportAddress } from '../client/transport-address.ts';
import type { TurnClient } from '../client/turn-client.ts';
import {
  attribute,
  channelNumber,
  lifetime,
  METHOD,
  PROTOCOL,
  requestedTransport,
  xorPeerAddress,
} from '../client/turn-wire.ts';
import type { CaseContext, TurnCase } from '../turn-case.ts';
import type { SmallLimits } from '../turn-target.ts';

/** Timers are not exact, least of all on a busy machine. */
const TIMER_ALLOWANCE_MS = 3000;
/** How long a server may take to clear away what was given back. */
const RELEASE_MS = 10_000;

function limitOf({ target }: CaseContext, what: keyof SmallLimits): number {
  const limit = target.limits?.[what];
  if (limit === undefined) throw new Error(`the target has no small limit of ${what}`);
  return limit;
}

function askAllocate(client: TurnClient): Promise<Reply> {
  return client.request({ method: METHOD.allocate, attributes: [requestedTransport(PROTOCOL.udp)] });
}

async function release(client: TurnClient): Promise<void> {
  expectSuccess(await client.request({ method: METHOD.refresh, attributes: [attribute(lifetime, 0)] }));
}

/** Allocates as soon as what was given back before is free again. */
async function allocateSoon(client: TurnClient): Promise<TurnClient> {
  await expect.poll(async () => (await askAllocate(client)).outcome, { timeout: RELEASE_MS }).toBe('success');
  return client;
}

/** Uses up what a user may have. */
async function exhaust(context: CaseContext): Promise<readonly TurnClient[]> {
  const clients: TurnClient[] = [];
  for (let count = 0; count < limitOf(context, 'allocationsPerUser'); count += 1) {
    clients.push(await allocateSoon(await context.client()));
  }
  return clients;
}

async function releaseAll(clients: readonly TurnClient[]): Promise<void> {
  for (const client of clients) await release(client);
}

export const LIMIT_CASES: readonly TurnCase[] = [
  {
    id: 'limit.user-quota',
    title:
      'A user who has as many allocations as allowed gets 486, and one more as soon as one is given back',
    rule: 'RFC 8656 §7.2',
    needs: ['user-quota'],
    run: async (context) => {
      const [first, ...others] = await exhaust(context);
      if (first === undefined) throw new Error('the quota is zero');
      const late = await context.client();
      expectError(await askAllocate(late), 486);
      await release(first);
      await allocateSoon(late);
      await releaseAll([late, ...others]);
    },
  },
  {
    id: 'limit.quota-isolated',
    title: "One user's quota is not another's",
    rule: 'RFC 8656 §7.2',
    needs: ['user-quota', 'second-user'],
    run: async (context) => {
      const clients = await exhaust(context);
      const { otherCredential } = context.target;
      if (otherCredential === undefined) throw new Error('the target has no second user');
      const other = await context.client({ credential: otherCredential });
      expectSuccess(await askAllocate(other));
      await releaseAll([...clients, other]);
    },
  },
  {
    id: 'limit.quota-retransmission',
    title: 'An Allocate that is sent again counts once',
    rule: 'RFC 8656 §7.2',
    needs: ['user-quota'],
    run: async (context) => {
      const first = await context.client();
      const signature = await first.signature();
      const attributes = [requestedTransport(PROTOCOL.udp)];
      const request = composeMessage({ method: METHOD.allocate, attributes, signature });
      const exchange = async (): Promise<string> => (await first.exchange(request, signature.key)).outcome;
      await expect.poll(exchange, { timeout: RELEASE_MS }).toBe('success');
      for (let copy = 0; copy < 5; copy += 1) expect(await exchange()).toBe('success');
      const second = await allocateSoon(await context.client());
      await releaseAll([first, second]);
    },
  },
  {
    id: 'limit.permissions',
    title:
      'More permissions than an allocation may have get 508, all or nothing; those it has can be renewed',
    rule: 'RFC 8656 §10.2',
    needs: ['small-tables'],
    run: async (context) => {
      const limit = limitOf(context, 'permissionsPerAllocation');
      const { client } = await context.allocated();
      const peers = Array.from({ length: limit + 1 }, (_, index) =>
        attribute(xorPeerAddress, transportAddress(`127.0.1.${index + 1}`, 0)),
      );
      const method = METHOD.createPermission;
      expectError(await client.request({ method, attributes: peers }), 508);
      expectSuccess(await client.request({ method, attributes: peers.slice(0, limit) }));
      expectError(await client.request({ method, attributes: peers.slice(limit) }), 508);
      expectSuccess(await client.request({ method, attributes: peers.slice(0, limit) }));
      await release(client);
    },
  },
  {
    id: 'limit.channels',
    title: 'More channels than an allocation may have get 508; those it has can be renewed',
    rule: 'RFC 8656 §12.2',
    needs: ['small-tables'],
    run: async (context) => {
      const limit = limitOf(context, 'channelsPerAllocation');
      const { client } = await context.allocated();
      const ask = (index: number): Promise<Reply> => {
        const peer = transportAddress(context.target.peerHosts[0], 30_000 + index);
        const attributes = [channelNumber(0x4000 + index), attribute(xorPeerAddress, peer)];
        return client.request({ method: METHOD.channelBind, attributes });
      };
      for (let index = 0; index < limit; index += 1) expectSuccess(await ask(index));
      expectError(await ask(limit), 508);
      expectSuccess(await ask(0));
      await release(client);
    },
  },
  {
    id: 'limit.ports',
    title: 'When all relayed addresses are taken, the next client gets 508 and the others go on',
    rule: 'RFC 8656 §7.2',
    needs: ['few-ports'],
    transports: ['udp'],
    run: async (context) => {
      const clients: TurnClient[] = [];
      for (let count = 0; count < limitOf(context, 'relayPorts'); count += 1) {
        clients.push((await context.allocated()).client);
      }
      expectError(await askAllocate(await context.client()), 508);
      for (const client of clients) expectSuccess(await client.request({ method: METHOD.refresh }));
    },
  },
  {
    id: 'limit.stream-unfinished',
    title: 'A stream that stops in the middle of a message is ended',
    rule: 'RFC 8656 §5',
    transports: ['tcp'],
    needs: ['stream-timeouts'],
    run: async (context) => {
      const stuck = await context.client();
      stuck.send(composeMessage({ method: METHOD.binding }).subarray(0, 11));
      expect(await endOf(stuck, limitOf(context, 'streamMessageMs') + TIMER_ALLOWANCE_MS)).toBe('ended');
    },
  },
  {
    id: 'limit.stream-trickle',
    title: 'A message that trickles in does not keep a stream open, with an allocation or without',
    rule: 'RFC 8656 §5',
    transports: ['tcp'],
    needs: ['stream-timeouts'],
    run: async (context) => {
      const streamMessageMs = limitOf(context, 'streamMessageMs');
      const attributes = [() => ({ type: 0x8022, value: pattern(200) })];
      const request = composeMessage({ method: METHOD.binding, attributes });
      for (const client of [await context.client(), (await context.allocated()).client]) {
        let sent = 0;
        const timer = setInterval(() => {
          client.send(request.subarray(sent, sent + 1));
          sent += 1;
        }, streamMessageMs / 10);
        const outcome = await endOf(client, streamMessageMs + TIMER_ALLOWANCE_MS);
        clearInterval(timer);
        expect(outcome).toBe('ended');
      }
    },
  },
  {
    id: 'limit.stream-silent',
    title: 'A stream on which nothing was ever sent is ended',
    rule: 'RFC 8656 §5',
    transports: ['tcp'],
    needs: ['stream-timeouts'],
    run: async (context) => {
      const streamIdleMs = limitOf(context, 'streamIdleMs');
      expect(await endOf(await context.client(), streamIdleMs + TIMER_ALLOWANCE_MS)).toBe('ended');
    },
  },
  {
    id: 'limit.stream-idle',
    title: 'A stream that falls silent is ended, unless it has an allocation',
    rule: 'RFC 8656 §5',
    transports: ['tcp'],
    needs: ['stream-timeouts'],
    run: async (context) => {
      const streamIdleMs = limitOf(context, 'streamIdleMs');
      const [idle, { client: busy }] = [await context.client(), await context.allocated()];
      await idle.fence();
      expect(await endOf(idle, streamIdleMs + TIMER_ALLOWANCE_MS)).toBe('ended');
      await delay(streamIdleMs);
      expectSuccess(await busy.request({ method: METHOD.refresh }));
      await release(busy);
    },
  },
];
