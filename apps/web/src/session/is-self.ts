import type { RoomSnapshot } from '@callbox/client';

/** Whether this id is, or was in an earlier stay, that of the person whose page this is. */
export function isSelf({ self }: Pick<RoomSnapshot, 'self'>, id: string): boolean {
  return id === self.id || self.formerIds.some((former) => former === id);
}
