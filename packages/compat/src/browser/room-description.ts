import type { RoomSnapshot } from '@callbox/client';

/** Who is in a room, as `joinRoom` hands it over. */
export interface RoomDescription {
  readonly clients: Readonly<
    Record<string, { readonly screen: boolean; readonly video: boolean; readonly audio: boolean }>
  >;
}

/** In the old words `video` is true of everybody, and `audio` means a connection for sound alone, which nobody has. */
export function describeRoom(snapshot: RoomSnapshot | undefined): RoomDescription {
  const participants = snapshot?.participants ?? [];
  return {
    clients: Object.fromEntries(
      participants.map(({ id, media }) => [id, { screen: media.screen, video: true, audio: false }]),
    ),
  };
}
