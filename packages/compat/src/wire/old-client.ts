import { randomUUID } from 'node:crypto';
import {
  answerSchema,
  limits,
  parseWith,
  type Answer,
  type IceGrant,
  type MediaState,
  type NoticeOf,
  type ParticipantId,
  type RemoteParticipant,
  type ReplyOf,
  type RequestName,
  type RequestOf,
} from '@callbox/contract';
import type { Logger, Notice, Session } from '@callbox/signaling';
import { readChatText, writeChatPayload } from '../shared/chat-payload.ts';
import { readOldRoomName } from '../shared/old-room-name.ts';
import { createChatCopies } from './chat-copies.ts';
import { listOldIceServers } from './list-old-ice-servers.ts';
import { fieldsOf, parseOldMessage, type Fields, type OldMessage } from './old-message.ts';
import { createTranslator } from './translator.ts';

export interface OldClientOptions {
  /** The id of its socket: what it takes for its own, and what all others know it by. */
  readonly id: ParticipantId;
  readonly session: Session;
  /** Sends the client an event. */
  readonly emit: (name: string, body: unknown) => void;
  /** Finds another old client by its id. */
  readonly findOld: (id: string) => OldClient | undefined;
  readonly count: (what: string) => void;
  /** Calls back after some milliseconds. */
  readonly later: (act: () => void, delayMs: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** One connected client of the old protocol, and the participant that it is in our rooms. */
export interface OldClient {
  /** Where it is, by the canonical name of the room. */
  room(): string | null;
  /** Deals with an event of the client, after those that came before it. */
  handleEvent(name: unknown, args: readonly unknown[]): Promise<void>;
  handleNotice(notice: Notice): void;
  /** Takes what another old client says to this one, as it is. */
  deliver(message: Fields): void;
  offerIceServers(grant: IceGrant): void;
  /** The connection is over. */
  end(): void;
}

/** One stay in one room. */
interface Stay {
  readonly room: string;
  readonly others: Map<string, RemoteParticipant>;
}

/** What an old page is told of its wish to be in a room: why not, or nothing. */
type Acknowledge = (error: string | null, result?: unknown) => void;

/** A page shows who is mute beside a picture, and that comes a moment after the connection is made. */
const pictureDelayMs = 400;
/** More of a report than anybody reads. */
const reportLength = 200;
const isKind = (name: unknown): name is 'audio' | 'video' => name === 'audio' || name === 'video';
const isAcknowledge = (value: unknown): value is Acknowledge => typeof value === 'function';

export function createOldClient(options: OldClientOptions): OldClient {
  const { id, session, emit, findOld, count, now, logger } = options;
  const translator = createTranslator(id);
  const copies = createChatCopies();
  let stay: Stay | null = null;
  let media: MediaState = { audio: true, video: true, screen: false };
  let nick = '';
  /** Of chat; not begun anew in another room, for the id stays. */
  let lines = 0;
  let isOver = false;
  let queue: Promise<void> = Promise.resolve();

  /** `take` is called in the order of answers and notices: what it tells the client comes before what happens next. */
  function ask<TName extends RequestName, T>(
    name: TName,
    request: RequestOf<TName>,
    take: (answer: Answer<ReplyOf<TName>>) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      session.request(name, request, (answer) => {
        const parsed = parseWith(answerSchema(name), answer);
        if (parsed.ok) resolve(take(parsed.value));
        else reject(new Error(`the server's own answer is not valid: ${parsed.reason}`));
      });
    });
  }

  /** Asks for what the client hears nothing of. */
  function tell<TName extends RequestName>(name: TName, request: RequestOf<TName>): void {
    session.request(name, request, (answer) => {
      if (!answer.ok) count(`refused_${answer.error.code}`);
    });
  }

  function offerIceServers(grant: IceGrant): void {
    const { stunservers, turnservers } = listOldIceServers(grant);
    emit('stunservers', stunservers);
    emit('turnservers', turnservers);
  }

  /** The room as a newcomer is told of it. A page opens a connection for each field that is true, so there are no others. */
  function describe({ others }: Stay): { readonly clients: Fields } {
    const clients = [...others.values()].map((other) => [
      other.id,
      { screen: other.media.screen, video: true, audio: false },
    ]);
    return { clients: Object.fromEntries(clients) as Fields };
  }

  /**
   * A page whose connection was lost comes back as somebody new and keeps what it had. Ours have let go of that, and have the ids
   * that they had: what the page still shows of them is to go before they are met anew.
   */
  function forgetBefore({ others }: Stay): void {
    for (const other of others.values())
      if (findOld(other.id) === undefined) emit('remove', { id: other.id });
  }

