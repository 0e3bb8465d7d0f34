import type { ParticipantId, PeerMessage, RemoteParticipant } from '@callbox/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowserGlobals, FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { participantId } from '../testing/participant-id.ts';
import { createMesh, type MeshOptions } from './mesh.ts';
import { openTrackSlots } from './track-slots.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('removeEventListener', vi.fn());
  for (const [name, value] of Object.entries(fakeBrowserGlobals)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

const ana = participantId('ana');
const ben = participantId('ben');
const cleo = participantId('cleo');

function person(id: ParticipantId, polite: boolean): RemoteParticipant {
  return { id, polite, displayName: id, joinedAtMs: 5, media: { audio: true, video: true, screen: false } };
}

function createFakeMesh(rest: Partial<MeshOptions> = {}) {
  const connections: FakePeerConnection[] = [];
  const sent: { to: string; message: PeerMessage }[] = [];
  const certificate = {} as RTCCertificate;
  const mesh = createMesh({
    host: {
      selfId: () => participantId('self'),
      onChannel: () => {},
      send: (to, message) => void sent.push({ to, message }),
      canSend: () => true,
      onLink: () => {},
      onRemoteTracks: () => {},
      onQuality: () => {},
      onUplink: () => {},
      onLooked: () => {},
    },
    createConnection: (configuration) => {
      const fake = new FakePeerConnection(configuration);
      connections.push(fake);
      return fake.asConnection();
    },
    certificates: [certificate],
    iceServers: [{ urls: ['turn:old'], username: 'u', credential: 'c' }],
    iceTransportPolicy: 'relay',
    channels: [],
    log: () => {},
    ...rest,
  });
  return { mesh, connections, sent, certificate };
}

describe('a mesh', () => {
  it('gives every connection the same certificate, the ICE servers and the policy', () => {
    const { mesh, connections, certificate } = createFakeMesh();
    mesh.addParticipant(person(ana, false));
    mesh.addParticipant(person(ben, true));
    expect(connections.map(({ configuration }) => configuration)).toEqual(
      Array.from({ length: 2 }, () => ({
        iceServers: [{ urls: ['turn:old'], username: 'u', credential: 'c' }],
        iceTransportPolicy: 'relay',
        bundlePolicy: 'max-bundle',
        iceCandidatePoolSize: 0,
        certificates: [certificate],
      })),
    );
    expect(connections[0]?.configuration.certificates?.[0]).toBe(
      connections[1]?.configuration.certificates?.[0],
    );
    mesh.close();
  });

  it('offers to those who were there before, and sends each what is theirs', async () => {
    const { mesh, sent } = createFakeMesh();
    mesh.addParticipant(person(ana, false));
    mesh.addParticipant(person(ben, true));
    await settle();
    await settle();
    const offers = sent.filter(({ message }) => message.kind === 'description');
    expect(offers.map(({ to }) => to)).toEqual(['ana']);
    mesh.close();
  });

  it('begins with the offer that was prepared, towards one who was there before', () => {
    const prepared = new FakePeerConnection().asConnection();
    const slots = openTrackSlots(prepared, { person: new MediaStream(), screen: new MediaStream() });
    const mids = { audio: '0', camera: '1', screen: '2', screenAudio: '3' };
    const takePrepared = vi
      .fn<NonNullable<MeshOptions['takePrepared']>>()
      .mockReturnValueOnce({ connection: prepared, slots, sdp: 'the offer', mids })
      .mockReturnValue(null);
    const { mesh, connections, sent } = createFakeMesh({ takePrepared });
    mesh.addParticipant(person(cleo, true));
    expect([connections.length, takePrepared.mock.calls.length]).toEqual([1, 0]);
    mesh.addParticipant(person(ana, false));
    mesh.addParticipant(person(ben, false));
    expect(connections).toHaveLength(2);
    expect(takePrepared.mock.calls[0]?.[0].iceTransportPolicy).toBe('relay');
    const offer = { kind: 'description', generation: 0, type: 'offer', sdp: 'the offer', mids };
    expect(sent).toEqual([{ to: ana, message: offer }]);
    mesh.close();
    expect(prepared.signalingState).toBe('closed');
  });

  it('goes on from the offer that the server has passed on, and does not send it again', () => {
    const prepared = new FakePeerConnection().asConnection();
    const taken = vi.spyOn(prepared, 'setLocalDescription').mockResolvedValue();
    const slots = openTrackSlots(prepared, { person: new MediaStream(), screen: new MediaStream() });
    const mids = { audio: '0', camera: '1', screen: '2', screenAudio: '3' };
    const takePrepared = () => ({ connection: prepared, slots, sdp: 'the offer', mids });
    const { mesh, sent } = createFakeMesh({ takePrepared });
    mesh.addParticipant(person(ana, false), true);
    expect(taken).toHaveBeenCalledWith({ type: 'offer', sdp: 'the offer' });
    expect(sent).toEqual([]);
    mesh.close();
  });

  it('follows an offer that was passed on and whose connection is no more by one of a newer connection', async () => {
    const { mesh, sent } = createFakeMesh({ takePrepared: () => null });
    mesh.addParticipant(person(ana, false), true);
    await settle();
    await settle();
    expect(sent[0]?.message).toMatchObject({ kind: 'description', type: 'offer', generation: 1 });
    mesh.close();
  });

  it('prepares nothing for one who is plain, nor where each connection has channels', () => {
    const takePrepared = vi.fn(() => null);
    const { mesh } = createFakeMesh({ takePrepared });
    mesh.addParticipant({ ...person(ana, false), dialect: 'plain' });
    mesh.close();
    const other = createFakeMesh({ takePrepared, channels: ['files'] });
    other.mesh.addParticipant(person(ben, false));
    other.mesh.close();
    expect(takePrepared).not.toHaveBeenCalled();
  });

  it('shares the uplink anew at each join and leave', async () => {
    const { mesh, connections } = createFakeMesh();
    const camera = { kind: 'video', getSettings: () => ({}) } as MediaStreamTrack;
    const bitrate = () => connections[0]?.getTransceivers()[1]?.sender.parameters.encodings[0]?.maxBitrate;
    mesh.sendTracks({ audio: null, camera, screen: null, screenAudio: null, originalSound: false });
    mesh.addParticipant(person(ana, false));
    connections[0]?.become('connected', 'connected');
    await settle();
    expect(bitrate()).toBe(1_700_000);
    mesh.addParticipant(person(ben, false));
    mesh.addParticipant(person(cleo, false));
    await settle();
    expect(bitrate()).toBe(700_000);
    mesh.removeParticipant(cleo);
    await settle();
    expect(bitrate()).toBe(1_000_000);
    // A moment later, see `goneForMs`.
    await vi.waitFor(() => expect(connections.map(({ closed }) => closed)).toEqual([false, false, true]));
    mesh.close();
  });

  it('sends a camera to those who look at it, and tells whom it looks at, plain ones left out', async () => {
    const { mesh, connections, sent } = createFakeMesh();
    const camera = { kind: 'video', getSettings: () => ({}) } as MediaStreamTrack;
    mesh.sendTracks({ audio: null, camera, screen: null, screenAudio: null, originalSound: false });
    mesh.addParticipant(person(ana, false));
    mesh.addParticipant(person(ben, false));
    mesh.addParticipant({ ...person(cleo, false), dialect: 'plain' });
    mesh.handleMessage(ana, { kind: 'want', camera: 0, screen: 0 });
    for (const connection of connections) connection.become('connected', 'connected');
    await settle();
    const encoding = (index: number) =>
      connections[index]?.getTransceivers()[1]?.sender.parameters.encodings[0];
    expect(encoding(0)?.active).toBe(false);
    expect(encoding(1)).toMatchObject({ active: true, maxBitrate: 1_000_000 });
    mesh.handleMessage(ana, { kind: 'want', camera: 720, screen: 0 });
    await settle();
    expect(encoding(0)).toMatchObject({ active: true, maxBitrate: 700_000 });

    for (const id of [ana, cleo, participantId('nobody')]) mesh.want(id, { camera: 180, screen: 0 });
    await vi.waitFor(() =>
      expect(sent.filter(({ message }) => message.kind === 'want')).toEqual([
        { to: 'ana', message: { kind: 'want', camera: 180, screen: 0 } },
      ]),
    );
    mesh.close();
  });

  it('uses renewed credentials for the connections it has and for those to come', () => {
    const { mesh, connections } = createFakeMesh();
    mesh.addParticipant(person(ana, false));
    mesh.setIceServers([{ urls: ['turn:new'] }]);
    mesh.addParticipant(person(ben, false));
    expect(connections.map(({ configuration }) => configuration.iceServers)).toEqual([
      [{ urls: ['turn:new'] }],
      [{ urls: ['turn:new'] }],
    ]);
    mesh.close();
  });

  it('gives the others renewed credentials although one connection refuses them', () => {
    const { mesh, connections } = createFakeMesh();
    mesh.addParticipant(person(ana, false));
    mesh.addParticipant(person(ben, false));
    const [refusing] = connections;
    if (refusing === undefined) throw new Error('no connection was made');
    vi.spyOn(refusing, 'setConfiguration').mockImplementation(() => {
      throw new Error('InvalidModificationError');
    });
    mesh.setIceServers([{ urls: ['turn:new'] }]);
    expect(connections.map(({ configuration }) => configuration.iceServers?.[0]?.urls)).toEqual([
      ['turn:old'],
      ['turn:new'],
    ]);
    mesh.close();
  });

  it('knows nobody twice, and ignores messages of strangers', () => {
    const { mesh, connections } = createFakeMesh();
    mesh.addParticipant(person(ana, false));
    mesh.addParticipant(person(ana, false));
    mesh.handleMessage(cleo, { kind: 'rebuild', generation: 1 });
    expect(connections).toHaveLength(1);
    expect(mesh.level(cleo)).toBe(0);
    mesh.close();
  });

  it('closes every connection when it is closed', () => {
    const { mesh, connections } = createFakeMesh();
    mesh.addParticipant(person(ana, false));
    mesh.addParticipant(person(ben, true));
    mesh.close();
    expect(connections.map(({ closed }) => closed)).toEqual([true, true]);
    expect(removeEventListener).toHaveBeenCalledWith('online', expect.any(Function));
  });
});
