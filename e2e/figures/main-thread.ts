import type { Browser, Page } from 'playwright-core';

/** One task of a page's main thread. */
export interface Task {
  /** Time of the processor. How long it took by the clock says more of what else the machine was doing. */
  readonly processorMs: number;
  readonly clockMs: number;
  /** The longest things that it did, for whoever has to make it shorter. */
  readonly did: readonly string[];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds, as are the two below; `tdur` is the thread's own time. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly functionName?: string; readonly url?: string } };
}

const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing', 'v8'];
const marks = { begin: 'callbox-trace-begins', end: 'callbox-trace-ends' };

/** What the main thread of a page does while something is done, the longest task first. */
export async function traceMainThread(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<readonly Task[]> {
  const mark = (name: string) => page.evaluate((text) => void performance.mark(text), name);
  await browser.startTracing(page, { categories });
  await mark(marks.begin);
  await act();
  await mark(marks.end);
  const trace = await browser.stopTracing();
  return readTasks(trace.toString());
}

function readTasks(text: string): readonly Task[] {
  const { traceEvents: events } = JSON.parse(text) as { traceEvents: readonly TraceEvent[] };
  const begin = events.find(({ name }) => name === marks.begin);
  const end = events.find(({ name }) => name === marks.end);
  if (begin === undefined || end === undefined) throw new Error('the trace does not hold its own marks');
  const own = events.filter(
    ({ pid, tid, ts, ph }) =>
      pid === begin.pid && tid === begin.tid && ts >= begin.ts && ts <= end.ts && ph === 'X',
  );
  const tasks = own.filter(({ name }) => name === 'RunTask');
  if (!tasks.some(({ tdur }) => tdur !== undefined))
    throw new Error('the trace has no tasks with their time');
  return tasks
    .map((task) => ({
      processorMs: (task.tdur ?? task.dur ?? 0) / 1_000,
      clockMs: (task.dur ?? 0) / 1_000,
      did: listParts(task, own),
    }))
    .toSorted((a, b) => b.processorMs - a.processorMs);
}

function listParts(task: TraceEvent, events: readonly TraceEvent[]): string[] {
  const endsAt = task.ts + (task.dur ?? 0);
  return events
    .filter((event) => event !== task && event.ts >= task.ts && event.ts < endsAt && (event.dur ?? 0) > 2_000)
    .toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
    .slice(0, 8)
    .map(({ name, dur, args }) => {
      const { functionName = '', url = '' } = args?.data ?? {};
      return `${name} ${functionName} ${url.split('/').at(-1) ?? ''} ${((dur ?? 0) / 1_000).toFixed(1)} ms`;
    });
}
