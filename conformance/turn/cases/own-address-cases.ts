import { expect } from 'vitest';
import { expectError } from '../allocation.ts';
import { octets } from '../client/octets.ts';
import { transportAddress } from '../client/transport-address.ts';
import { attribute, channelNumber, METHOD, xorPeerAddress } from '../client/turn-wire.ts';
import { formatIpAddress } from '@callbox/stun';
import type { TurnCase } from '../turn-case.ts';

const ROUNDS = 10;

/** A relay must not become a way to the server itself. */
export const OWN_ADDRESS_CASES: readonly TurnCase[] = [
  {
    id: 'own.listener-bind',
    title: "A channel to the server's own listener gets 403",
    rule: 'RFC 8656 §21.1.7',
    run: async ({ allocated, target }) => {
      const { client } = await allocated();
      const listener = attribute(xorPeerAddress, transportAddress(target.host, target.port));
      const attributes = [channelNumber(0x4000), listener];
      expectError(await client.request({ method: METHOD.channelBind, attributes }), 403);
    },
  },
  {
    id: 'own.listener-send',
    title:
      "A permission for the listener's address does not lead to the listener: what is sent there is dropped",
    rule: 'RFC 8656 §21.1.7',
    run: async ({ allocated, peer, target }) => {
      const [{ client, permit }, other] = [await allocated(), await peer(target.host)];
      const listener = transportAddress(target.host, target.port);
      await permit(listener);
      // The listener would answer a Binding request, and the relay would bring the answer as Data.
      client.sendIndication(
        listener,
        Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Uint8Array(12)),
      );
      // A server of several threads answers itself in another one than it relays in: some rounds leave it the time.
      for (let round = 0; round < ROUNDS; round += 1) {
        client.sendIndication(other.address, octets('behind it'));
        await other.received.take('the payload behind it');
        await client.fence();
      }
      expect(client.received.rest).toEqual([]);
    },
  },
  {
    id: 'own.foreign-socket',
    title: "Another program's socket on the relays' address is not reachable through a relay",
    rule: 'RFC 8656 §21.3.2',
    run: async ({ allocated, peer }) => {
      const [ana, ben] = [await allocated(), await allocated()];
      const foreign = await peer(formatIpAddress(ana.relayed.address));
      await ana.permit(foreign.address);
      ana.client.sendIndication(foreign.address, octets('lost'));
      await ben.permit(ana.relayed);
      ana.client.sendIndication(ben.relayed, octets('behind it'));
      expect((await ben.nextData()).payload).toEqual(octets('behind it'));
      await foreign.fence();
      expect(foreign.received.rest).toEqual([]);
    },
  },
];
