import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger, TurnSession } from '@callbox/turn';
import { redactAddress } from '../log/redact-address.ts';
import type { RelayAdmin, ServerStatus } from './server-status.ts';

export interface AdminHandlerOptions {
  readonly status: () => ServerStatus;
  /** Undefined where the relay does not run here. */
  readonly relay: () => RelayAdmin | undefined;
  readonly logger: Logger;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const noRelay: Reply = { status: 409, body: { error: 'no relay runs in this server' } };
const nothingHere: Reply = { status: 404, body: { error: 'there is no such command' } };

function listSessions(relay: RelayAdmin, showsAddresses: boolean): readonly TurnSession[] {
  const show = showsAddresses ? (address: string) => address : redactAddress;
  return relay
    .sessions()
    .map((session) => ({ ...session, client: { ...session.client, address: show(session.client.address) } }));
}

function endSession({ relay, logger }: { relay: RelayAdmin; logger: Logger }, text: string): Reply {
  if (!/^\d{1,15}$/.test(text) || !relay.endSession(Number(text))) {
    return { status: 404, body: { error: `no session has the id ${text}` } };
  }
  logger.info('the operator ended a session', { session: Number(text) });
  return { status: 200, body: { ended: Number(text) } };
}

function decide(options: AdminHandlerOptions, request: IncomingMessage): Reply {
  const target = request.url ?? '/';
  // Two slashes, for instance, are no target.
  if (!URL.canParse(target, 'http://admin')) return nothingHere;
  const url = new URL(target, 'http://admin');
  const [, place = '', id = '', ...rest] = url.pathname.split('/');
  if (rest.length > 0) return nothingHere;
  const wish = `${request.method} ${place}${id === '' ? '' : '/ID'}`;
  if (wish === 'GET status') return { status: 200, body: options.status() };

  const relay = options.relay();
  switch (wish) {
    case 'GET sessions':
      if (relay === undefined) return noRelay;
      return { status: 200, body: listSessions(relay, url.searchParams.get('addresses') === 'whole') };
    case 'DELETE sessions/ID':
      if (relay === undefined) return noRelay;
      return endSession({ relay, logger: options.logger }, id);
    case 'POST drain':
      if (relay === undefined) return noRelay;
      relay.drain();
      options.logger.info('the operator drains the relay: it takes nobody new');
      return { status: 200, body: options.status() };
    default:
      return nothingHere;
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Answers the operator's commands: HTTP and JSON, without bodies in the requests. */
export function createAdminHandler(options: AdminHandlerOptions): RequestListener {
  return (request, response) => {
    request.resume();
    send(response, decide(options, request));
  };
}
