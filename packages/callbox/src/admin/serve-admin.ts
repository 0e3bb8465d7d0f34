import { adminSocketOf } from './admin-socket.ts';
import { createAdminHandler, type AdminHandlerOptions } from './create-admin-handler.ts';
import { openAdminDoor, type AdminDoor } from './open-admin-door.ts';

/**
 * Answers the operator's commands at the socket of the data directory. Calls do not depend on it: where it cannot be
 * opened, that is reported, and nothing is returned.
 */
export async function serveAdmin(
  options: AdminHandlerOptions & { readonly dataDirectory: string },
): Promise<AdminDoor | undefined> {
  const { dataDirectory, logger } = options;
  const socket = adminSocketOf(dataDirectory);
  if (socket.kind === 'none') {
    logger.info('the commands status, sessions and drain are not answered', { reason: socket.reason });
    return undefined;
  }
  try {
    return await openAdminDoor(socket.path, createAdminHandler(options));
  } catch (error) {
    logger.warn('the commands status, sessions and drain are not answered', { error });
    return undefined;
  }
}
