import { forgeFrames } from './forge.ts';
import { openFrameSender } from './frame-sender.ts';
import type { FloodCommand, FloodReport } from './messages.ts';

/** Different ones, sent again and again: to make each anew would take the time in which three are sent. */
const FRAMES = 4096;

process.on('message', (command: FloodCommand) => {
  tell(flood(command));
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });

/** Sends as fast as it can, as long as it is told to. */
function flood({ kind, port, durationMs }: FloodCommand): FloodReport {
  const sender = openFrameSender(forgeFrames(kind, { port, count: FRAMES }));
  const start = performance.now();
  let packets = 0;
  let ms = 0;
  for (; ms < durationMs; ms = performance.now() - start) packets += sender.sendBatch();
  sender.close();
  return { kind: 'sent', packets, ms };
}

function tell(report: FloodReport): void {
  process.send?.(report);
}
