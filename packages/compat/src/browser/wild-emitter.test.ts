import { describe, expect, it, vi } from 'vitest';
import { WildEmitter } from './wild-emitter.ts';

describe('an emitter of the old kind', () => {
  it('tells those of a name, then those of patterns, with the name first', () => {
    const emitter = new WildEmitter<{ ping: [number, string] }>();
    const heard: unknown[] = [];
    emitter.on('*', (...values: unknown[]) => void heard.push(['*', ...values]));
    emitter.on('pi*', (...values: unknown[]) => void heard.push(['pi*', ...values]));
    emitter.on('po*', () => void heard.push('never'));
    emitter.on('ping', (...values) => void heard.push(values));
    emitter.emit('ping', 1, 'a');
    expect(heard).toEqual([
      [1, 'a'],
      ['*', 'ping', 1, 'a'],
      ['pi*', 'ping', 1, 'a'],
    ]);
  });

  it('lets go of one listener, of a name, and of a group', () => {
    const emitter = new WildEmitter<{ a: []; b: [] }>();
    const [one, two, three, once] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
    emitter.on('a', one).on('a', two).on('b', 'group', three).once('b', once);
    emitter.off('a', one).releaseGroup('group');
    emitter.emit('a').emit('b').emit('b');
    emitter.off('a').emit('a');
    expect([one, two, three, once].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 0, 1]);
  });

  it('goes on where a listener throws', () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const emitter = new WildEmitter<{ a: [] }>();
    const after = vi.fn();
    const error = new Error('of the page');
    emitter.on('a', () => {
      throw error;
    });
    emitter.on('a', after);
    emitter.emit('a');
    vi.unstubAllGlobals();
    expect(report).toHaveBeenCalledExactlyOnceWith(error);
    expect(after).toHaveBeenCalledOnce();
  });
});
