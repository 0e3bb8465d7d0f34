import type { MediaState, ParticipantId } from '@callbox/contract';
import type { LinkMessage } from '../logic/generation.ts';
import type { RemoteTracks } from '../room-types.ts';
import { createPeerLink, type PeerLink, type PeerLinkOptions } from './peer-link.ts';
import type { Sending } from './peer-session.ts';

export interface PlainLinkOptions extends Omit<PeerLinkOptions, 'layout' | 'direction' | 'firstGeneration'> {
  readonly id: ParticipantId;
  /** Who this browser is to the other side. */
  readonly selfId: ParticipantId | null;
  /** What the participant sent when it was met. */
  readonly media: MediaState;
}

const nothing: RemoteTracks = { audio: null, camera: null, screen: null, screenAudio: null };

/**
 * The way to a participant of the plain dialect: one connection for the two persons, one more for each screen that is
 * shared. Who shares offers it to those who are there; who comes later asks for it, by an offer to receive.
 */
export function createPlainLink(options: PlainLinkOptions): PeerLink {
  const { id, selfId, polite } = options;
  let remoteTracks = nothing;
  let media = options.media;
  let sending: Sending | null = null;
  let ownScreen: PeerLink | null = null;
  let theirScreen: PeerLink | null = null;
  /** Counts our shares: each is a new connection to the other side. */
  let ownShares = 0;

  const person = createPeerLink({
    ...options,
    layout: 'person',
    onRemoteTracks: ({ audio, camera }) => takeTracks({ audio, camera }),
  });
  // It shared before we came, so it waits to be asked.
  if (media.screen && !polite) openTheirScreen(false, 0);

  function takeTracks(tracks: Partial<RemoteTracks>): void {
    remoteTracks = { ...remoteTracks, ...tracks };
    options.onRemoteTracks(remoteTracks);
  }

  /** Of a screen's connection only its tracks matter: whether the participant is there is told by the person's. */
  function openScreen(
    whose: ParticipantId | null,
    rest: Partial<PeerLinkOptions> & { readonly polite: boolean },
  ): PeerLink {
    return createPeerLink({
      ...options,
      layout: 'screen',
      channels: [],
      onLink: () => {},
      onChannel: () => {},
      onRemoteTracks: () => {},
      send: (message) => options.send(whose === null ? message : markScreen(message, whose)),
      ...rest,
    });
  }

  function openTheirScreen(waitsForOffer: boolean, firstGeneration: number): PeerLink {
    theirScreen = openScreen(id, {
      polite: waitsForOffer,
      firstGeneration,
      direction: 'recvonly',
      onRemoteTracks: ({ screen, screenAudio }) => takeTracks({ screen, screenAudio }),
    });
    return theirScreen;
  }

  function closeTheirScreen(): void {
    theirScreen?.close();
    theirScreen = null;
    takeTracks({ screen: null, screenAudio: null });
  }

  function followOwnScreen(next: Sending): void {
    if (next.screen === null) {
      ownScreen?.close();
      ownScreen = null;
    } else if (ownScreen === null) {
      // One who came while we shared asks for the screen. If that fails to come, the link offers it in the end.
      const waitsForOffer = polite && sending === null;
      ownScreen = openScreen(selfId, {
        polite: waitsForOffer,
        direction: 'sendonly',
        firstGeneration: ownShares,
      });
      // A link that has to be rebuilt counts on: the next share is to begin well above.
      ownShares += sharesApart;
    }
    sending = next;
    ownScreen?.send(next);
  }

  function eachLink(act: (link: PeerLink) => void): void {
    for (const link of [person, ownScreen, theirScreen]) if (link !== null) act(link);
  }

  return {
    handleMessage(message) {
      const whose = message.kind === 'rebuild' ? undefined : message.screenOf;
      if (whose === undefined) return person.handleMessage(message);
      if (whose !== id) return ownScreen?.handleMessage(message);
      const isOffer = message.kind === 'description' && message.type === 'offer';
      if (theirScreen === null && isOffer) openTheirScreen(true, message.generation);
      theirScreen?.handleMessage(message);
    },
    send(next) {
      followOwnScreen(next);
      person.send(next);
    },
    followMedia(next) {
      if (media.screen && !next.screen) closeTheirScreen();
      media = next;
    },
    openChannel: (label, init) => person.openChannel(label, init),
    configure: (configuration) => eachLink((link) => link.configure(configuration)),
    followNetwork: () => eachLink((link) => link.followNetwork()),
    suspect: () => eachLink((link) => link.suspect()),
    resume: (back) => eachLink((link) => link.resume(back)),
    replaceRelay: () => eachLink((link) => link.replaceRelay()),
    level: () => person.level(),
    readStatistics: () => person.readStatistics(),
    close: () => eachLink((link) => link.close()),
    retire: () => eachLink((link) => link.retire()),
  };
}

/** More than one share is ever rebuilt. */
const sharesApart = 100;

function markScreen(message: LinkMessage, screenOf: ParticipantId): LinkMessage {
  return message.kind === 'description' || message.kind === 'candidate' ? { ...message, screenOf } : message;
}
