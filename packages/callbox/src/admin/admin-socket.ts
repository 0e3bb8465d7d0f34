import { join } from 'node:path';

/** Systems keep a socket's path in a field of about this size: 104 octets on macOS, 108 on Linux, the last one zero. */
export const maxSocketPathBytes = 103;

/** Where the operator's door is, or why there is none. */
export type AdminSocket =
  { readonly kind: 'path'; readonly path: string } | { readonly kind: 'none'; readonly reason: string };

/** The socket of a data directory: who may read the directory may give orders. */
export function adminSocketOf(
  dataDirectory: string,
  platform: NodeJS.Platform = process.platform,
): AdminSocket {
  if (platform === 'win32') return { kind: 'none', reason: 'on Windows there is no door for the operator' };
  const path = join(dataDirectory, 'admin.sock');
  if (Buffer.byteLength(path) > maxSocketPathBytes) {
    const reason = `${path} is too long for a socket (${maxSocketPathBytes} octets); choose a shorter --data-dir`;
    return { kind: 'none', reason };
  }
  return { kind: 'path', path };
}
