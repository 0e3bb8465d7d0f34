/** C, E and G, an octave apart from nothing: soft, and unlike any ring tone. */
const notes = [523.25, 659.25, 783.99];
const noteSeconds = 0.45;
const loudness = 0.18;

/** Plays three soft notes. Resolves when they are over, with false where the browser holds sound back. */
export async function playNotes(): Promise<boolean> {
  const context = new AudioContext();
  try {
    // A browser that wants a touch first never resolves this.
    await Promise.race([context.resume(), new Promise((resolve) => void setTimeout(resolve, 500))]);
    if (context.state !== 'running') return false;
    const start = context.currentTime + 0.05;
    notes.forEach((frequency, index) => {
      const from = start + index * noteSeconds;
      const tone = new OscillatorNode(context, { frequency, type: 'sine' });
      const gain = new GainNode(context, { gain: 0 });
      // Without rise and fall a tone begins and ends with a click.
      gain.gain.setTargetAtTime(loudness, from, 0.02);
      gain.gain.setTargetAtTime(0, from + noteSeconds * 0.6, 0.09);
      tone.connect(gain).connect(context.destination);
      tone.start(from);
      tone.stop(from + noteSeconds * 2);
    });
    const seconds = (notes.length + 1) * noteSeconds;
    await new Promise((resolve) => void setTimeout(resolve, seconds * 1000));
    return true;
  } finally {
    void context.close();
  }
}
