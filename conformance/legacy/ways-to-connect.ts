import { openByPolling, openByWebSocket, type OldWire } from './old-frames.ts';

/** How clients come; the last answers in text and posts octets, as no client does, and may. */
export const waysToConnect: Readonly<Record<string, (url: string) => Promise<OldWire>>> = {
  WebSocket: openByWebSocket,
  'polling, as socket.io-client 1.7 does': openByPolling,
  'polling, as socket.io-client 1.3 does': (url) => openByPolling(url, { postsOctets: true }),
  'polling for text': (url) => openByPolling(url, { asText: true }),
};
