import type { Repaint } from './repaint.ts';

/** Paints a page of text with a drawing, as somebody may show to the others: small letters show at once what is cropped. */
function paintScreen(brush: CanvasRenderingContext2D, width: number, height: number): void {
  const unit = width / 160;
  brush.fillStyle = '#e9e6df';
  brush.fillRect(0, 0, width, height);
  brush.fillStyle = '#2c3a37';
  brush.fillRect(0, 0, width, 7 * unit);
  for (const [index, colour] of ['#e0695a', '#e7b75a', '#67b27a'].entries()) {
    brush.fillStyle = colour;
    brush.beginPath();
    brush.arc((4 + index * 4) * unit, 3.5 * unit, 1.1 * unit, 0, Math.PI * 2);
    brush.fill();
  }
  brush.fillStyle = '#ffffff';
  brush.fillRect(10 * unit, 13 * unit, 140 * unit, height - 19 * unit);
  brush.fillStyle = '#1f2a28';
  brush.font = `600 ${5 * unit}px sans-serif`;
  brush.fillText('Week 47', 16 * unit, 23 * unit);
  brush.font = `${2.2 * unit}px sans-serif`;
  const lines = [
    'Rooms outlive the server',
    'Screens are shown whole',
    'Phones have everything in reach',
    'Fewer words',
  ];
  for (const [index, line] of lines.entries())
    brush.fillText(`•  ${line}`, 16 * unit, (31 + index * 5) * unit);
  const bars = [18, 26, 22, 34, 30, 41, 38];
  for (const [index, bar] of bars.entries()) {
    brush.fillStyle = index === bars.length - 1 ? '#2f7d5b' : '#a9cdbb';
    brush.fillRect((84 + index * 9) * unit, (74 - bar) * unit, 6 * unit, bar * unit);
  }
  brush.strokeStyle = '#8a918c';
  brush.strokeRect(unit / 2, unit / 2, width - unit, height - unit);
}

/** A video track of a painted screen. */
export function createScreenTrack(repaint: Repaint, width = 1_600, height = 900): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext('2d');
  if (brush === null) throw new Error('no canvas in this browser');
  const stream = canvas.captureStream();
  repaint(() => paintScreen(brush, width, height));
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new Error('the canvas gave no track');
  return track;
}
