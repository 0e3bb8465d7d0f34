import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEmitter } from './emitter.ts';
import { createSnapshotStore } from './snapshot-store.ts';

afterEach(() => vi.unstubAllGlobals());

describe('an emitter', () => {
  it('tells each listener of its own event until it stops listening', () => {
    const emitter = createEmitter<{ came: string; went: string }>();
    const heard: string[] = [];
    const stop = emitter.on('came', (name) => heard.push(name));
    emitter.emit('came', 'Ana');
    emitter.emit('went', 'Ana');
    stop();
    emitter.emit('came', 'Ben');
    expect(heard).toEqual(['Ana']);
  });

  it('counts a function given twice as two listeners', () => {
    const emitter = createEmitter<{ came: string }>();
    const listener = vi.fn();
    const stop = emitter.on('came', listener);
    emitter.on('came', listener);
    stop();
    emitter.emit('came', 'Ana');
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('goes on after a listener that throws, and reports the error to the page', () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const emitter = createEmitter<{ came: string }>();
    const fault = new Error('a fault of the interface');
    const later = vi.fn();
    emitter.on('came', () => {
      throw fault;
    });
    emitter.on('came', later);
    emitter.emit('came', 'Ana');
    expect(report).toHaveBeenCalledWith(fault);
    expect(later).toHaveBeenCalledWith('Ana');
  });

  it('does not tell a listener that comes while an event is told', () => {
    const emitter = createEmitter<{ came: string }>();
    const late = vi.fn();
    emitter.on('came', () => void emitter.on('came', late));
    emitter.emit('came', 'Ana');
    expect(late).not.toHaveBeenCalled();
  });
});

describe('a snapshot store', () => {
  it('tells of a new snapshot after it holds it', () => {
    const store = createSnapshotStore(1);
    const seen: [told: number, held: number][] = [];
    store.subscribe((told) => seen.push([told, store.snapshot]));
    store.update((value) => value + 1);
    expect(seen).toEqual([[2, 2]]);
  });

  it('is silent when nothing has changed', () => {
    const store = createSnapshotStore({ name: 'Ana' });
    const listener = vi.fn();
    store.subscribe(listener);
    store.update((same) => same);
    expect(listener).not.toHaveBeenCalled();
  });
});
