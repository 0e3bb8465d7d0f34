import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Credential } from '../client/credential.ts';
import type { SmallLimits } from '../turn-target.ts';

/** What every server under test is told, so that one suite can judge them all. */
export interface TestWorld {
  readonly host: string;
  readonly host6: string;
  readonly realm: string;
  readonly users: readonly [Credential, Credential];
  readonly sharedSecret: string;
  /** Relays have an address of their own: a peer on the relays' address is taken for another client of the server. */
  readonly relayHost: string;
  readonly peerHosts: readonly [string, string];
  /** One loopback address is denied although the others are allowed. */
  readonly deniedPeer: string;
  readonly ports: {
    readonly callbox: number;
    readonly coturn: number;
    /** Of TLS, whichever server it is. */
    readonly tls: number;
    readonly echoPeer: number;
    readonly relay: PortRange;
  };
}

interface PortRange {
  readonly min: number;
  readonly max: number;
}

const WORLDS = 100;
/** All ports lie between 21000 and 21999: guards, then listeners, then relays. */
const FIRST_GUARD_PORT = 21_000;
/** coturn's echo takes the next port too. */
const ECHO_PORT = 21_290;
const FIRST_LISTENER_PORT = 21_300;
const RELAY_PORTS: PortRange = { min: 21_700, max: 21_999 };

let claimed: Promise<TestWorld> | undefined;

/**
 * Addresses and ports that this process has to itself. Two runs on one machine must not meet: coturn shares a port with
 * another coturn without a word, and each would get half of the packets.
 */
export function testWorld(): Promise<TestWorld> {
  claimed ??= claimWorld(0);
  return claimed;
}

async function claimWorld(number: number): Promise<TestWorld> {
  if (number === WORLDS) throw new Error('every test world is taken');
  const guard = createSocket('udp4');
  guard.bind({ port: FIRST_GUARD_PORT + number, address: '127.0.0.1', exclusive: true });
  try {
    await once(guard, 'listening');
  } catch {
    return claimWorld(number + 1);
  }
  // Held until the process ends, and no reason for it not to.
  guard.unref();
  return createWorld(number);
}

function createWorld(number: number): TestWorld {
  const network = `127.21.${number}`;
  return {
    host: `${network}.1`,
    host6: '::1',
    realm: 'conformance.example',
    users: [
      { username: 'ana', password: 'ana-password' },
      { username: 'ben', password: 'ben-password' },
    ],
    sharedSecret: 'a secret of the conformance suite',
    relayHost: `${network}.9`,
    peerHosts: [`${network}.1`, `${network}.2`],
    deniedPeer: `${network}.66`,
    ports: {
      callbox: FIRST_LISTENER_PORT + 3 * number,
      coturn: FIRST_LISTENER_PORT + 3 * number + 1,
      tls: FIRST_LISTENER_PORT + 3 * number + 2,
      echoPeer: ECHO_PORT,
      relay: RELAY_PORTS,
    },
  };
}

/** The range of relayed ports, or the beginning of it where there shall be few. */
export function limitedRange({ min, max }: PortRange, { relayPorts }: SmallLimits): PortRange {
  return { min, max: relayPorts === undefined ? max : min + relayPorts - 1 };
}
