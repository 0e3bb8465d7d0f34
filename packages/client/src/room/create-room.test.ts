import type {
  ChatMessage,
  FirstOffer,
  IceServer,
  Participant,
  ParticipantId,
  PeerMessage,
  RemoteParticipant,
  ReplyOf,
} from '@callbox/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaTransport, OwnTracks, TransportHost } from '../peer/media-transport.ts';
import type { Wanted } from '../logic/sending-plan.ts';
import type { DataUsed, LinkStatistics, StatisticsPace } from '../statistics-types.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { createFakeSignaling } from '../testing/fake-signaling.ts';
import { createJoinReply } from '../testing/join-reply.ts';
import { participantId } from '../testing/participant-id.ts';
import { createRoom } from './create-room.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const allOff = { audio: false, video: false, screen: false };
const audioTrack = { kind: 'audio' } as MediaStreamTrack;

function person(name: string, polite: boolean): RemoteParticipant {
  return { id: participantId(name), displayName: name, media: allOff, joinedAtMs: 5, polite };
}

function line(author: string, sequence: number): ChatMessage {
  return { authorId: participantId(author), sequence, authorName: author, text: `${sequence}`, sentAtMs: 7 };
}

/** A transport that remembers what it was told. */
class FakeTransport implements MediaTransport {
  readonly host: TransportHost;
  iceServers: readonly IceServer[];
  readonly participants = new Map<ParticipantId, boolean>();
  readonly messages: PeerMessage[] = [];
  readonly updates: Participant[] = [];
  tracks: OwnTracks | null = null;
  closed = false;
  pace: StatisticsPace | null = null;
  readonly calls: string[] = [];

  constructor(host: TransportHost, iceServers: readonly IceServer[]) {
    this.host = host;
    this.iceServers = iceServers;
  }

  addParticipant({ id, polite }: RemoteParticipant, isOffered = false): void {
    this.participants.set(id, polite);
    if (isOffered) this.calls.push(`${id} is offered`);
  }

  updateParticipant(participant: Participant): void {
    this.updates.push(participant);
  }

  openChannel(id: ParticipantId, label: string): RTCDataChannel | null {
    return this.participants.has(id) ? ({ label } as RTCDataChannel) : null;
  }

  removeParticipant(id: ParticipantId): void {
    this.participants.delete(id);
  }

  handleMessage(_from: ParticipantId, message: PeerMessage): void {
    this.messages.push(message);
  }

  sendTracks(tracks: OwnTracks): void {
    this.tracks = tracks;
  }

  setIceServers(iceServers: readonly IceServer[]): void {
    this.iceServers = iceServers;
  }

  suspect(): void {
    this.calls.push('suspect');
  }

  resume(): void {
    this.calls.push('resume');
  }

  replaceRelay(): void {
    this.calls.push('replaceRelay');
  }

  level(): number {
    return 0.5;
  }

  want(id: ParticipantId, { camera, screen }: Wanted): void {
    this.calls.push(`want ${id} ${camera} ${screen}`);
  }

  statistics(): LinkStatistics | null {
    return null;
  }

  dataUsed(): DataUsed {
    return { bytesSent: 10, bytesReceived: 100 };
  }

  setStatisticsPace(pace: StatisticsPace): void {
    this.pace = pace;
  }

  keepPictures(): void {
    this.calls.push('keepPictures');
  }

  close(): void {
    this.closed = true;
  }
}

function createFixture(readOffer: () => FirstOffer | null = () => null) {
  const signaling = createFakeSignaling();
  const devices = createFakeLocalMedia();
  const transports: FakeTransport[] = [];
  const opened = createRoom(
    { room: 'Room', displayName: 'Me', media: devices.media },
    {
      connection: signaling.connection,
      log: () => {},
      readOffer,
      createTransport: (host, iceServers) => {
        const transport = new FakeTransport(host, iceServers);
        transports.push(transport);
        return transport;
      },
    },
  );
  const { room } = opened;
  return {
    signaling,
    devices,
    opened,
    room,
    /** The transport of the present stay. */
    transport: (): FakeTransport => {
      const last = transports.at(-1);
      if (last === undefined) throw new Error('there is no transport');
      return last;
    },
    transports,
    names: () => room.snapshot.participants.map(({ displayName }) => displayName),
    join: (change: Partial<ReplyOf<'room-join'>> = {}) => {
      opened.enter();
      signaling.open();
      signaling.answer('room-join', createJoinReply(change));
    },
  };
}

