import { isIPv4 } from 'node:net';
import type { Presence } from '@callbox/signaling';
import { createTurnServer, type Logger, type TurnServer } from '@callbox/turn';
import type { RelayAdmin, RelayStatus } from '../admin/server-status.ts';
import type { Config } from '../config/config.ts';
import type { DataDirectory } from '../data-directory.ts';
import type { LocalAddresses } from '../network/local-addresses.ts';
import { startBudgetKeeper } from './budget-keeper.ts';
import { checkRelayAddresses } from './check-relay-addresses.ts';
import { chooseRelayAddresses } from './choose-relay-addresses.ts';
import { createTurnOptions } from './create-turn-options.ts';
import { tagOfRoom } from './guest-name.ts';
import { createGuestPeers } from './guest-peers.ts';
import type { TurnSecrets } from './load-turn-secrets.ts';
import { sentOctets } from './sent-octets.ts';

export interface RelayOptions {
  readonly config: Config;
  readonly secrets: TurnSecrets;
  readonly local: LocalAddresses;
  /** What the internet reaches this machine by, at most one of each family. */
  readonly publicAddresses: readonly string[];
  readonly directory: DataDirectory;
  /** The relay has begun to refuse newcomers, or takes them again. */
  readonly onOpenChange: () => void;
  readonly logger: Logger;
}

/** The TURN server with what the program adds: whom guests reach, the budget, and the operator's orders. */
export interface Relay extends RelayAdmin {
  readonly server: TurnServer;
  /** It takes newcomers. */
  readonly isOpen: () => boolean;
  readonly status: () => RelayStatus;
  /** The machine or its address on the internet has moved: relayed addresses given from now on are these. */
  readonly follow: (local: LocalAddresses, publicAddresses: readonly string[]) => void;
  /** Hears from signaling who is in which room. */
  readonly onPresence: (presence: Presence) => void;
  /** Ends the server, and writes what the budget has counted. */
  readonly stop: () => Promise<void>;
}

/** Makes the relay, without starting its server. Rejects with a `StartError` for an address that is not this machine's. */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { config, secrets, directory, logger, onOpenChange } = options;
  await checkRelayAddresses(config.relayAddress);
  const staticUsers = new Set([...config.turnUser, ...config.turnUserKey].map(({ name }) => name));
  const guests = createGuestPeers({
    isStaticUser: (username) => staticUsers.has(username),
    areServicesFree: config.relayPeers === 'participants-and-services',
    nowMs: () => performance.now(),
  });
  const isNarrow = config.relayPeers !== 'public';
  const turnOptions = createTurnOptions(options, isNarrow ? guests.rule : undefined);
  for (const address of config.publicAddress) {
    if (turnOptions.relayAddresses.some(({ advertised }) => advertised === address)) continue;
    logger.warn('this machine has no address of the family of a --public-address: nobody is relayed there', {
      family: isIPv4(address) ? 'IPv4' : 'IPv6',
    });
  }
  const server = createTurnServer(turnOptions);
  if (isNarrow) server.subscribe(guests.onRelayEvent);

  let isDrained = false;
  const budget = await startBudgetKeeper({
    limitOctets: config.relayBudget,
    directory,
    sentInAll: () => sentOctets(server.counters()),
    now: Date.now,
    onChange: applyRefusal,
    logger,
  });

  function refusal(): RelayStatus['refuses'] {
    if (isDrained) return 'drained';
    return budget.isUsedUp() ? 'over-budget' : undefined;
  }

  function applyRefusal(): void {
    if (refusal() === undefined) server.resume();
    else void server.drain();
    onOpenChange();
  }

  // What an earlier run has used up stays used up.
  if (budget.isUsedUp()) applyRefusal();

  let { relayAddresses } = turnOptions;
  function follow(local: LocalAddresses, publicAddresses: readonly string[]): void {
    // A machine between two networks has nothing better than what it had.
    if (local.network.length === 0) return;
    const chosen = chooseRelayAddresses({ local, ...config, publicAddresses });
    if (JSON.stringify(chosen) === JSON.stringify(relayAddresses)) return;
    const [before, now] = [relayAddresses, chosen].map((all) => all.map(({ advertised }) => advertised));
    server.setRelayAddresses(chosen);
    relayAddresses = chosen;
    logger.info('the relay has another address; calls that are relayed keep theirs', { before, now });
  }

  const secret = config.turnSecret[0] ?? secrets.sharedSecret;
  return {
    server,
    isOpen: () => refusal() === undefined,
    status: () => {
      const { month, octets } = budget.state();
      return {
        refuses: refusal(),
        gauges: { ...server.gauges() },
        plane: server.plane,
        workers: server.workers(),
        counters: server.counters(),
        budget: { month, sentOctets: octets, limitOctets: config.relayBudget },
      };
    },
    follow,
    onPresence({ kind, room, participantId, remoteAddress }) {
      const roomTag = tagOfRoom(secret, room);
      guests.onPresence({ kind, roomTag, participantId, address: remoteAddress });
    },
    sessions: () => server.sessions(),
    endSession: (id) => server.endSession(id),
    drain() {
      isDrained = true;
      applyRefusal();
    },
    async stop() {
      await server.stop();
      await budget.stop();
    },
  };
}
