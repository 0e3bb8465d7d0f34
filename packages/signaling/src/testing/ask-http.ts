import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { SIGNALING_PATH } from '@callbox/contract';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks for the handshake of a polling client, or for what else is named. */
export async function askHttp(
  url: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
  path = `${SIGNALING_PATH}?EIO=4&transport=polling`,
  data = '',
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject);
    request.end(data);
  });
}

/** Asks for a WebSocket, and closes it if it is given. */
export async function askUpgrade(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  return await new Promise((resolve, reject) => {
    const request = httpRequest(`${url}${SIGNALING_PATH}?EIO=4&transport=websocket`, {
      agent: false,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        ...headers,
      },
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: response.headers, body: '' });
    });
    request.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    request.on('error', reject);
    request.end();
  });
}
