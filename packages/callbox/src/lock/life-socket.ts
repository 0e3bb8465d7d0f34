import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { join, relative } from 'node:path';
import { maxSocketPathBytes } from '../admin/admin-socket.ts';

/** A socket in the file system that answers for as long as its process lives. */
export interface LifeSocket {
  readonly close: () => Promise<void>;
}

/** The path, or the shorter one from where the program runs, where that fits and the other does not. */
function pathOf(directory: string, name: string): string | undefined {
  const path = join(directory, name);
  return [path, relative(process.cwd(), path)].find((one) => Buffer.byteLength(one) <= maxSocketPathBytes);
}

/** Opens the socket; undefined where the system, the file system or the length of the path does not allow one. */
export async function openLifeSocket(directory: string, name: string): Promise<LifeSocket | undefined> {
  const path = process.platform === 'win32' ? undefined : pathOf(directory, name);
  if (path === undefined) return undefined;
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(path);
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  server.unref();
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/**
 * Whether a process answers there. The kernel answers for it, so it may be busy or stopped; and it does so for who comes from
 * another container. One that was killed is known for dead at once.
 */
export async function answersAt(directory: string, name: string): Promise<boolean> {
  const path = pathOf(directory, name);
  if (path === undefined) return false;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Whatever else is wrong with it, it is no sign of death.
    return code !== 'ECONNREFUSED' && code !== 'ENOENT';
  } finally {
    socket.destroy();
  }
}
