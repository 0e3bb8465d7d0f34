import { limits, type ParticipantId } from '@callbox/contract';
import type { Notice } from './notice.ts';
import type { SeatKey } from './room-fact.ts';
import type { SeatState } from './room-state.ts';

/** Numbers that the notices of one run have for each millisecond since 1970 at which it began: more than it can use. */
const numbersPerMs = 1_000;

export function newSeat({ tokenHash, connection }: SeatKey): SeatState {
  return {
    tokenHash,
    connection,
    requestsUpTo: 0,
    noticesUpTo: 0,
    acknowledgedUpTo: 0,
    lostUpTo: 0,
    outbox: [],
    outboxCharacters: 0,
  };
}

/** Gives a notice its number and keeps it until it has arrived. */
export function withNotice(seat: SeatState, notice: Notice, characters: number): SeatState {
  const number = seat.noticesUpTo + 1;
  const outboxCharacters = seat.outboxCharacters + characters;
  if (seat.outbox.length >= limits.outboxLength || outboxCharacters > limits.outboxCharacters) {
    return { ...seat, noticesUpTo: number, lostUpTo: number, outbox: [], outboxCharacters: 0 };
  }
  const outbox = [...seat.outbox, { number, notice, characters }];
  return { ...seat, noticesUpTo: number, outbox, outboxCharacters };
}

/** Forgets what has arrived. What was never sent cannot have. */
export function withReceived(seat: SeatState, upTo: number): SeatState {
  if (upTo > seat.noticesUpTo || upTo <= seat.acknowledgedUpTo) return seat;
  const outbox = seat.outbox.filter(({ number }) => number > upTo);
  const outboxCharacters = outbox.reduce((sum, { characters }) => sum + characters, 0);
  return { ...seat, acknowledgedUpTo: upTo, outbox, outboxCharacters };
}

/**
 * The seat of one who is told anew how the room stands: what led there is of no use, but for what others have sent, which
 * is not told otherwise. What somebody sent by a page before the present one is of no use either.
 */
export function withAccount(seat: SeatState): SeatState {
  const cameAt = new Map<ParticipantId, number>();
  for (const { number, notice } of seat.outbox) {
    if (notice.name === 'participant-joined') cameAt.set(notice.body.id, number);
  }
  const outbox = seat.outbox.filter(
    ({ number, notice }) => notice.name === 'peer-message' && number > (cameAt.get(notice.body.from) ?? 0),
  );
  const [first] = outbox;
  return {
    ...seat,
    acknowledgedUpTo: first === undefined ? seat.noticesUpTo : first.number - 1,
    outbox,
    outboxCharacters: outbox.reduce((sum, { characters }) => sum + characters, 0),
  };
}

/** The streams of a seat as they go on after the server was started anew. */
export function afterRestart(seat: SeatState, atMs: number): SeatState {
  return { ...seat, noticesUpTo: Math.max(seat.noticesUpTo + numbersPerMs, atMs * numbersPerMs) };
}

/** Tells whether one who has received up to this notice can be sent all the following, and has received nothing else. */
export function followsOn(seat: SeatState, receivedUpTo: number): 'yes' | 'missed-too-much' | 'out-of-step' {
  const { acknowledgedUpTo, lostUpTo, outbox } = seat;
  const isThere =
    receivedUpTo === Math.max(acknowledgedUpTo, lostUpTo) ||
    outbox.some(({ number }) => number === receivedUpTo);
  if (isThere) return 'yes';
  return receivedUpTo < lostUpTo ? 'missed-too-much' : 'out-of-step';
}
