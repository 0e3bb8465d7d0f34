import { createOldSignaling, type OldSignaling } from '@callbox/compat';
import type { ExtensionDoor, ExtensionSurroundings } from '../extension.ts';
import { createVisitLimiter } from '../http/visit-limiter.ts';
import { createOldScript } from './create-old-script.ts';

/** A class behind one address may come at once; a page that cannot read our answers tries hundreds of times a second. */
const handshakeRate = { burst: 120, secondsPerVisit: 0.5 } as const;

/** Opens what old pages look for: signaling in their protocol, unless it is switched off, and the script of their class. */
export function openOldDoor(surroundings: ExtensionSurroundings): ExtensionDoor {
  const signaling = openOldSignaling(surroundings);
  const serveScript = createOldScript(surroundings.logger);
  return {
    handleRequest: (request, response) =>
      signaling?.handleRequest(request, response) === true || serveScript(request, response),
    handleUpgrade: (request, socket, head) => signaling?.handleUpgrade(request, socket, head) === true,
    status() {
      const { clients, counters } = signaling?.status() ?? { clients: 0, counters: {} };
      const summary = signaling === undefined ? 'not answered' : `${clients} connected`;
      return { title: 'Old pages', summary, counters };
    },
    close: async () => signaling?.close(),
  };
}

function openOldSignaling({ config, signaling, ...rest }: ExtensionSurroundings): OldSignaling | undefined {
  if (signaling === undefined || config.noLegacy) return undefined;
  const handshakes = createVisitLimiter(handshakeRate);
  return createOldSignaling({
    ...rest,
    signaling,
    maxParticipants: config.maxParticipants,
    mayConnect: (address) => handshakes.allow(address, performance.now()),
  });
}
