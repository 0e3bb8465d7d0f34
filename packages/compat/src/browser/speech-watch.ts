/** Tells when somebody speaks, from a level that is looked at again and again. */
export interface SpeechWatch {
  stop(): void;
}

export interface SpeechWatchOptions {
  /** How loud it is now, from 0 to 1, which stand for -60 and -12 decibels. */
  readonly level: () => number;
  readonly thresholdDecibels: number;
  readonly intervalMs: number;
  readonly onSpeaking: () => void;
  readonly onStopped: () => void;
  readonly onVolume: (decibels: number) => void;
}

/** Looks that must be loud before it is speech: a knock on the table is none. */
const loudLooks = 2;
/** Looks that must be quiet before it is over: there are pauses between words. */
const quietLooks = 10;

export function watchSpeech(options: SpeechWatchOptions): SpeechWatch {
  let speaking = false;
  let contrary = 0;
  let last = Number.NEGATIVE_INFINITY;

  function look(): void {
    const decibels = options.level() * 48 - 60;
    if (decibels !== last) options.onVolume(decibels);
    last = decibels;
    const isLoud = decibels > options.thresholdDecibels;
    contrary = isLoud === speaking ? 0 : contrary + 1;
    if (contrary < (speaking ? quietLooks : loudLooks)) return;
    speaking = isLoud;
    contrary = 0;
    if (speaking) options.onSpeaking();
    else options.onStopped();
  }

  const timer = setInterval(look, options.intervalMs);
  return { stop: () => clearInterval(timer) };
}
