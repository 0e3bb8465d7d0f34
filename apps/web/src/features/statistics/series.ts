import {
  sumStreams,
  type ParticipantLook,
  type StatisticsLook,
  type StreamStatistics,
} from '@callbox/client';

/** What is drawn of each connection. */
export const graphNames = ['rate', 'loss', 'delay', 'frames', 'size'] as const;
export type GraphName = (typeof graphNames)[number];

/** One value of a line. Null breaks the line: it was not known then. */
export interface Point {
  readonly atMs: number;
  readonly value: number | null;
}

/** The lines of one graph; `sent` is null where there is but one. */
export interface Lines {
  readonly received: readonly Point[];
  readonly sent: readonly Point[] | null;
}

type Reading = Readonly<
  Record<GraphName, { readonly received: number | null; readonly sent: number | null }>
>;

const unknown = { received: null, sent: null };
const nothing: Reading = { rate: unknown, loss: unknown, delay: unknown, frames: unknown, size: unknown };

function shortSide(picture: StreamStatistics | null): number | null {
  if (picture === null || picture.width === null || picture.height === null) return null;
  return Math.min(picture.width, picture.height);
}

function readLook(look: ParticipantLook | undefined): Reading {
  if (look === undefined || look.link === null) return nothing;
  const received = sumStreams(look.link.received);
  const sent = sumStreams(look.link.sent);
  return {
    rate: { received: received.bitsPerSecond, sent: sent.bitsPerSecond },
    loss: { received: received.lossShare, sent: sent.lossShare },
    delay: { received: look.link.roundTripMs, sent: null },
    frames: {
      received: received.picture?.framesPerSecond ?? null,
      sent: sent.picture?.framesPerSecond ?? null,
    },
    size: { received: shortSide(received.picture), sent: shortSide(sent.picture) },
  };
}

/** What the looks show of one participant, as lines to draw. */
export function readSeries(looks: readonly StatisticsLook[], id: string): Readonly<Record<GraphName, Lines>> {
  const readings = looks.map(({ atMs, participants }) => ({
    atMs,
    reading: readLook(participants.find((each) => each.id === id)),
  }));
  const linesOf = (name: GraphName): Lines => {
    const line = (way: 'received' | 'sent') =>
      readings.map(({ atMs, reading }) => ({ atMs, value: reading[name][way] }));
    return { received: line('received'), sent: name === 'delay' ? null : line('sent') };
  };
  return {
    rate: linesOf('rate'),
    loss: linesOf('loss'),
    delay: linesOf('delay'),
    frames: linesOf('frames'),
    size: linesOf('size'),
  };
}

/** The highest value of a line; null where none is known. */
export function highestOf(line: readonly Point[]): number | null {
  const values = line.flatMap(({ value }) => value ?? []);
  return values.length === 0 ? null : Math.max(...values);
}