  async function leave(): Promise<void> {
    if (stay === null) return;
    for (const other of stay.others.values()) translator.forget(other.id);
    stay = null;
    await ask('room-leave', {}, () => {});
    // Its own end is told to the one who leaves, too.
    emit('remove', { id });
  }

  /** Enters a room, and tells what came of it: why not, or the stay. */
  async function enter(room: string, tellResult: (entered: string | Stay) => void): Promise<void> {
    if (stay?.room === room) return tellResult(stay);
    const obstacle = await ask('room-peek', { room }, (inside) => {
      if (!inside.ok) return inside.error.code;
      return inside.value.displayNames.length < inside.value.maxParticipants ? null : 'full';
    });
    // Before the other room is left, so that who finds no place keeps the one there is.
    if (obstacle !== null) return tellResult(obstacle);
    await leave();
    await ask('room-join', { room, displayName: nick, media }, (reply) => {
      if (!reply.ok) return tellResult(reply.error.code === 'room-full' ? 'full' : reply.error.code);
      stay = { room, others: new Map(reply.value.participants.map((other) => [other.id, other])) };
      // A page makes its connections as soon as it knows who is there, with the servers it then has.
      offerIceServers(reply.value.ice);
      forgetBefore(stay);
      tellResult(stay);
    });
  }

  async function join(name: unknown, acknowledge: Acknowledge): Promise<void> {
    if (typeof name !== 'string') return;
    const room = readOldRoomName(name);
    if (!room.ok) return acknowledge('room-name-invalid');
    await enter(room.value, (entered) => {
      if (typeof entered === 'string') acknowledge(entered);
      else acknowledge(null, describe(entered));
    });
  }

  async function create(wish: unknown, acknowledge: Acknowledge): Promise<void> {
    const name = wish === undefined || wish === null || wish === '' ? randomUUID() : wish;
    if (typeof name !== 'string') return;
    const room = readOldRoomName(name);
    if (!room.ok) return acknowledge('room-name-invalid');
    const isTaken =
      stay?.room === room.value ||
      (await ask(
        'room-peek',
        { room: room.value },
        (inside) => inside.ok && inside.value.displayNames.length > 0,
      ));
    if (isTaken) return acknowledge('taken');
    let isLate = false;
    await enter(room.value, (entered) => {
      if (typeof entered === 'string') return acknowledge(entered);
      // Somebody came in since we looked.
      isLate = entered.others.size > 0;
      if (isLate) acknowledge('taken');
      else acknowledge(null, name);
    });
    if (isLate) await leave();
  }

  function update(change: RequestOf<'participant-update'>): void {
    if (stay !== null) tell('participant-update', change);
  }

  function follow(next: MediaState): void {
    media = next;
    update({ media });
  }

  /** Learns from what the client tells others. Returns whether ours hear of it by the room. */
  function learn(message: OldMessage): boolean {
    const { type } = message;
    const payload = fieldsOf(message.payload);
    const said = payload['nick'];
    if ((type === 'offer' || type === 'answer' || type === 'chat') && typeof said === 'string') {
      const next = said.slice(0, limits.displayNameLength);
      if (next !== nick && (type !== 'chat' || nick === '')) update({ displayName: (nick = next) });
    }
    if (type === 'mute' || type === 'unmute') {
      const { name } = payload;
      if (isKind(name) && media[name] !== (type === 'unmute')) {
        follow({ ...media, [name]: type === 'unmute' });
      }
      return true;
    }
    const text = readChatText(type, message.payload);
    if (text === null) return false;
    if (copies.isNews(text, message, now())) tell('chat-send', { sequence: (lines += 1), text });
    return true;
  }

  function relay(value: unknown): void {
    const message = parseOldMessage(value);
    if (message === null) return count('dropped_malformed');
    const other = stay?.others.get(message.to);
    if (stay === null || other === undefined) return count('dropped_outside_room');
    const isLearnt = learn(message);
    const old = findOld(other.id);
    if (old === undefined) {
      if (isLearnt) return;
      const ours = translator.toOurs(other.id, message);
      if (ours === null) return count('dropped_untranslatable');
      count('messages_translated');
      tell('peer-message-send', { to: other.id, message: ours });
    } else if (old.room() === stay.room) {
      count('messages_relayed');
      old.deliver({ ...message, from: id });
    } else {
      count('dropped_outside_room');
    }
  }

