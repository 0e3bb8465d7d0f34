import { describe, expect, test } from 'vitest';
import { PacedSocket, ReadingPace } from './reading-pace.ts';

const PERIOD_MS = 8;

describe('the pace of reading', () => {
  const pace = (): {
    readonly socket: (packets: number, pacedBatch?: number) => PacedSocket;
    readonly of: ReadingPace;
  } => ({
    of: new ReadingPace(),
    socket: (packets, pacedBatch) => new PacedSocket({ fd: 3, pacedBatch, receive: () => packets }, 1),
  });

  /** A period in which the process has had so many packets in all. */
  const passPeriod = (of: ReadingPace, nowMs: number, packets: number): void => {
    of.beginTurn(nowMs);
    of.visit(new PacedSocket({ fd: 9, receive: () => packets }, 9));
    expect(of.beginTurn(nowMs + PERIOD_MS)).toBe(true);
  };

  test('finds a socket dense that has much, in a process that has much', () => {
    const { of, socket } = pace();
    passPeriod(of, 0, 320);
    const dense = socket(12, 64);
    of.visit(dense);
    expect(of.isDense(dense)).toBe(true);
    const sparse = socket(11, 64);
    of.visit(sparse);
    expect(of.isDense(sparse)).toBe(false);
  });

  test('finds nothing dense in a process that has little', () => {
    const { of, socket } = pace();
    passPeriod(of, 0, 319);
    const dense = socket(64, 64);
    of.visit(dense);
    expect(of.isDense(dense)).toBe(false);
  });

  test('never finds a socket dense that is to be read at once', () => {
    const { of, socket } = pace();
    passPeriod(of, 0, 5000);
    const prompt = socket(64);
    of.visit(prompt);
    expect(of.isDense(prompt)).toBe(false);
  });

  test('adds up what comes in one period, and nothing of another', () => {
    const { of, socket } = pace();
    passPeriod(of, 0, 320);
    const slow = socket(6, 64);
    of.visit(slow);
    expect(of.isDense(slow)).toBe(false);
    of.visit(slow);
    expect(of.isDense(slow)).toBe(true);
    passPeriod(of, PERIOD_MS, 320);
    of.visit(slow);
    expect(of.isDense(slow)).toBe(false);
  });

  test('finds a socket calm after a period with little, in it or in the whole process', () => {
    const { of, socket } = pace();
    of.beginTurn(0);
    const [dense, sparse, silent] = [socket(6, 64), socket(5, 64), socket(0, 64)];
    of.visit(dense);
    of.visit(sparse);
    passPeriod(of, 0, 320);
    expect([dense, sparse, silent].map((asked) => of.isCalm(asked))).toEqual([false, true, true]);
    of.visit(dense);
    passPeriod(of, PERIOD_MS, 300);
    expect(of.isCalm(dense)).toBe(true);
  });

  test('finds packets steady by how many come in what time', () => {
    const steadyAfter = (packets: number, ms: number): boolean => {
      const { of, socket } = pace();
      of.beginTurn(0);
      of.visit(socket(packets));
      of.beginTurn(ms);
      return of.isSteady;
    };
    expect(steadyAfter(39, PERIOD_MS)).toBe(false);
    expect(steadyAfter(40, PERIOD_MS)).toBe(true);
    expect(steadyAfter(79, 2 * PERIOD_MS)).toBe(false);
    expect(steadyAfter(80, 2 * PERIOD_MS)).toBe(true);
    expect(steadyAfter(319, PERIOD_MS)).toBe(true);
    expect(steadyAfter(320, PERIOD_MS)).toBe(false);
  });

  test('has periods as long as turns are apart where the process gets no time', () => {
    const { of, socket } = pace();
    of.beginTurn(0);
    of.visit(socket(320));
    expect(of.beginTurn(PERIOD_MS - 1)).toBe(false);
    expect(of.beginTurn(500)).toBe(true);
    const dense = socket(12, 64);
    of.visit(dense);
    expect(of.isDense(dense)).toBe(true);
  });
});