describe('coming in', () => {
  it('shows who is there, what was said and who this person is', () => {
    const { room, join } = createFixture();
    expect(room.snapshot.state).toEqual({ kind: 'joining' });
    join({ participants: [person('ana', false), person('ben', false)], chat: [line('ana', 1)] });
    expect(room.snapshot).toMatchObject({
      state: { kind: 'joined' },
      room: 'room',
      self: { id: 'me', displayName: 'Me', joinedAtMs: 9 },
      participants: [{ id: 'ana' }, { id: 'ben' }],
      chat: [{ authorId: 'ana' }],
      maxParticipants: 8,
    });
  });

  it('tells of nobody as having come who was there before', () => {
    const { room, join } = createFixture();
    const joined = vi.fn();
    room.on('participant-joined', joined);
    join({ participants: [person('ana', false)] });
    expect(joined).not.toHaveBeenCalled();
  });

  it('sends an offer along that is ready, and tells the transport who has it', () => {
    const offer = { sdp: 'v=0', mids: { audio: '0', camera: '1', screen: '2', screenAudio: '3' } };
    const { join, signaling, transport } = createFixture(() => offer);
    join({ participants: [person('ana', false), person('ben', false)], offeredTo: participantId('ana') });
    expect(signaling.requests('room-join')).toMatchObject([{ displayName: 'Me', offer }]);
    expect(transport().calls).toEqual(['ana is offered']);
  });

  it('opens nothing for one who leaves on hearing that they are in', () => {
    const { room, join, transports, signaling } = createFixture();
    room.subscribe(({ state }) => state.kind === 'joined' && room.leave());
    join({ participants: [person('ana', false)] });
    expect(room.snapshot.state.kind).toBe('left');
    expect(transports).toEqual([]);
    expect(signaling.requests('room-leave')).toHaveLength(1);
  });

  it('gives the transport the ICE servers, the tracks and who is there', () => {
    const { devices, join, transport } = createFixture();
    devices.become({ microphone: { kind: 'on', label: '' }, microphoneTrack: audioTrack });
    join({ participants: [person('ana', false)] });
    expect(transport().iceServers).toEqual([{ urls: ['stun:here'] }]);
    expect(transport().tracks).toEqual({
      audio: audioTrack,
      camera: null,
      screen: null,
      screenAudio: null,
      originalSound: false,
    });
    expect([...transport().participants]).toEqual([['ana', false]]);
  });

  it('is refused in the words of the server', () => {
    const { signaling, opened, room } = createFixture();
    const states = vi.fn();
    room.on('state-changed', states);
    opened.enter();
    signaling.open();
    signaling.refuse('room-join', 'room-full');
    expect(room.snapshot.state).toMatchObject({ kind: 'refused', refusal: { code: 'room-full' } });
    expect(states).toHaveBeenCalledTimes(1);
  });

  it('tells the room what was turned on while the answer was on its way', () => {
    const { signaling, opened, devices } = createFixture();
    opened.enter();
    signaling.open();
    devices.become({ microphone: { kind: 'on', label: '' }, microphoneTrack: audioTrack });
    signaling.answer('room-join', createJoinReply());
    expect(signaling.requests('participant-update')).toEqual([{ media: { ...allOff, audio: true } }]);
  });

  it('tells the room the name that was changed meanwhile', () => {
    const { signaling, opened, room } = createFixture();
    opened.enter();
    signaling.open();
    void room.setDisplayName('New Me');
    signaling.answer('room-join', createJoinReply());
    expect(room.snapshot.self.displayName).toBe('New Me');
    expect(signaling.requests('participant-update')).toEqual([{ displayName: 'New Me' }]);
  });
});

