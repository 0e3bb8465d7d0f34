import {
  answerSchema,
  notices,
  parseWith,
  type Answer,
  type ChatMessage,
  type NumberedRequestName,
  type ParticipantId,
  type RemoteParticipant,
  type ReplyOf,
} from '@callbox/contract';
import type { Notice } from '../../rooms/notice.ts';

/** What goes from a client to the server over one connection. */
export interface ClientEvent {
  readonly name: string;
  readonly body: unknown;
  readonly numbering?: { readonly number?: number; readonly receivedUpTo?: number };
}

/** One connection as the client has it: what is sent may arrive, late or never, but in order. */
export interface ClientLink {
  send(event: ClientEvent, onAnswer?: (answer: Answer<unknown>) => void): void;
}

interface Waiting {
  readonly number: number;
  readonly name: NumberedRequestName;
  readonly body: unknown;
}

/** What is said of one participant in the others' view. */
export interface SeenParticipant {
  displayName: string;
  joinedAtMs: number;
  reconnecting: boolean;
}

/** Which page of a person it is, as its name says: each has another. */
export function pageOf(displayName: string): number {
  return Number(displayName.split('#')[1] ?? 0);
}

/**
 * A client as `docs/signaling.md` tells one to be, and nothing besides: the reference for what resuming must do. It keeps
 * what it has seen, for the test to compare.
 */
export class ModelClient {
  readonly name: string;
  readonly room: string;
  readonly refusals: string[] = [];
  /** Names of notices that changed the roster, and whom they named. */
  readonly told: { readonly name: string; readonly id: string }[] = [];
  /** By sender and receiver, each with the page it was then. */
  readonly peerMessages = new Map<string, number[]>();
  /** What has been answered: the room had it. */
  readonly taken: string[] = [];
  stays = 0;
  /** Counts the pages, and the stays that one could not resume: for each of them the others begin anew. */
  page = 0;
  isIn = false;
  id: ParticipantId | null = null;
  roster = new Map<ParticipantId, SeenParticipant>();
  chat: ChatMessage[] = [];
  waiting: Waiting[] = [];
  hasBeenReplaced = false;
  #link: ClientLink | null = null;
  #token = '';
  /** Of the page before this one. */
  #former: string | null = null;
  #connection = 0;
  #receivedUpTo = 0;
  #lastNumber = 0;
  #lastSequence = 0;
  #displayName: string;

  constructor(name: string, room: string) {
    this.name = name;
    this.room = room;
    this.#displayName = `${name}#0`;
  }

  get isConnected(): boolean {
    return this.#link !== null;
  }

  get displayName(): string {
    return this.#displayName;
  }

  /** A connection is there: takes the seat back, or a new one. */
  connect(link: ClientLink): void {
    this.#link = link;
    this.isIn = false;
    if (this.id === null) this.#join(link);
    else this.#resume(link);
  }

  lose(): void {
    this.#link = null;
    this.isIn = false;
  }

  say(text: string): void {
    this.#lastSequence += 1;
    this.#ask('chat-send', { sequence: this.#lastSequence, text });
  }

  rename(displayName: string): void {
    this.#displayName = `${displayName}#${this.page}`;
    this.#ask('participant-update', { displayName: this.#displayName });
  }

  sendPeer(to: ParticipantId, generation: number): void {
    this.#ask('peer-message-send', { to, message: { kind: 'rebuild', generation } });
  }

  /** Sends the last numbered request once more: a duplicate. */
  repeat(): void {
    const last = this.waiting.at(-1);
    if (last !== undefined && this.isIn) this.#send(last);
  }

  probe(): void {
    this.#link?.send({ name: 'probe', body: { receivedUpTo: this.#receivedUpTo } }, () => {});
  }

