import { drawLine, graphBox, roundScale } from './graph-line.ts';
import { highestOf, type GraphName, type Lines } from './series.ts';
import type { StatisticsWords } from './statistics-words.ts';

/** What is left free above the highest value, so that a line is not under the words of its scale. */
const headroom = 1.2;

export interface LineGraphProps {
  readonly name: GraphName;
  readonly lines: Lines;
  /** Where time ends. */
  readonly nowMs: number;
  readonly write: (value: number | null) => string;
  /** What is said of now, where a value alone does not say it. */
  readonly now?: { readonly received: string; readonly sent: string };
  readonly s: StatisticsWords;
}

/** A scale that ends lower would make much of next to nothing. */
const leastTops: Readonly<Record<GraphName, number>> = {
  rate: 100_000,
  loss: 0.05,
  delay: 100,
  frames: 20,
  size: 200,
};

/** The last two minutes of one figure. Its words say what its lines do, and the table beside it has the values. */
export function LineGraph({ name, lines, nowMs, write, now, s }: LineGraphProps) {
  const { received, sent } = lines;
  const highest = { received: highestOf(received), sent: sent === null ? null : highestOf(sent) };
  const top = roundScale(Math.max(highest.received ?? 0, highest.sent ?? 0) * headroom, leastTops[name]);
  const last = now ?? {
    received: write(received.at(-1)?.value ?? null),
    sent: write(sent?.at(-1)?.value ?? null),
  };
  const graph = s(`graph.${name}`);
  const label =
    sent === null
      ? s('graph.one', { graph, now: last.received, most: write(highest.received) })
      : s('graph.both', {
          graph,
          received: last.received,
          receivedMost: write(highest.received),
          sent: last.sent,
          sentMost: write(highest.sent),
        });
  const { width, height } = graphBox;
  return (
    <figure class="graph" data-graph={name}>
      <figcaption class="graph__caption" aria-hidden="true">
        <span class="graph__name">{graph}</span>
        <span class="graph__now numbers">
          <span class="graph__key graph__key--received" />
          {last.received}
        </span>
        {sent !== null && (
          <span class="graph__now numbers">
            <span class="graph__key graph__key--sent" />
            {last.sent}
          </span>
        )}
      </figcaption>
      <svg
        class="graph__lines"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path class="graph__line graph__line--received" d={drawLine(received, nowMs, top)} />
        {sent !== null && <path class="graph__line graph__line--sent" d={drawLine(sent, nowMs, top)} />}
      </svg>
      <span class="graph__top numbers" aria-hidden="true">
        {write(top)}
      </span>
    </figure>
  );
}
