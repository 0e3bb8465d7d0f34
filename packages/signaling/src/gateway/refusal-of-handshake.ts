import {
  CONTRACT_VERSION,
  handshakeSchema,
  OLDEST_CONTRACT_VERSION,
  parseWith,
  type Refusal,
} from '@callbox/contract';

/** Why a connection is refused by what its handshake says, or null if it is welcome. */
export function refusalOfHandshake(auth: unknown): Refusal | null {
  const handshake = parseWith(handshakeSchema, auth);
  if (!handshake.ok)
    return unsupported(`the handshake names no version of the contract: ${handshake.reason}`);
  const { version, upTo = version } = handshake.value;
  if (upTo >= OLDEST_CONTRACT_VERSION && version <= CONTRACT_VERSION && version <= upTo) return null;
  return unsupported(
    `this server speaks versions ${OLDEST_CONTRACT_VERSION} to ${CONTRACT_VERSION} of the contract, not ${version} to ${upTo}`,
  );
}

function unsupported(message: string): Refusal {
  return { code: 'version-unsupported', message };
}