  /**
   * The page is reloaded: what it knew is gone, but for one secret.
   *
   * @returns the last word of the page, for the beacon.
   */
  reload(): { readonly token: string; readonly mayReturn: true } | null {
    this.#link?.send({ name: 'room-leave', body: { mayReturn: true } }, () => {});
    const wasSeated = this.#connection > 0;
    const token = this.#token;
    this.#former = wasSeated ? token : this.#former;
    this.#forget();
    this.#beginPage();
    this.roster = new Map();
    this.chat = [];
    this.told.length = 0;
    this.#receivedUpTo = 0;
    this.#lastSequence = 0;
    return wasSeated ? { token, mayReturn: true } : null;
  }

  leave(): void {
    this.#link?.send({ name: 'room-leave', body: {} }, () => {});
    this.#forget();
  }

  hear(notice: Notice, number: number | undefined): void {
    if (!parseWith(notices[notice.name], notice.body).ok) throw new Error(`${notice.name} does not fit`);
    if (number !== undefined) {
      if (number <= this.#receivedUpTo) return;
      this.#receivedUpTo = number;
    }
    this.#apply(notice);
  }

  #join(link: ClientLink): void {
    if (this.#token === '') {
      this.stays += 1;
      this.#token = `${this.name}-${this.stays}-`.padEnd(43, 'x');
    }
    this.#connection += 1;
    const body = {
      room: this.room,
      displayName: this.#displayName,
      media: { audio: true, video: false, screen: false },
      seat: { token: this.#token, connection: this.#connection },
      ...(this.#former !== null && { replaces: this.#former }),
    };
    link.send({ name: 'room-join', body }, (raw) => {
      if (this.#link !== link) return;
      const answer = read('room-join', raw);
      if (!answer.ok) return this.#refused(answer.error.code, answer.error.reason);
      this.#enter(answer.value);
    });
  }

  #enter(reply: ReplyOf<'room-join'>): void {
    if (reply.seat === undefined) throw new Error('a seat was claimed and not given');
    this.id = reply.self.id;
    this.isIn = true;
    this.#former = null;
    this.#receivedUpTo = reply.seat.noticesUpTo;
    this.#lastNumber = reply.seat.requestsUpTo;
    this.roster = new Map(reply.participants.map((other) => [other.id, seen(other)]));
    const known = new Set(reply.chat.map(keyOf));
    this.chat = [...this.chat.filter((line) => !known.has(keyOf(line))), ...reply.chat];
    if (reply.seat.chatUpTo !== undefined) {
      this.#lastSequence = Math.max(this.#lastSequence, reply.seat.chatUpTo + 1_000);
    }
    if (reply.self.displayName !== this.#displayName) this.rename(this.#displayName);
  }

  #resume(link: ClientLink): void {
    this.#connection += 1;
    const body = {
      room: this.room,
      seat: { token: this.#token, connection: this.#connection },
      receivedUpTo: this.#receivedUpTo,
    };
    link.send({ name: 'room-resume', body }, (raw) => {
      if (this.#link !== link) return;
      const answer = read('room-resume', raw);
      if (!answer.ok) return this.#refused(answer.error.code, answer.error.reason);
      this.isIn = true;
      for (const request of this.waiting) {
        if (request.number > answer.value.seat.requestsUpTo) this.#send(request);
      }
    });
  }

  #refused(code: string, reason = ''): void {
    this.refusals.push(reason === '' ? code : reason);
    // A claim that was overtaken by a later one of our own; all else begins anew.
    if (reason === 'outdated') return;
    const token = this.#token;
    this.#forget();
    this.#former = token;
    // To the others it is as after a reload.
    this.#beginPage();
  }

  #beginPage(): void {
    this.page += 1;
    this.#displayName = `${this.#displayName.split('#', 1).join('')}#${this.page}`;
  }

  #forget(): void {
    this.id = null;
    this.isIn = false;
    this.#token = '';
    this.#connection = 0;
    this.waiting = [];
  }

  #ask(name: NumberedRequestName, body: unknown): void {
    if (this.id === null) return;
    this.#lastNumber += 1;
    const request = { number: this.#lastNumber, name, body };
    this.waiting.push(request);
    if (this.isIn) this.#send(request);
  }

  #send({ name, body, number }: Waiting): void {
    this.#link?.send({ name, body, numbering: { number, receivedUpTo: this.#receivedUpTo } });
  }

