/** C, E and G, an octave apart from nothing: soft, and unlike any ring tone. */
const notes = [523.25, 659.25, 783.99];
const noteSeconds = 0.45;
const loudness = 0.18;

/**
 * Plays three soft notes, on the speaker of this id where the browser lets a page choose. Resolves when they are over, with false where the browser holds sound back.
 */
export async function playNotes(speakerId?: string): Promise<boolean> {
  const context = new AudioContext();
  try {
    if (speakerId !== undefined && 'setSinkId' in context && typeof context.setSinkId === 'function') {
      // A speaker that is gone: the system's own will do.
      await Promise.resolve(context.setSinkId(speakerId)).catch(() => {});
    }
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
