import type {
  FirstOffer,
  IceGrant,
  IceServer,
  NoticeOf,
  ParticipantId,
  Refusal,
  RemoteParticipant,
  ReplyOf,
  RequestOf,
} from '@callbox/contract';
import { fault, type SignalingConnection } from '../connection/signaling-connection.ts';
import { createEmitter } from '../emitter.ts';
import type { LocalMediaSnapshot } from '../local-media-types.ts';
import type { ClientLog } from '../log.ts';
import { confirmChat, mergeChat, withoutUnsent } from '../logic/chat-history.ts';
import { addData, noData } from '../logic/traffic.ts';
import { describeOwnMedia } from '../logic/own-media.ts';
import {
  addToRoster,
  describeParticipant,
  isSameMedia,
  removeFromRoster,
  setAway,
  setLink,
  setQuality,
  setTracks,
  updateInRoster,
} from '../logic/roster.ts';
import type { MediaTransport, TransportHost } from '../peer/media-transport.ts';
import type { JoinOptions, LeaveReason, Room, RoomEvents, RoomSnapshot, RoomState } from '../room-types.ts';
import { createSnapshotStore } from '../snapshot-store.ts';
import type { DataUsed, StatisticsPace, UplinkState } from '../statistics-types.ts';
import { createEntrance } from './entrance.ts';
import { createFirstSnapshot } from './create-first-snapshot.ts';
import { createIceRenewal } from './ice-renewal.ts';
import { createOwnReport } from './own-report.ts';
import { readOwnTracks } from './read-own-tracks.ts';
import { createSeatLine } from './seat-line.ts';
import { createSeatToken } from './seat-token.ts';
import { readTicket, writeTicket } from './ticket.ts';

export interface RoomDependencies {
  readonly connection: SignalingConnection;
  /** The offer that is ready for one of those who are inside; null where there is none. */
  readonly readOffer?: () => FirstOffer | null;
  readonly createTransport: (host: TransportHost, iceServers: readonly IceServer[]) => MediaTransport;
  readonly log: ClientLog;
}

/** A room, and the ways for its owner to begin and to end it. */
export interface OpenRoom {
  readonly room: Room;
  enter(): void;
  refuse(refusal: Refusal): void;
  end(reason: LeaveReason): void;
}

/** A server whose machine lost power may have forgotten lines that others have heard: their names are not used again. */
const skippedLines = 1_000;

type Roster = RoomSnapshot['participants'];
type OwnSnapshot = RoomSnapshot['self'];