  #apply({ name, body }: Notice): void {
    switch (name) {
      case 'participant-joined':
        this.told.push({ name, id: body.id });
        this.roster.set(body.id, seen(body));
        break;
      case 'participant-updated':
        this.#change(body.id, { displayName: body.displayName });
        break;
      case 'participant-left':
        this.told.push({ name, id: body.id });
        this.roster.delete(body.id);
        this.#withdraw(body.id);
        break;
      case 'participant-reconnecting':
        this.#change(body.id, { reconnecting: true });
        break;
      case 'participant-returned':
        this.#change(body.id, { reconnecting: false });
        break;
      case 'chat':
        this.#keep(body);
        break;
      case 'peer-message':
        if (body.message.kind === 'rebuild') {
          const from = `${body.from}#${pageOf(this.roster.get(body.from)?.displayName ?? '')}`;
          const key = `${from}>${this.id}#${this.page}`;
          this.peerMessages.set(key, [...(this.peerMessages.get(key) ?? []), body.message.generation]);
        }
        break;
      case 'answer':
        this.#settle(body.request, body.answer);
        break;
      case 'seat-taken':
        this.hasBeenReplaced = true;
        break;
      case 'ice-servers':
      case 'refused':
      case 'server-restarting':
        break;
    }
  }

  /** What waits for one who has left is not for the page by which they come again; only its number is needed. */
  #withdraw(id: ParticipantId): void {
    this.waiting = this.waiting.map((request) =>
      request.name === 'peer-message-send' && (request.body as { to: ParticipantId }).to === id
        ? { number: request.number, name: 'participant-update', body: {} }
        : request,
    );
  }

  #settle(number: number, answer: Answer<unknown>): void {
    const request = this.waiting.find((one) => one.number === number);
    if (request === undefined) throw new Error(`${this.name}: an answer to ${number}, which waits for none`);
    this.waiting = this.waiting.filter((one) => one !== request);
    if (!answer.ok) return void this.refusals.push(answer.error.code);
    if (request.name !== 'chat-send') return;
    const line = read('chat-send', answer);
    if (!line.ok) return;
    this.taken.push(line.value.text);
    this.#keep(line.value);
  }

  /** A line that was heard in an earlier stay and lost by the server may be said again: then that is where it stands. */
  #keep(line: ChatMessage): void {
    const other = this.chat.find((known) => keyOf(known) === keyOf(line) && known.text !== line.text);
    if (other !== undefined) throw new Error(`${this.name}: "${line.text}" has the name of "${other.text}"`);
    if (this.stays > 1) this.chat = this.chat.filter((known) => keyOf(known) !== keyOf(line));
    this.chat.push(line);
  }

  #change(id: ParticipantId, change: Partial<SeenParticipant>): void {
    const known = this.roster.get(id);
    if (known === undefined) throw new Error(`${this.name}: told of ${id}, whom nobody has announced`);
    Object.assign(known, change);
  }
}

export function keyOf({ authorId, sequence }: ChatMessage): string {
  return `${authorId}:${sequence}`;
}

function seen({ displayName, joinedAtMs, reconnecting = false }: RemoteParticipant): SeenParticipant {
  return { displayName, joinedAtMs, reconnecting };
}

function read<TName extends 'room-join' | 'room-resume' | 'chat-send'>(
  name: TName,
  raw: Answer<unknown>,
): Answer<ReplyOf<TName>> {
  const parsed = parseWith(answerSchema(name), raw);
  if (!parsed.ok) throw new Error(`the answer to ${name} does not fit: ${parsed.reason}`);
  return parsed.value;
}