describe('being inside', () => {
  it('follows those who come, change and go, with an event for each after the snapshot holds it', () => {
    const { signaling, room, join, transport, names } = createFixture();
    join();
    const events: string[] = [];
    room.on('participant-joined', ({ id }) => events.push(`joined ${id} of ${names().length}`));
    room.on('participant-updated', ({ displayName }) => events.push(`updated ${displayName}`));
    room.on('participant-left', ({ displayName }) => events.push(`left ${displayName} of ${names().length}`));
    signaling.notify('participant-joined', person('ana', true));
    signaling.notify('participant-updated', { ...person('ana', true), displayName: 'Ana' });
    signaling.notify('participant-updated', { ...person('ana', true), displayName: 'Ana' });
    expect([...transport().participants]).toEqual([['ana', true]]);
    signaling.notify('participant-left', { id: participantId('ana'), reason: 'left' });
    signaling.notify('participant-left', { id: participantId('ana'), reason: 'left' });
    expect(events).toEqual(['joined ana of 1', 'updated Ana', 'left Ana of 0']);
    expect(transport().participants.size).toBe(0);
  });

  it('shows the links and tracks that the transport tells of, and keeps the rest the same objects', () => {
    const { room, join, transport } = createFixture();
    join({ participants: [person('ana', false), person('ben', false)] });
    const before = room.snapshot;
    transport().host.onLink(participantId('ben'), { kind: 'connected', path: null });
    const [ana, ben] = room.snapshot.participants;
    expect(ben?.link).toEqual({ kind: 'connected', path: null });
    expect(ana).toBe(before.participants[0]);
    expect(room.snapshot.chat).toBe(before.chat);
    expect(room.snapshot.self).toBe(before.self);
    const same = room.snapshot;
    transport().host.onLink(participantId('ben'), { kind: 'connected', path: null });
    expect(room.snapshot).toBe(same);
    const tracks = { audio: audioTrack, camera: null, screen: null, screenAudio: null };
    transport().host.onRemoteTracks(participantId('ana'), tracks);
    expect(room.snapshot.participants[0]?.tracks).toBe(tracks);
  });

  it('shows how well connections work, and passes on what is wanted of them', () => {
    const { room, join, transport } = createFixture();
    join({ participants: [person('ana', false)] });
    const ana = participantId('ana');
    transport().host.onQuality(ana, { bars: 2, blame: 'there' });
    transport().host.onUplink('saving');
    expect(room.snapshot.participants[0]?.quality).toEqual({ bars: 2, blame: 'there' });
    expect(room.snapshot.uplink).toBe('saving');
    const same = room.snapshot;
    transport().host.onQuality(ana, { bars: 2, blame: 'there' });
    transport().host.onUplink('saving');
    expect(room.snapshot).toBe(same);
    room.want(ana, { camera: 360, screen: 0 });
    room.keepPictures();
    expect(transport().calls).toEqual(['want ana 360 0', 'keepPictures']);
    expect([room.statistics(ana), transport().pace]).toEqual([null, 'normal']);
    room.setStatisticsPace('close');
    expect(transport().pace).toBe('close');
  });

  it('tells of each look at the connections, and what they have used, also after it is left', () => {
    const { room, join, transport } = createFixture();
    expect(room.dataUsed()).toEqual({ bytesSent: 0, bytesReceived: 0 });
    join({ participants: [person('ana', false)] });
    const looked = vi.fn();
    room.on('statistics-taken', looked);
    transport().host.onLooked();
    expect(looked).toHaveBeenCalledOnce();
    room.leave();
    expect(room.dataUsed()).toEqual({ bytesSent: 10, bytesReceived: 100 });
  });

  it('carries messages between the transport and the server', () => {
    const { signaling, join, transport } = createFixture();
    join({ participants: [person('ana', false)] });
    const message: PeerMessage = { kind: 'rebuild', generation: 3 };
    transport().host.send(participantId('ana'), message);
    expect(signaling.requests('peer-message-send')).toEqual([{ to: 'ana', message }]);
    signaling.notify('peer-message', { from: participantId('ana'), message });
    expect(transport().messages).toEqual([message]);
  });

  it('carries what one page tells another, which is nothing to the transport', async () => {
    const { signaling, room, join, transport } = createFixture();
    const ana = participantId('ana');
    expect(await room.sendApp(ana, 'cursor')).toMatchObject({ code: 'internal' });
    join({ participants: [person('ana', false)] });
    const sent = [room.sendApp(ana, 'cursor', { x: 1 }), room.sendApp(ana, 'nudge')];
    expect(signaling.requests('peer-message-send')).toEqual([
      { to: 'ana', message: { kind: 'app', type: 'cursor', payload: { x: 1 } } },
      { to: 'ana', message: { kind: 'app', type: 'nudge' } },
    ]);
    signaling.answer('peer-message-send', {});
    signaling.refuse('peer-message-send', 'unknown-participant');
    expect(await Promise.all(sent)).toEqual([null, expect.objectContaining({ code: 'unknown-participant' })]);
    const heard = vi.fn();
    room.on('app-message', heard);
    signaling.notify('peer-message', { from: ana, message: { kind: 'app', type: 'cursor', payload: [2] } });
    expect(heard.mock.calls).toEqual([[{ from: 'ana', type: 'cursor', payload: [2] }]]);
    expect(transport().messages).toEqual([]);
  });

  it('opens data channels to those who are there, and tells of those that others open', () => {
    const { signaling, room, join, transport } = createFixture();
    const ana = participantId('ana');
    expect(room.openChannel(ana, 'files')).toBeNull();
    join({ participants: [person('ana', false)] });
    expect(room.openChannel(ana, 'files')?.label).toBe('files');
    expect(room.openChannel(participantId('ben'), 'files')).toBeNull();
    const opened = vi.fn();
    room.on('channel-opened', opened);
    const channel = { label: 'theirs' } as RTCDataChannel;
    transport().host.onChannel(ana, channel);
    expect(opened.mock.calls).toEqual([[{ id: 'ana', channel }]]);
    signaling.notify('participant-updated', { ...person('ana', false), displayName: 'Ana' });
    expect(transport().updates.map(({ displayName }) => displayName)).toEqual(['Ana']);
  });

  it('tells of a screen that is shown, and gives it to the transport', () => {
    const { signaling, devices, room, join, transport } = createFixture();
    join();
    const screenTrack = { kind: 'video' } as MediaStreamTrack;
    devices.become({
      screen: { kind: 'on', label: '', sound: true },
      screenTrack,
      screenAudioTrack: audioTrack,
    });
    expect(room.snapshot.self.media.screen).toBe(true);
    expect(signaling.requests('participant-update')).toEqual([{ media: { ...allOff, screen: true } }]);
    expect(transport().tracks).toMatchObject({ screen: screenTrack, screenAudio: audioTrack });
    devices.become({ screen: { kind: 'off' }, screenTrack: null, screenAudioTrack: null });
    expect(room.snapshot.self.media.screen).toBe(false);
    expect(transport().tracks).toMatchObject({ screen: null, screenAudio: null });
  });

  it('tells the transport and the room of devices, and keeps a muted track in place', () => {
    const { signaling, devices, room, join, transport } = createFixture();
    join();
    devices.become({ microphone: { kind: 'on', label: '' }, microphoneTrack: audioTrack });
    expect(room.snapshot.self.media.audio).toBe(true);
    signaling.answer('participant-update', createJoinReply().self);
    devices.become({ microphone: { kind: 'muted', label: '' } });
    expect(room.snapshot.self.media.audio).toBe(false);
    expect(transport().tracks?.audio).toBe(audioTrack);
    expect(signaling.requests('participant-update')).toEqual([
      { media: { ...allOff, audio: true } },
      { media: allOff },
    ]);
  });

  it('renews credentials and hands them to the transport', () => {
    const { signaling, join, transport } = createFixture();
    join();
    vi.advanceTimersByTime(2_700_000);
    signaling.answer('ice-renew', { iceServers: [{ urls: ['stun:new'] }], lifetimeSeconds: 3_600 });
    expect(transport().iceServers).toEqual([{ urls: ['stun:new'] }]);
  });

  it('hands ICE servers that the server sends by itself to the transport, once inside', () => {
    const { signaling, join, transport } = createFixture();
    const grant = { iceServers: [{ urls: ['stun:new'] }], lifetimeSeconds: 3_600 };
    signaling.notify('ice-servers', grant);
    join();
    expect(transport().iceServers).toEqual([{ urls: ['stun:here'] }]);
    signaling.notify('ice-servers', grant);
    expect(transport().iceServers).toEqual([{ urls: ['stun:new'] }]);
  });
});

