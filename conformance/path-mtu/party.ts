import { setTimeout as delay } from 'node:timers/promises';
import { formatIpAddress, type TransportAddress } from '@callbox/stun';
import { allocateFor } from './allocate-for.ts';
import type { PartyCommand, PartyReport, Place } from './messages.ts';
import { createPeer } from '../turn/client/peer.ts';
import { transportAddress } from '../turn/client/transport-address.ts';

/** A client and a peer in one of the networks; its arguments are its own address, the server's and the server's port. */
const [ownIp = '', serverIp = '', port = ''] = process.argv.slice(2);
const peer = await createPeer(ownIp);
let call: Awaited<ReturnType<typeof allocateFor>> | undefined;

process.on('message', (command: PartyCommand) => {
  void carryOut(command).then(tell);
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready', peer: placeOf(peer.address) });

async function carryOut(command: PartyCommand): Promise<PartyReport> {
  switch (command.kind) {
    case 'allocate':
      call = await allocateFor({ serverIp, port: Number(port), ...command });
      return { kind: 'relayed', relayed: placeOf(call.relayed) };
    case 'send':
      for (let number = 0; number < command.count; number += 1) {
        const payload = new Uint8Array(command.bytes).fill(number);
        if (command.as === 'client') call?.send(payload);
        else peer.send(transportAddress(command.to.ip, command.to.port), payload);
        if (command.everyMs > 0) await delay(command.everyMs);
      }
      return { kind: 'sent' };
    case 'heard':
      return {
        kind: 'heard',
        byClient: (call?.takeHeard() ?? []).map(numberOf),
        byPeer: takeAll(peer.received.rest).map(({ payload }) => numberOf(payload)),
      };
  }
}

/** Those that are not all of one number would be another one's, or torn. */
function numberOf(payload: Uint8Array): number {
  const [number = -1] = payload;
  return payload.every((octet) => octet === number) ? number : -1;
}

function takeAll<T>(rest: readonly T[]): readonly T[] {
  return (rest as T[]).splice(0);
}

function placeOf({ address, port: at }: TransportAddress): Place {
  return { ip: formatIpAddress(address), port: at };
}

function tell(report: PartyReport): void {
  process.send?.(report);
}
