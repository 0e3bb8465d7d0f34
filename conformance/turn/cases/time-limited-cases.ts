import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { expectSuccess } from '../allocation.ts';
import { secondsFromNow, timeLimitedCredential, type Credential } from '../client/credential.ts';
import { METHOD, PROTOCOL, requestedTransport } from '../client/turn-wire.ts';
import type { CaseContext, TurnCase } from '../turn-case.ts';

const HOUR = 3600;

function secretOf({ target }: CaseContext): string {
  if (target.sharedSecret === undefined) throw new Error('the target has no shared secret');
  return target.sharedSecret;
}

async function outcomeOfAllocate({ client }: CaseContext, credential: Credential): Promise<string> {
  const asking = await client({ credential });
  const { outcome } = await asking.request({
    method: METHOD.allocate,
    attributes: [requestedTransport(PROTOCOL.udp)],
  });
  return outcome;
}

/** Credentials that a program mints from a secret it shares with the server. */
export const TIME_LIMITED_CASES: readonly TurnCase[] = [
  {
    id: 'time-limited.valid',
    title: 'A time-limited credential is good until it expires',
    rule: 'draft-uberti-behave-turn-rest-00',
    needs: ['shared-secret'],
    run: async (context) => {
      const credential = timeLimitedCredential(secretOf(context), secondsFromNow(HOUR));
      expect(await outcomeOfAllocate(context, credential)).toBe('success');
    },
  },
  {
    id: 'time-limited.expired',
    title: 'An expired credential gets 401 on Allocate',
    rule: 'draft-uberti-behave-turn-rest-00',
    needs: ['shared-secret'],
    run: async (context) => {
      const credential = timeLimitedCredential(secretOf(context), secondsFromNow(-HOUR));
      expect(await outcomeOfAllocate(context, credential)).toBe('error 401');
    },
  },
  {
    id: 'time-limited.extended',
    title: 'An expiry that the holder changed gets 401',
    rule: 'draft-uberti-behave-turn-rest-00',
    needs: ['shared-secret'],
    run: async (context) => {
      const { password } = timeLimitedCredential(secretOf(context), secondsFromNow(HOUR));
      const username = `${secondsFromNow(2 * HOUR)}:ana`;
      expect(await outcomeOfAllocate(context, { username, password })).toBe('error 401');
    },
  },
  {
    id: 'time-limited.other-secret',
    title: 'A credential made with another secret gets 401',
    rule: 'draft-uberti-behave-turn-rest-00',
    needs: ['shared-secret'],
    run: async (context) => {
      const credential = timeLimitedCredential(`not ${secretOf(context)}`, secondsFromNow(HOUR));
      expect(await outcomeOfAllocate(context, credential)).toBe('error 401');
    },
  },
  {
    id: 'time-limited.refresh-after-expiry',
    title: 'A call outlives its credential: Refresh is granted when the credential has expired meanwhile',
    rule: 'draft-uberti-behave-turn-rest-00',
    needs: ['shared-secret'],
    run: async (context) => {
      const expiresAt = secondsFromNow(3);
      const { client } = await context.allocated([], {
        credential: timeLimitedCredential(secretOf(context), expiresAt),
      });
      // Two seconds behind the expiry, so that neither rounding nor "not yet past" can save it.
      while (secondsFromNow(0) < expiresAt + 2) await delay(100);
      expectSuccess(await client.request({ method: METHOD.refresh }));
      expect(await outcomeOfAllocate(context, timeLimitedCredential(secretOf(context), expiresAt))).toBe(
        'error 401',
      );
    },
  },
];