/** Makes the stay in a room: keeps its snapshot, and brings together entrance, notices, own media and transport. */
export function createRoom(
  options: JoinOptions,
  { connection, readOffer, createTransport, log }: RoomDependencies,
): OpenRoom {
  const former = readTicket(options.ticket);
  /** Who this person was in earlier stays: the server lists them until it notices that they are gone. */
  const formerIds = new Set<ParticipantId>([...(options.formerIds ?? []), ...(former?.ids ?? [])]);
  const store = createSnapshotStore<RoomSnapshot>(createFirstSnapshot(options, [...formerIds]));
  const events = createEmitter<RoomEvents>();
  const line = createSeatLine(connection, createSeatToken, former?.token ?? null);
  const report = createOwnReport(line, log);
  const renewal = createIceRenewal(line, followGrant, log);
  let transport: MediaTransport | null = null;
  /** Which life of the room, and which run of the relay, this stay knows of. */
  let roomId: string | undefined;
  let relayId: string | undefined;
  let pace: StatisticsPace = 'normal';
  /** By transports that are over. */
  let usedBefore = noData;
  let chatSequence = 0;
  let over = false;

  const host: TransportHost = {
    selfId: () => store.snapshot.self.id,
    send(to, message) {
      line.request('peer-message-send', { to, message }, (answer) => {
        // Who has left meanwhile needs nothing. All else is made good when the connection is mended.
        if (!answer.ok) log('debug', 'a message was not delivered', { to, code: answer.error.code });
      });
    },
    canSend: (to) => isInside() && (to === undefined || find(to)?.away !== true),
    onLink: (id, link) => changeRoster((roster) => setLink(roster, id, link)),
    onRemoteTracks: (id, tracks) => changeRoster((roster) => setTracks(roster, id, tracks)),
    onQuality: (id, quality) => changeRoster((roster) => setQuality(roster, id, quality)),
    onUplink: setUplink,
    onLooked: () => events.emit('statistics-taken', null),
    onChannel: (id, channel) => events.emit('channel-opened', { id, channel }),
  };

  const entrance = createEntrance({
    connection,
    line,
    createRequest: () => {
      const { displayName, media } = store.snapshot.self;
      const offer = readOffer?.() ?? null;
      return { room: options.room, displayName, media, ...(offer !== null && { offer }) };
    },
    onEntered: handleEntered,
    onResumed: handleResumed,
    onLost() {
      report.pause();
      renewal.pause();
      setState({ kind: 'reconnecting' });
      // Nothing of media ends with the server. But what has cut the way to it may have cut more, and relays.
      transport?.suspect();
    },
    onRefused: (refusal) => close({ kind: 'refused', refusal }),
  });

  const stops = [
    options.media.subscribe(handleOwnMedia),
    line.on('notice:participant-joined', (notice) => isInside() && addParticipant(notice)),
    line.on('notice:participant-updated', (notice) => isInside() && updateParticipant(notice)),
    line.on('notice:participant-left', (notice) => isInside() && removeParticipant(notice)),
    line.on('notice:participant-reconnecting', ({ id }) =>
      changeRoster((roster) => setAway(roster, id, true)),
    ),
    line.on('notice:participant-returned', ({ id }) => {
      changeRoster((roster) => setAway(roster, id, false));
      if (isInside()) transport?.resume(id);
    }),
    line.on('notice:peer-message', (notice) => isInside() && receivePeerMessage(notice)),
    line.on('notice:chat', (notice) => isInside() && receiveChat(notice)),
    line.on('notice:ice-servers', (notice) => isInside() && renewal.take(notice)),
  ];

  function isInside(): boolean {
    return store.snapshot.state.kind === 'joined';
  }

  /** Whether the server can be told things, if only later. */
  function canTell(): boolean {
    return isInside() || (store.snapshot.state.kind === 'reconnecting' && line.canResume);
  }

  function setState(state: RoomState, change: Partial<RoomSnapshot> = {}): void {
    store.update((snapshot) => ({ ...snapshot, ...change, state }));
    events.emit('state-changed', state);
  }

  function changeRoster(change: (roster: Roster) => Roster): void {
    store.update((snapshot) => {
      const participants = change(snapshot.participants);
      return participants === snapshot.participants ? snapshot : { ...snapshot, participants };
    });
  }

  function setUplink(uplink: UplinkState): void {
    store.update((snapshot) => (snapshot.uplink === uplink ? snapshot : { ...snapshot, uplink }));
  }

  function changeSelf(change: Partial<OwnSnapshot>): void {
    store.update((snapshot) => ({ ...snapshot, self: { ...snapshot.self, ...change } }));
  }

  function find(id: ParticipantId): Roster[number] | undefined {
    return store.snapshot.participants.find((participant) => participant.id === id);
  }

  function handleEntered(reply: ReplyOf<'room-join'>, request: RequestOf<'room-join'>): void {
    const before = store.snapshot;
    if (before.self.id !== null) formerIds.add(before.self.id);
    const others = reply.participants.filter(({ id }) => !formerIds.has(id));
    const isRenamed = before.self.displayName !== request.displayName;
    const { chatUpTo } = reply.seat ?? {};
    if (before.self.id !== reply.self.id) chatSequence = 0;
    if (chatUpTo !== undefined) chatSequence = Math.max(chatSequence, chatUpTo + skippedLines);
    store.update((snapshot) => ({
      ...snapshot,
      state: { kind: 'joined' },
      room: reply.room,
      self: {
        ...snapshot.self,
        id: reply.self.id,
        displayName: isRenamed ? snapshot.self.displayName : reply.self.displayName,
        joinedAtMs: reply.self.joinedAtMs,
        formerIds: [...formerIds].filter((id) => id !== reply.self.id),
      },
      participants: others.map(describeParticipant),
      chat: mergeChat(snapshot.chat, reply.chat),
      maxParticipants: reply.maxParticipants,
    }));
    // A listener may have left again.
    if (over) return;
    const isAfresh = roomId !== undefined && roomId !== reply.roomId;
    roomId = reply.roomId;
    relayId = reply.ice.relayInstanceId;
    openTransport(reply, others);
    renewal.begin(reply.ice);
    report.begin(reply.self.media);
    if (isRenamed) void setDisplayName(before.self.displayName);
    events.emit('state-changed', store.snapshot.state);
    if (before.self.id !== null) tellChanges(before.participants);
    if (isAfresh) events.emit('started-afresh', null);
  }

  /** Back in the same seat: the others have not noticed, or no longer mind. Missed notices follow. */
  function handleResumed(reply: ReplyOf<'room-resume'>): void {
    renewal.begin(reply.ice);
    setState({ kind: 'joined' }, { maxParticipants: reply.maxParticipants });
    if (over) return;
    report.begin(reply.self.media);
    followGrant(reply.ice);
    transport?.resume();
  }

  function followGrant({ iceServers, relayInstanceId }: IceGrant): void {
    transport?.setIceServers(iceServers);
    const isReplaced = relayId !== undefined && relayId !== relayInstanceId;
    relayId = relayInstanceId;
    if (isReplaced) transport?.replaceRelay();
  }

  /** The others know this person as somebody new: what was built with the one before is of no use. */
  function openTransport(
    { ice, offeredTo }: ReplyOf<'room-join'>,
    others: readonly RemoteParticipant[],
  ): void {
    closeTransport();
    setUplink('good');
    transport = createTransport(host, ice.iceServers);
    transport.setStatisticsPace(pace);
    transport.sendTracks(readOwnTracks(options.media.snapshot));
    for (const other of others) transport.addParticipant(other, other.id === offeredTo);
  }

  function closeTransport(): void {
    usedBefore = dataUsed();
    transport?.close();
    transport = null;
  }

  function dataUsed(): DataUsed {
    return addData(usedBefore, transport?.dataUsed() ?? noData);
  }

  /** Says who came and went while nobody could tell us. */
  function tellChanges(before: Roster): void {
    const after = store.snapshot.participants;
    for (const { id, displayName } of before) {
      if (after.every((other) => other.id !== id))
        events.emit('participant-left', { id, displayName, mayReturn: false });
    }
    for (const participant of after) {
      if (before.every(({ id }) => id !== participant.id)) events.emit('participant-joined', participant);
    }
  }

  function addParticipant(participant: RemoteParticipant): void {
    const added = describeParticipant(participant);
    changeRoster((roster) => addToRoster(roster, added));
    transport?.addParticipant(participant);
    events.emit('participant-joined', find(participant.id) ?? added);
  }

  function updateParticipant(participant: NoticeOf<'participant-updated'>): void {
    const before = find(participant.id);
    changeRoster((roster) => updateInRoster(roster, participant));
    transport?.updateParticipant(participant);
    const after = find(participant.id);
    if (after !== undefined && after !== before) events.emit('participant-updated', after);
  }

  function removeParticipant({ id, mayReturn = false }: NoticeOf<'participant-left'>): void {
    const leaver = find(id);
    if (leaver === undefined) return;
    transport?.removeParticipant(id);
    changeRoster((roster) => removeFromRoster(roster, id));
    events.emit('participant-left', { id, displayName: leaver.displayName, mayReturn });
  }

  function receivePeerMessage({ from, message }: NoticeOf<'peer-message'>): void {
    if (message.kind !== 'app') return transport?.handleMessage(from, message);
    const { type, payload } = message;
    events.emit('app-message', { from, type, payload });
  }

  function receiveChat(message: NoticeOf<'chat'>): void {
    store.update((snapshot) => confirmChat(snapshot, message));
    events.emit('chat-received', message);
  }

  function handleOwnMedia(snapshot: LocalMediaSnapshot): void {
    transport?.sendTracks(readOwnTracks(snapshot));
    const media = describeOwnMedia(snapshot);
    if (!isSameMedia(media, store.snapshot.self.media)) changeSelf({ media });
    report.tell(media);
  }

  function sendChat(text: string): Promise<Refusal | null> {
    return new Promise((resolve) => {
      if (!canTell()) return resolve(fault('not in the room now').error);
      chatSequence += 1;
      const unsent = { sequence: chatSequence, text, writtenAtMs: Date.now() };
      store.update((snapshot) => ({ ...snapshot, unsentChat: [...snapshot.unsentChat, unsent] }));
      line.request('chat-send', { sequence: unsent.sequence, text }, (answer) => {
        if (!answer.ok) {
          store.update((snapshot) => ({
            ...snapshot,
            unsentChat: withoutUnsent(snapshot.unsentChat, unsent.sequence),
          }));
          return resolve(answer.error);
        }
        store.update((snapshot) => confirmChat(snapshot, answer.value));
        resolve(null);
      });
    });
  }

  function sendApp(to: ParticipantId, type: string, payload?: unknown): Promise<Refusal | null> {
    return new Promise((resolve) => {
      if (!canTell()) return resolve(fault('not in the room now').error);
      const message = { kind: 'app', type, ...(payload !== undefined && { payload }) } as const;
      line.request('peer-message-send', { to, message }, (answer) => {
        resolve(answer.ok ? null : answer.error);
      });
    });
  }

  function setDisplayName(displayName: string): Promise<Refusal | null> {
    return new Promise((resolve) => {
      if (!canTell()) {
        // Taken along at the next entry.
        changeSelf({ displayName });
        return resolve(null);
      }
      line.request('participant-update', { displayName }, (answer) => {
        if (!answer.ok) return resolve(answer.error);
        changeSelf({ displayName: answer.value.displayName });
        resolve(null);
      });
    });
  }

  function close(state: RoomState): void {
    if (over) return;
    entrance.leave();
    finish(state);
  }

  function part(): string | null {
    if (over) return null;
    const { id } = store.snapshot.self;
    const token = entrance.part();
    finish({ kind: 'left', reason: 'left' });
    if (id !== null) formerIds.add(id);
    return token === null ? null : writeTicket({ token, ids: [...formerIds] });
  }

  function finish(state: RoomState): void {
    over = true;
    report.pause();
    renewal.pause();
    for (const stop of stops) stop();
    closeTransport();
    setState(state, { participants: [] });
  }

  return {
    room: {
      get snapshot() {
        return store.snapshot;
      },
      subscribe: store.subscribe,
      on: events.on,
      sendChat,
      sendApp,
      openChannel: (to, label, init) => transport?.openChannel(to, label, init) ?? null,
      setDisplayName,
      level: (id) => transport?.level(id) ?? 0,
      want: (id, wanted) => transport?.want(id, wanted),
      statistics: (id) => transport?.statistics(id) ?? null,
      dataUsed,
      setStatisticsPace(next) {
        pace = next;
        transport?.setStatisticsPace(next);
      },
      keepPictures: () => transport?.keepPictures(),
      leave: () => close({ kind: 'left', reason: 'left' }),
      part,
    },
    enter: () => {
      if (!over) entrance.enter();
    },
    refuse: (refusal) => close({ kind: 'refused', refusal }),
    end: (reason) => close({ kind: 'left', reason }),
  };
}
