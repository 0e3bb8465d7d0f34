/** Paints a picture at once, and again now and then for as long as its page is open. */
export type Repaint = (paint: () => void) => void;

/** As a camera would, though slowly. */
export const repaintSteadily: Repaint = (paint) => {
  paint();
  window.setInterval(paint, 200);
};

/** Less and less often: enough for whoever is about to play it, and next to nothing for the processor. */
export const repaintSeldom: Repaint = (paint) => {
  let delayMs = 50;
  function next(): void {
    paint();
    window.setTimeout(next, delayMs);
    delayMs *= 2;
  }
  next();
};
