import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';

/** A socket in the file system on which the operator's commands are answered. */
export interface AdminDoor {
  readonly close: () => Promise<void>;
}

/** Another server answers at this path. */
export class AdminDoorTakenError extends Error {
  readonly code = 'admin-door-taken';
  override readonly name = 'AdminDoorTakenError';
}

/** Only the owner may knock, from the first moment on: the mask holds while the socket is made. */
async function listen(path: string, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
  await once(server, 'listening');
  return server;
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * Opens the door. A socket that a crashed server left behind is replaced.
 *
 * @throws AdminDoorTakenError when a living server has it, or the system's error when the path cannot be used
 */
export async function openAdminDoor(path: string, answer: RequestListener): Promise<AdminDoor> {
  const server = await listen(path, answer).catch(async (error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    if (await isAnswered(path)) {
      throw new AdminDoorTakenError(`another server answers at ${path}`, { cause: error });
    }
    await rm(path, { force: true });
    return listen(path, answer);
  });
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