describe('chat', () => {
  it('numbers what this person sends, and shows it once the room has it', async () => {
    const { signaling, room, join } = createFixture();
    join();
    const received = vi.fn();
    room.on('chat-received', received);
    const sending = [room.sendChat('one'), room.sendChat('two')];
    expect(signaling.requests('chat-send')).toEqual([
      { sequence: 1, text: 'one' },
      { sequence: 2, text: 'two' },
    ]);
    expect(room.snapshot.chat).toEqual([]);
    expect(room.snapshot.unsentChat).toMatchObject([
      { sequence: 1, text: 'one' },
      { sequence: 2, text: 'two' },
    ]);
    signaling.answer('chat-send', line('me', 1));
    expect(room.snapshot.unsentChat).toMatchObject([{ sequence: 2 }]);
    signaling.refuse('chat-send', 'rate-limited');
    expect(room.snapshot.unsentChat).toEqual([]);
    expect(await Promise.all(sending)).toEqual([null, expect.objectContaining({ code: 'rate-limited' })]);
    expect(room.snapshot.chat).toEqual([line('me', 1)]);
    expect(received).not.toHaveBeenCalled();
  });

  it('shows and tells what others send', () => {
    const { signaling, room, join } = createFixture();
    join();
    const received = vi.fn();
    room.on('chat-received', received);
    signaling.notify('chat', line('ana', 1));
    expect(room.snapshot.chat).toEqual([line('ana', 1)]);
    expect(received).toHaveBeenCalledExactlyOnceWith(line('ana', 1));
  });

  it('is refused at once while out of the room', async () => {
    const { signaling, room, join } = createFixture();
    join();
    signaling.lose();
    expect(await room.sendChat('lost')).toMatchObject({ code: 'internal' });
    expect(signaling.requests('chat-send')).toEqual([]);
    expect(room.snapshot.unsentChat).toEqual([]);
  });
});

