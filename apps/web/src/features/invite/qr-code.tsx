import { encode } from 'uqr';
import './qr-code.css';
import { useCallWords } from '../call/call-words.tsx';

/** One path of squares, row by row; runs of dark modules become one rectangle. */
function drawModules(rows: readonly (readonly boolean[])[]): string {
  const strokes: string[] = [];
  rows.forEach((row, y) => {
    let start = -1;
    for (let x = 0; x <= row.length; x += 1) {
      const dark = row[x] ?? false;
      if (dark && start < 0) start = x;
      if (!dark && start >= 0) {
        strokes.push(`M${start} ${y}h${x - start}v1H${start}Z`);
        start = -1;
      }
    }
  });
  return strokes.join('');
}

/** Dark on light in both themes: not every scanner reads the other way round. */
export function QrCode({ text }: { readonly text: string }) {
  const c = useCallWords();
  const code = encode(text, { ecc: 'M', border: 3 });
  return (
    <svg
      class="qr-code"
      role="img"
      aria-label={c('call.qr')}
      viewBox={`0 0 ${code.size} ${code.size}`}
      shape-rendering="crispEdges"
    >
      <path d={drawModules(code.data)} />
    </svg>
  );
}
