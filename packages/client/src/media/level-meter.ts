import { amplitudeOf, loudnessOf } from '../logic/loudness.ts';

/** Measures how loud one track is. */
export interface LevelMeter {
  /** Measures this track from now on; null for none. */
  follow(track: MediaStreamTrack | null): void;
  /** How loud it is now, 0 to 1. Makes no garbage. */
  level(): number;
  close(): void;
}

/** The audio graph; made when first needed and kept, for browsers allow only a few contexts. */
interface Graph {
  readonly context: AudioContext;
  readonly analyser: AnalyserNode;
}

/**
 * @param onInterrupted the system took the sound away, for a telephone call, and has given it back. Only WebKit tells, by a state of
 *   audio graphs.
 */
export function createLevelMeter(onInterrupted: () => void): LevelMeter {
  const samples = new Float32Array(1_024);
  let followed: MediaStreamTrack | null = null;
  let graph: Graph | null = null;
  let source: MediaStreamAudioSourceNode | null = null;
  let resuming = false;

  function attach(track: MediaStreamTrack): void {
    graph ??= createGraph(samples.length, onInterrupted);
    source = graph.context.createMediaStreamSource(new MediaStream([track]));
    source.connect(graph.analyser);
  }

  /** A context may also be put to sleep from outside, by a telephone call for one. */
  async function resume(context: AudioContext): Promise<void> {
    if (resuming) return;
    resuming = true;
    await context.resume().catch(() => {});
    resuming = false;
  }

  return {
    follow(track) {
      if (track === followed) return;
      source?.disconnect();
      source = null;
      followed = track;
    },
    level() {
      // Before a page has been touched, browsers let no audio graph run.
      if (followed === null || !navigator.userActivation.hasBeenActive) return 0;
      if (source === null) attach(followed);
      if (graph === null) return 0;
      if (graph.context.state !== 'running') {
        void resume(graph.context);
        return 0;
      }
      graph.analyser.getFloatTimeDomainData(samples);
      return loudnessOf(amplitudeOf(samples));
    },
    close() {
      source?.disconnect();
      source = null;
      followed = null;
      void graph?.context.close();
      graph = null;
    },
  };
}

function createGraph(fftSize: number, onInterrupted: () => void): Graph {
  const context = new AudioContext();
  let wasInterrupted = false;
  context.addEventListener('statechange', () => {
    if (context.state === 'interrupted') wasInterrupted = true;
    if (context.state !== 'running' || !wasInterrupted) return;
    wasInterrupted = false;
    onInterrupted();
  });
  return { context, analyser: new AnalyserNode(context, { fftSize }) };
}
