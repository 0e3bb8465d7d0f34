import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { AdminError } from './admin-error.ts';
import { adminSocketOf } from './admin-socket.ts';

/** A living server answers at once; one that hangs is better looked at than waited for. */
const answerTimeoutMs = 5_000;

function explain(error: unknown, dataDirectory: string): AdminError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const lines: Readonly<Record<string, string>> = {
    ENOENT: `no server runs with the data directory ${dataDirectory}; --data-dir names another`,
    ECONNREFUSED: `no server runs with the data directory ${dataDirectory}; --data-dir names another`,
    EACCES: `the server of ${dataDirectory} belongs to another user; be that user`,
    ABORT_ERR: 'the server does not answer',
  };
  return new AdminError(lines[code] ?? `the server cannot be asked (${code})`, { cause: error });
}

async function exchange(path: string, method: string, target: string): Promise<readonly [number, string]> {
  const signal = AbortSignal.timeout(answerTimeoutMs);
  const request = requestHttp({ socketPath: path, path: target, method, agent: false, signal });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return [response.statusCode ?? 0, text];
}

/**
 * Gives a command to the server of a data directory, and returns its answer.
 *
 * @throws AdminError with one line for the operator
 */
export async function askAdmin(dataDirectory: string, method: string, target: string): Promise<unknown> {
  const socket = adminSocketOf(dataDirectory);
  if (socket.kind === 'none') throw new AdminError(socket.reason);
  const [status, text] = await exchange(socket.path, method, target).catch((error: unknown) => {
    throw explain(error, dataDirectory);
  });
  const body: unknown = JSON.parse(text);
  if (status === 200) return body;
  const reason = typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : text;
  throw new AdminError(reason);
}
