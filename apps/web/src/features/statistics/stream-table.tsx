import type { LinkStatistics, StreamsStatistics } from '@callbox/client';
import type { Figures } from './figures.ts';
import type { StatisticsWords } from './statistics-words.ts';

const ways = ['received', 'sent'] as const;
const sources = ['audio', 'camera', 'screen', 'screenAudio'] as const;
const columns = ['stream', 'rate', 'loss', 'jitter', 'size', 'frames', 'codec', 'limit'] as const;

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

/** Everything that is known of each stream, for who would rather read than look. */
export function StreamTable({ link, name, figures, s }: StreamTableProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
    <div class="stream-table" role="region" aria-label={s('table.of', { name })} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {s(`column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="numbers">
          {listStreams(link).map(({ way, source, stream }) => (
            <tr key={`${way}-${source}`} data-stream={`${way}-${source}`}>
              <th scope="row">{s(`stream.${way}.${source}`)}</th>
              <td>{figures.rate(stream.bitsPerSecond)}</td>
              <td>{figures.share(stream.lossShare)}</td>
              <td>{figures.delay(stream.jitterMs)}</td>
              <td>{figures.size(stream)}</td>
              <td>{figures.frames(stream.framesPerSecond)}</td>
              <td>{stream.codec?.replace(/^\w+\//, '') ?? figures.size(null)}</td>
              <td>{stream.limitedBy === null ? figures.size(null) : s(`limit.${stream.limitedBy}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
