import { ListenError } from '@callbox/turn';
import { explainListenFailure } from '../port/explain-listen-failure.ts';
import { StartError } from '../start-error.ts';
import { createRelay, type Relay, type RelayOptions } from './create-relay.ts';

/** Makes the relay and starts its server. Rejects with a `StartError`; then nothing of it is left. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const relay = await createRelay(options);
  try {
    await relay.server.start();
    return relay;
  } catch (error) {
    await relay.stop();
    if (!(error instanceof ListenError)) throw error;
    const { transport, address, port, code: reason } = error;
    const addressFlag = options.config.turnListen.length > 0 ? '--turn-listen' : '--host';
    const failure = { transport, address, port, reason, flag: '--turn-port', addressFlag };
    throw new StartError(explainListenFailure(failure), { cause: error });
  }
}
