import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLevelMeter } from './level-meter.ts';

const track = { kind: 'audio' } as MediaStreamTrack;
let contexts: FakeContext[];
let amplitude: number;

class FakeContext extends EventTarget {
  state: AudioContextState = 'running';
  sources = 0;
  resume = vi.fn(async () => {
    await Promise.resolve();
    this.state = 'running';
  });
  close = vi.fn(async () => {});

  constructor() {
    super();
    contexts.push(this);
  }

  createMediaStreamSource() {
    this.sources += 1;
    return { connect: () => {}, disconnect: () => (this.sources -= 1) };
  }
}

beforeEach(() => {
  contexts = [];
  amplitude = 0.1;
  vi.stubGlobal('AudioContext', FakeContext);
  vi.stubGlobal(
    'AnalyserNode',
    class {
      getFloatTimeDomainData(samples: Float32Array) {
        samples.fill(amplitude);
      }
    },
  );
  vi.stubGlobal(
    'MediaStream',
    class {
      readonly id = 'fake';
    },
  );
  vi.stubGlobal('navigator', { userActivation: { hasBeenActive: true } });
});
afterEach(() => vi.unstubAllGlobals());

describe('the level meter', () => {
  it('measures the track that it follows, and nothing else', () => {
    const meter = createLevelMeter(() => {});
    expect(meter.level()).toBe(0);
    meter.follow(track);
    expect(meter.level()).toBeGreaterThan(0.5);
    amplitude = 0;
    expect(meter.level()).toBe(0);
    amplitude = 0.1;
    meter.follow(null);
    expect(meter.level()).toBe(0);
    expect(contexts[0]?.sources).toBe(0);
  });

  it('uses one audio graph for all tracks', () => {
    const meter = createLevelMeter(() => {});
    for (let count = 0; count < 20; count += 1) {
      meter.follow({ kind: 'audio' } as MediaStreamTrack);
      meter.level();
    }
    expect(contexts).toHaveLength(1);
    expect(contexts[0]?.sources).toBe(1);
  });

  it('makes none before the page has been touched', () => {
    vi.stubGlobal('navigator', { userActivation: { hasBeenActive: false } });
    const meter = createLevelMeter(() => {});
    meter.follow(track);
    expect(meter.level()).toBe(0);
    expect(contexts).toHaveLength(0);
  });

  it('wakes a graph that was put to sleep, with one call at a time', async () => {
    const meter = createLevelMeter(() => {});
    meter.follow(track);
    meter.level();
    const [context] = contexts;
    if (context === undefined) throw new Error('there is no audio graph');
    context.state = 'suspended';
    expect([meter.level(), meter.level()]).toEqual([0, 0]);
    expect(context.resume).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(meter.level()).toBeGreaterThan(0));
  });

  it('gives the graph back when closed', () => {
    const meter = createLevelMeter(() => {});
    meter.follow(track);
    meter.level();
    meter.close();
    expect(contexts[0]?.close).toHaveBeenCalledTimes(1);
    expect(meter.level()).toBe(0);
  });

  it('tells when the system has given the sound back, and not of anything else', () => {
    const onInterrupted = vi.fn();
    const meter = createLevelMeter(onInterrupted);
    meter.follow(track);
    meter.level();
    const [context] = contexts;
    const become = (state: AudioContextState) => {
      if (context !== undefined) context.state = state;
      context?.dispatchEvent(new Event('statechange'));
    };
    become('suspended');
    become('running');
    expect(onInterrupted).not.toHaveBeenCalled();
    become('interrupted');
    become('suspended');
    expect(onInterrupted).not.toHaveBeenCalled();
    become('running');
    become('running');
    expect(onInterrupted).toHaveBeenCalledTimes(1);
  });
});
