import type { IceServer, ParticipantId } from '@callbox/contract';
import type { ClientLog } from '../log.ts';
import { planSending } from '../logic/sending-plan.ts';
import type { MediaTransport, OwnTracks, TransportHost } from './media-transport.ts';
import { createPeerLink, type PeerLink } from './peer-link.ts';

export interface MeshOptions {
  readonly host: TransportHost;
  readonly createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** One for all connections: its fingerprint is what others could know this participant by. */
  readonly certificates: readonly RTCCertificate[];
  readonly iceServers: readonly IceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly log: ClientLog;
}

/** Media by a connection from each participant to each other. */
export function createMesh(options: MeshOptions): MediaTransport {
  const links = new Map<ParticipantId, PeerLink>();
  const streams = { person: new MediaStream(), screen: new MediaStream() };
  const { host } = options;
  let { iceServers } = options;
  let tracks: OwnTracks = { audio: null, camera: null, screen: null, screenAudio: null };

  const configuration = (): RTCConfiguration => ({
    iceServers: iceServers.map(toRtcIceServer),
    iceTransportPolicy: options.iceTransportPolicy,
    bundlePolicy: 'max-bundle',
    // A pool would open allocations on the relay that a mesh seldom uses.
    iceCandidatePoolSize: 0,
    certificates: [...options.certificates],
  });

  /** The share of each connection follows from how many there are. */
  function share(): void {
    const plan = planSending(links.size + 1, tracks.screen !== null);
    for (const link of links.values()) link.send({ ...tracks, plan });
  }

  function followNetwork(): void {
    for (const link of links.values()) link.followNetwork();
  }
  globalThis.addEventListener('online', followNetwork);

  return {
    addParticipant(id, polite) {
      if (links.has(id)) return;
      const opened = createPeerLink({
        polite,
        streams,
        createConnection: () => options.createConnection(configuration()),
        send: (message) => host.send(id, message),
        canSend: () => host.canSend(),
        onLink: (link) => host.onLink(id, link),
        onRemoteTracks: (remoteTracks) => host.onRemoteTracks(id, remoteTracks),
        log: (level, message, details) => options.log(level, message, { participant: id, ...details }),
      });
      links.set(id, opened);
      share();
    },
    removeParticipant(id) {
      links.get(id)?.close();
      if (links.delete(id)) share();
    },
    handleMessage: (from, message) => links.get(from)?.handleMessage(message),
    sendTracks(next) {
      tracks = next;
      share();
    },
    setIceServers(next) {
      iceServers = next;
      for (const link of links.values()) link.configure(configuration());
    },
    level: (id) => links.get(id)?.level() ?? 0,
    close() {
      globalThis.removeEventListener('online', followNetwork);
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
