import type { StatisticsRecord } from '@callbox/client';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
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

/** How the connections do, beside the call. */
export function StatisticsPanel({ record, onClose }: StatisticsPanelProps) {
  const s = useStatisticsWords();
  if (s === null) return null;
  return (
    <SidePanel
      heading={s('heading')}
      closeLabel={s('close')}
      height="half"
      takesFocus
      returnTo="#more-button"
      onClose={onClose}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <div class="statistics" role="group" aria-label={s('heading')} tabIndex={0}>
        <Content record={record} s={s} />
      </div>
    </SidePanel>
  );
}