describe('losing the server', () => {
  it('touches no connection: the transport and the roster stay as they are', () => {
    const { signaling, room, join, transport } = createFixture();
    join({ participants: [person('ana', false)] });
    const { participants } = room.snapshot;
    signaling.lose();
    expect(room.snapshot.state).toEqual({ kind: 'reconnecting' });
    expect(room.snapshot.participants).toBe(participants);
    expect(transport().closed).toBe(false);
    expect(transport().host.canSend()).toBe(false);
  });

  it('comes back as somebody new, with a new transport, and tells who has come and gone meanwhile', () => {
    const { signaling, room, join, transports, names } = createFixture();
    join({ participants: [person('ana', false), person('ben', false)], chat: [line('ana', 1)] });
    const events: string[] = [];
    room.on('participant-joined', ({ displayName }) => events.push(`joined ${displayName}`));
    room.on('participant-left', ({ displayName }) => events.push(`left ${displayName}`));
    signaling.lose();
    signaling.open();
    signaling.answer(
      'room-join',
      createJoinReply({
        self: { id: participantId('me-again'), displayName: 'Me', media: allOff, joinedAtMs: 90 },
        // The server has not yet noticed that the first connection is gone.
        participants: [person('me', false), person('ben', false), person('cleo', false)],
        chat: [line('ana', 1), line('ben', 1)],
      }),
    );
    expect(names()).toEqual(['ben', 'cleo']);
    expect(events).toEqual(['left ana', 'joined cleo']);
    expect(transports.map(({ closed }) => closed)).toEqual([true, false]);
    expect([...(transports[1]?.participants.keys() ?? [])]).toEqual(['ben', 'cleo']);
    expect(room.snapshot.chat).toEqual([line('ana', 1), line('ben', 1)]);
    expect(room.snapshot.self.id).toBe('me-again');
  });

  it.each([
    ['begins to number chat anew, for another id', 'another', 1],
    ['goes on numbering its chat where the id is the same', 'me', 2],
  ])('%s', async (_what, id, sequence) => {
    const { signaling, room, join } = createFixture();
    join();
    void room.sendChat('one');
    signaling.answer('chat-send', line('me', 1));
    signaling.lose();
    signaling.open();
    const { self } = createJoinReply();
    signaling.answer('room-join', createJoinReply({ self: { ...self, id: participantId(id) } }));
    void room.sendChat('again');
    expect(signaling.requests('chat-send').at(-1)).toEqual({ sequence, text: 'again' });
  });

  it('takes no notice of a room that it is not in yet', () => {
    const { signaling, join, names } = createFixture();
    join();
    signaling.lose();
    signaling.open();
    signaling.notify('participant-joined', person('of-the-room-before', true));
    expect(names()).toEqual([]);
  });
});

describe('leaving', () => {
  it('says goodbye once, closes the transport and empties the room', () => {
    const { signaling, room, join, transport } = createFixture();
    join({ participants: [person('ana', false)] });
    const states = vi.fn();
    room.on('state-changed', states);
    room.leave();
    room.leave();
    expect(room.snapshot).toMatchObject({ state: { kind: 'left', reason: 'left' }, participants: [] });
    expect(states).toHaveBeenCalledTimes(1);
    expect(signaling.requests('room-leave')).toHaveLength(1);
    expect(transport().closed).toBe(true);
  });

  it('hears nothing of the room, the devices or the clock afterwards', () => {
    const { signaling, devices, room, join } = createFixture();
    join();
    room.leave();
    const listener = vi.fn();
    room.subscribe(listener);
    signaling.notify('participant-joined', person('ana', true));
    devices.become({ microphone: { kind: 'on', label: '' }, microphoneTrack: audioTrack });
    signaling.lose();
    vi.advanceTimersByTime(100_000_000);
    expect(listener).not.toHaveBeenCalled();
    expect(signaling.requests('ice-renew')).toEqual([]);
  });

  it('before the way in was found means never to go in', () => {
    const { signaling, opened, room } = createFixture();
    room.leave();
    opened.enter();
    signaling.open();
    expect(signaling.requests('room-join')).toEqual([]);
  });
});
