import type { StatisticsRecord } from '@callbox/client';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { IconButton } from '../../ui/button.tsx';
import { ExportSection } from './export-section.tsx';
import { createFigures } from './figures.ts';
import { PersonStatistics } from './person-statistics.tsx';
import { useStatisticsWords, type StatisticsWords } from './statistics-words.ts';
import './statistics-panel.css';

export interface StatisticsPanelProps {
  readonly record: StatisticsRecord;
  readonly onClose: () => void;
}

/** Draws again after each look. */
function useLooks(record: StatisticsRecord) {
  const [looks, setLooks] = useState(record.looks);
  useEffect(() => {
    setLooks(record.looks);
    return record.subscribe(() => setLooks(record.looks));
  }, [record]);
  return looks;
}

function Legend({ s }: { readonly s: StatisticsWords }) {
  return (
    <p class="statistics__legend" aria-hidden="true">
      <span class="graph__key graph__key--received" />
      {s('legend.received')}
      <span class="graph__key graph__key--sent" />
      {s('legend.sent')}
    </p>
  );
}

function Content({ record, s }: Pick<StatisticsPanelProps, 'record'> & { readonly s: StatisticsWords }) {
  const { stay } = useSession();
  const { locale } = useWords();
  const figures = useMemo(() => createFigures(locale), [locale]);
  const looks = useLooks(record);
  const room = stay.room.value;
  const participants = room?.participants ?? [];
  const used = looks.at(-1)?.dataUsed ?? { bytesReceived: 0, bytesSent: 0 };
  return (
    <>
      <p class="statistics__words numbers" data-figure="data">
        {s('data', { received: figures.data(used.bytesReceived), sent: figures.data(used.bytesSent) })}
      </p>
      {participants.length === 0 ? (
        <p class="statistics__words">{s('nobody')}</p>
      ) : (
        <>
          <p class="statistics__words">{s(`own.${room?.uplink ?? 'good'}`)}</p>
          <Legend s={s} />
        </>
      )}
      {participants.map((participant) => (
        <PersonStatistics
          key={participant.id}
          participant={participant}
          looks={looks}
          figures={figures}
          s={s}
        />
      ))}
      <ExportSection record={record} s={s} />
    </>
  );
}

/** How the connections do: beside the call, which goes on; on a narrow screen it comes up from below. */
export function StatisticsPanel({ record, onClose }: StatisticsPanelProps) {
  const s = useStatisticsWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const isThere = s !== null;

  useEffect(() => {
    if (isThere) heading.current?.focus();
  }, [isThere]);

  if (s === null) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape pressed anywhere in it
    <aside
      class="statistics"
      aria-label={s('heading')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header class="statistics__head">
        <h2 ref={heading} class="statistics__heading" tabIndex={-1}>
          {s('heading')}
        </h2>
        <IconButton icon="x" label={s('close')} onClick={onClose} />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <div class="statistics__scroll" role="group" aria-label={s('heading')} tabIndex={0}>
        <Content record={record} s={s} />
      </div>
    </aside>
  );
}
