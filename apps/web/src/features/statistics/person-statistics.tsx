import { sumStreams, type StatisticsLook, type RemoteParticipantSnapshot } from '@callbox/client';
import { useId } from 'preact/hooks';
import { useWords } from '../../session/session.ts';
import { Bars } from '../../ui/bars.tsx';
import { useCallWords } from '../call/call-words.tsx';
import { describeQuality } from '../call/quality-words.ts';
import type { Figures } from './figures.ts';
import { LineGraph } from './line-graph.tsx';
import { graphNames, readSeries, type GraphName } from './series.ts';
import type { StatisticsWords } from './statistics-words.ts';
import { StreamTable } from './stream-table.tsx';

export interface PersonStatisticsProps {
  readonly participant: RemoteParticipantSnapshot;
  readonly looks: readonly StatisticsLook[];
  readonly figures: Figures;
  readonly s: StatisticsWords;
}

function PathWords({ participant, s }: Pick<PersonStatisticsProps, 'participant' | 's'>) {
  const c = useCallWords();
  const { link } = participant;
  if (link.kind !== 'connected') return <>{c(`links.${link.kind}`)}</>;
  if (link.path === null) return <>{c('links.connected')}</>;
  const { relayed, protocol } = link.path;
  return <>{s(relayed ? 'path.relayed' : 'path.direct', { protocol: protocol.toUpperCase() })}</>;
}

/** How one connection does, in graphs and in figures. */
export function PersonStatistics({ participant, looks, figures, s }: PersonStatisticsProps) {
  const { t } = useWords();
  const c = useCallWords();
  const id = useId();
  const { displayName, quality } = participant;
  const name = displayName === '' ? t('app.guest') : displayName;
  const last = looks.at(-1);
  const link = last?.participants.find((each) => each.id === participant.id)?.link ?? null;
  const series = readSeries(looks, participant.id);
  const writers: Readonly<Record<GraphName, (value: number | null) => string>> = {
    rate: (value) => figures.rate(value),
    loss: (value) => figures.share(value),
    delay: (value) => figures.delay(value),
    frames: (value) => figures.frames(value),
    size: (value) => figures.frames(value),
  };
  const sizes = link === null ? null : { received: sumStreams(link.received), sent: sumStreams(link.sent) };
  return (
    <section class="person-statistics" aria-labelledby={id} data-participant={participant.id}>
      <header class="person-statistics__head">
        <h3 id={id} class="person-statistics__name" dir="auto">
          {name}
        </h3>
        {quality !== null && (
          <span class="person-statistics__quality">
            {describeQuality(quality, name, c)}
            <span aria-hidden="true">
              <Bars filled={quality.bars} label="" />
            </span>
          </span>
        )}
        <p class="person-statistics__path">
          <PathWords participant={participant} s={s} />
        </p>
      </header>
      <div class="person-statistics__graphs">
        {graphNames.map((graph) => (
          <LineGraph
            key={graph}
            name={graph}
            lines={series[graph]}
            nowMs={last?.atMs ?? 0}
            write={writers[graph]}
            s={s}
            {...(graph === 'size' &&
              sizes !== null && {
                now: {
                  received: figures.size(sizes.received.picture),
                  sent: figures.size(sizes.sent.picture),
                },
              })}
          />
        ))}
      </div>
      {link !== null && (
        <details class="person-statistics__all">
          <summary>{s('table')}</summary>
          <StreamTable link={link} name={name} figures={figures} s={s} />
        </details>
      )}
    </section>
  );
}
