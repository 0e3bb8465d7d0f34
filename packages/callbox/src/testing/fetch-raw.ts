import { once } from 'node:events';
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface RawRequest {
  readonly port: number;
  readonly path?: string;
  readonly secure?: boolean;
  readonly method?: string;
  /** The Host header; `localhost:PORT` by default. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly octets: Buffer;
  /** The same as text. */
  readonly body: string;
}

/** A request as it is: no redirect is followed, any Host is sent, any certificate accepted. */
export async function fetchRaw(options: RawRequest): Promise<RawResponse> {
  const request = (options.secure === true ? requestHttps : requestHttp)({
    host: '127.0.0.1',
    port: options.port,
    path: options.path ?? '/',
    method: options.method ?? 'GET',
    headers: { Host: options.host ?? `localhost:${options.port}`, ...options.headers },
    agent: false,
    rejectUnauthorized: false,
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const octets = Buffer.concat(chunks);
  return { status: response.statusCode ?? 0, headers: response.headers, octets, body: octets.toString() };
}
