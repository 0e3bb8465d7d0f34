import type { LinkStatistics, StreamsStatistics, StreamStatistics } from '@callbox/client';
import type { Figures } from './figures.ts';
import type { StatisticsWords } from './statistics-words.ts';

const ways = ['received', 'sent'] as const;
const sources = ['audio', 'camera', 'screen', 'screenAudio'] as const;
const rows = ['rate', 'loss', 'jitter', 'size', 'frames', 'codec', 'limit'] as const;
type Row = (typeof rows)[number];

export interface StreamTableProps {
  readonly link: LinkStatistics;
  /** Whose streams these are. */
  readonly name: string;
  readonly figures: Figures;
  readonly s: StatisticsWords;
}

function listStreams(link: LinkStatistics) {
  return ways.flatMap((way) => {
    const streams: StreamsStatistics = link[way];
    return sources.flatMap((source) => {
      const stream = streams[source];
      return stream === null ? [] : [{ way, source, stream }];
    });
  });
}

function write(row: Row, stream: StreamStatistics, figures: Figures, s: StatisticsWords): string {
  switch (row) {
    case 'rate':
      return figures.rate(stream.bitsPerSecond);
    case 'loss':
      return figures.share(stream.lossShare);
    case 'jitter':
      return figures.delay(stream.jitterMs);
    case 'size':
      return figures.size(stream);
    case 'frames':
      return figures.frames(stream.framesPerSecond);
    case 'codec':
      return stream.codec?.replace(/^\w+\//, '') ?? figures.size(null);
    case 'limit':
      return stream.limitedBy === null ? figures.size(null) : s(`limit.${stream.limitedBy}`);
  }
}

/** Everything that is known of each stream, for who would rather read than look. A stream is a column: few are there at once. */
export function StreamTable({ link, name, figures, s }: StreamTableProps) {
  const streams = listStreams(link);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
    <div class="stream-table" role="region" aria-label={s('table.of', { name })} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{s('column.stream')}</th>
            {streams.map(({ way, source }) => (
              <th key={`${way}-${source}`} scope="col" data-stream={`${way}-${source}`}>
                {s(`stream.${way}.${source}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="numbers">
          {rows.map((row) => (
            <tr key={row} data-figure={row}>
              <th scope="row">{s(`column.${row}`)}</th>
              {streams.map(({ way, source, stream }) => (
                <td key={`${way}-${source}`}>{write(row, stream, figures, s)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