  function trace(value: unknown): void {
    const report = ['type', 'session', 'prefix', 'peer', 'time', 'value']
      .map((name) => [name, fieldsOf(value)[name]] as const)
      .filter(([, said]) => typeof said === 'string' || typeof said === 'number')
      .map(([name, said]) => `${name}=${String(said).slice(0, reportLength)}`);
    logger.debug('an old client reports', { report: report.join(' ') });
  }

  function unshareScreen(): void {
    if (media.screen) follow({ ...media, screen: false });
    if (stay !== null) emit('remove', { id, type: 'screen' });
  }

  function actOn(name: unknown, args: readonly unknown[]): Promise<void> | void {
    const last = args.at(-1);
    const acknowledge = isAcknowledge(last) ? last : () => {};
    switch (name) {
      case 'join':
        return join(args[0], acknowledge);
      case 'create':
        // A single argument is taken for the acknowledgement, so the room has a random name.
        return create(args.length === 1 ? '' : args[0], acknowledge);
      case 'leave':
        return leave();
      case 'message':
        return relay(args[0]);
      case 'shareScreen':
        return follow({ ...media, screen: true });
      case 'unshareScreen':
        return unshareScreen();
      case 'trace':
        return trace(args[0]);
      default:
        return count('dropped_unknown_event');
    }
  }

  async function act(name: unknown, args: readonly unknown[]): Promise<void> {
    if (isOver) return;
    try {
      await actOn(name, args);
    } catch (error) {
      count('failed');
      logger.error('an event of an old client failed', { event: String(name).slice(0, reportLength), error });
    }
  }

  function tellMessage(from: ParticipantId, type: string, payload: unknown): void {
    emit('message', { to: id, from, type, roomType: 'video', prefix: 'webkit', payload });
  }

  function tellMuted(other: RemoteParticipant, before: MediaState, now: MediaState): void {
    for (const name of ['audio', 'video'] as const) {
      if (before[name] !== now[name]) tellMessage(other.id, now[name] ? 'unmute' : 'mute', { name });
    }
  }

  function onLeft(gone: ParticipantId): void {
    if (stay?.others.delete(gone) !== true) return;
    translator.forget(gone);
    emit('remove', { id: gone });
  }

  function onUpdated({ id: whose, displayName, media: next }: NoticeOf<'participant-updated'>): void {
    const other = stay?.others.get(whose);
    if (stay === null || other === undefined) return;
    stay.others.set(whose, { ...other, displayName, media: next });
    if (other.media.screen && !next.screen) emit('remove', { id: whose, type: 'screen' });
    // An old client has told this one itself.
    if (findOld(whose) === undefined) tellMuted(other, other.media, next);
  }

  function onPeerMessage({ from, message }: NoticeOf<'peer-message'>): void {
    const other = stay?.others.get(from);
    if (other === undefined) return;
    for (const { name, body } of translator.toOld(from, message, other.displayName)) emit(name, body);
    if (message.kind !== 'description' || message.screenOf !== undefined) return;
    const stayThen = stay;
    options.later(() => {
      const present = stay === stayThen ? stay?.others.get(from) : undefined;
      if (present !== undefined)
        tellMuted(present, { audio: true, video: true, screen: false }, present.media);
    }, pictureDelayMs);
  }

  function onChat({ authorId, authorName, text }: NoticeOf<'chat'>): void {
    if (authorId === id || findOld(authorId) !== undefined || stay === null) return;
    tellMessage(authorId, 'chat', writeChatPayload(text, authorName));
  }

  return {
    room: () => stay?.room ?? null,
    offerIceServers,
    handleEvent(name, args) {
      queue = queue.then(() => act(name, args));
      return queue;
    },
    handleNotice(notice) {
      if (isOver) return;
      switch (notice.name) {
        case 'participant-joined':
          // Old pages hear of nobody who comes: the newcomer's offer tells them.
          stay?.others.set(notice.body.id, notice.body);
          return;
        case 'participant-left':
          return onLeft(notice.body.id);
        case 'participant-updated':
          return onUpdated(notice.body);
        case 'peer-message':
          return onPeerMessage(notice.body);
        case 'chat':
          return onChat(notice.body);
        case 'ice-servers':
          return offerIceServers(notice.body);
        default:
          return;
      }
    },
    deliver(message) {
      if (!isOver) emit('message', message);
    },
    end() {
      isOver = true;
      stay = null;
      session.end('disconnected');
    },
  };
}
