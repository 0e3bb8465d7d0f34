import type { IceServer, ParticipantId } from '@callbox/contract';
import type { ClientLog } from '../log.ts';
import type { SendingPlan } from '../logic/sending-plan.ts';
import type { MediaTransport, OwnTracks, TransportHost } from './media-transport.ts';
import { watchNetwork } from './network-watch.ts';
import { createPeerLink, type PeerLink, type PeerLinkOptions } from './peer-link.ts';
import { createPlainLink } from './plain-link.ts';
import type { PreparedOffer } from './prepare-offer.ts';
import { createQualityControl } from './quality-control.ts';
import { createWishes } from './wishes.ts';

export interface MeshOptions {
  readonly host: TransportHost;
  readonly createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Hands over the offer that was prepared, if there is one that can have this configuration. Once. */
  readonly takePrepared?: (configuration: RTCConfiguration) => PreparedOffer | null;
  /** One for all connections: its fingerprint is what others could know this participant by. */
  readonly certificates: readonly RTCCertificate[];
  readonly iceServers: readonly IceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** Labels of the data channels that each connection has from its start. */
  readonly channels: readonly string[];
  readonly log: ClientLog;
}

export { createOfferStore } from './prepare-offer.ts';

/** What all connections have from when they are made: it cannot be changed later. */
export function fixedConfiguration(certificates: readonly RTCCertificate[]): RTCConfiguration {
  return {
    bundlePolicy: 'max-bundle',
    // A pool would open allocations on the relay that a mesh seldom uses.
    iceCandidatePoolSize: 0,
    certificates: [...certificates],
  };
}

/** Media by a connection from each participant to each other. */
export function createMesh(options: MeshOptions): MediaTransport {
  const links = new Map<ParticipantId, PeerLink>();
  const plain = new Set<ParticipantId>();
  const streams = { person: new MediaStream(), screen: new MediaStream() };
  const { host } = options;
  let { iceServers } = options;
  let tracks: OwnTracks = {
    audio: null,
    camera: null,
    screen: null,
    screenAudio: null,
    originalSound: false,
  };

  const configuration = (): RTCConfiguration => ({
    ...fixedConfiguration(options.certificates),
    iceServers: iceServers.map(toRtcIceServer),
    iceTransportPolicy: options.iceTransportPolicy,
  });

  let plans: ReadonlyMap<ParticipantId, SendingPlan> = new Map();

  const quality = createQualityControl({
    read: (id) => links.get(id)?.readStatistics() ?? Promise.resolve(null),
    onPlans(next) {
      plans = next;
      share();
    },
    onQuality: (id, found) => host.onQuality(id, found),
    onUplink: (state) => host.onUplink(state),
    onLooked: () => host.onLooked(),
  });
  const wishes = createWishes({
    send: (to, message) => host.send(to, message),
    canSend: () => host.canSend(),
  });

  function share(): void {
    for (const [id, link] of links) {
      const plan = plans.get(id);
      if (plan !== undefined) link.send({ ...tracks, plan });
    }
  }

  const stopWatching = watchNetwork({
    onChanged: () => forEachLink((link) => link.followNetwork()),
    onHint: () => forEachLink((link) => link.suspect()),
  });

  function forEachLink(act: (link: PeerLink) => void): void {
    for (const link of links.values()) act(link);
  }

  return {
    addParticipant({ id, polite, dialect, media }, isOffered = false) {
      if (links.has(id)) return;
      const mayOffer = !polite && dialect !== 'plain' && options.channels.length === 0;
      const prepared = mayOffer ? (options.takePrepared?.(configuration()) ?? null) : null;
      const linkOptions: PeerLinkOptions = {
        polite,
        streams,
        createConnection: () => options.createConnection(configuration()),
        prepared: prepared === null ? null : { ...prepared, isSent: isOffered },
        // An offer whose connection is no more is followed by one of a newer connection.
        firstGeneration: isOffered && prepared === null ? 1 : 0,
        send: (message) => host.send(id, message),
        canSend: () => host.canSend(id),
        seeksDirectPath: options.iceTransportPolicy === 'all',
        onLink: (link) => host.onLink(id, link),
        channels: options.channels,
        onRemoteTracks: (remoteTracks) => host.onRemoteTracks(id, remoteTracks),
        onChannel: (channel) => host.onChannel(id, channel),
        log: (level, message, details) => options.log(level, message, { participant: id, ...details }),
      };
      const opened =
        dialect === 'plain'
          ? createPlainLink({ ...linkOptions, id, media, selfId: host.selfId() })
          : createPeerLink(linkOptions);
      links.set(id, opened);
      if (dialect === 'plain') plain.add(id);
      quality.add(id);
    },
    updateParticipant: ({ id, media }) => links.get(id)?.followMedia(media),
    removeParticipant(id) {
      links.get(id)?.retire();
      links.delete(id);
      plain.delete(id);
      wishes.forget(id);
      quality.remove(id);
    },
    handleMessage(from, message) {
      if (message.kind === 'want') quality.setWanted(from, message);
      else links.get(from)?.handleMessage(message);
    },
    sendTracks(next) {
      tracks = next;
      quality.setOwn({ camera: next.camera !== null, screen: next.screen !== null });
    },
    setIceServers(next) {
      iceServers = next;
      for (const link of links.values()) link.configure(configuration());
    },
    suspect: () => forEachLink((link) => link.suspect()),
    resume(returned) {
      if (returned !== undefined) return links.get(returned)?.resume('other');
      forEachLink((link) => link.resume('self'));
      wishes.resume();
    },
    replaceRelay: () => forEachLink((link) => link.replaceRelay()),
    openChannel: (id, label, init) => links.get(id)?.openChannel(label, init) ?? null,
    level: (id) => links.get(id)?.level() ?? 0,
    want(id, wanted) {
      // A plain participant knows nothing of wishes.
      if (links.has(id) && !plain.has(id)) wishes.set(id, wanted);
    },
    statistics: (id) => quality.statistics(id),
    dataUsed: () => quality.dataUsed(),
    setStatisticsPace: (pace) => quality.setPace(pace),
    keepPictures: () => quality.keepPictures(),
    close() {
      stopWatching();
      quality.stop();
      wishes.stop();
      for (const link of links.values()) link.close();
      links.clear();
    },
  };
}

function toRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}
