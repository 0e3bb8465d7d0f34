import { repaintSteadily, type Repaint } from './repaint.ts';

/** How a painted person looks. Colours are CSS colours. */
export interface PersonLook {
  readonly wall: readonly [string, string];
  readonly lamp: string;
  readonly skin: string;
  readonly shade: string;
  readonly hair: string;
  readonly shirt: string;
  readonly hairStyle: 'short' | 'long' | 'bun' | 'curly';
  readonly backdrop: 'shelf' | 'window' | 'plant' | 'plain';
}

export const looks: readonly PersonLook[] = [
  {
    wall: ['#d9c3a5', '#a88a68'],
    lamp: '#fff0d0',
    skin: '#e8b894',
    shade: '#c98f6c',
    hair: '#3a241a',
    shirt: '#2f5d62',
    hairStyle: 'long',
    backdrop: 'shelf',
  },
  {
    wall: ['#b9c7cf', '#7d919e'],
    lamp: '#ffffff',
    skin: '#f0c8a4',
    shade: '#d29c78',
    hair: '#17171c',
    shirt: '#e6e0d4',
    hairStyle: 'short',
    backdrop: 'window',
  },
  {
    wall: ['#c9b9a8', '#84705f'],
    lamp: '#ffe6c2',
    skin: '#8a5a3c',
    shade: '#6c432b',
    hair: '#120d0b',
    shirt: '#c8553d',
    hairStyle: 'curly',
    backdrop: 'plant',
  },
  {
    wall: ['#a9b8a4', '#62735f'],
    lamp: '#f4ffe8',
    skin: '#d9a37c',
    shade: '#b67d58',
    hair: '#2a1c14',
    shirt: '#27374d',
    hairStyle: 'bun',
    backdrop: 'shelf',
  },
  {
    wall: ['#c3bccb', '#857c94'],
    lamp: '#fff6ff',
    skin: '#f2cfb4',
    shade: '#d3a283',
    hair: '#8d5a2b',
    shirt: '#4c6444',
    hairStyle: 'short',
    backdrop: 'plant',
  },
  {
    wall: ['#b0bfd0', '#66788f'],
    lamp: '#eaf4ff',
    skin: '#6f4630',
    shade: '#543321',
    hair: '#0e0b0a',
    shirt: '#d9b44a',
    hairStyle: 'bun',
    backdrop: 'window',
  },
  {
    wall: ['#d2c4b4', '#93806c'],
    lamp: '#fff3e0',
    skin: '#e2b08c',
    shade: '#be8763',
    hair: '#5b5652',
    shirt: '#3d3a4b',
    hairStyle: 'short',
    backdrop: 'shelf',
  },
  {
    wall: ['#bccac4', '#758c84'],
    lamp: '#f4fffb',
    skin: '#c98f68',
    shade: '#a56f4c',
    hair: '#241611',
    shirt: '#8c4a5f',
    hairStyle: 'long',
    backdrop: 'plain',
  },
];

type Brush = CanvasRenderingContext2D;

function ellipse(brush: Brush, x: number, y: number, rx: number, ry: number, fill: string): void {
  brush.fillStyle = fill;
  brush.beginPath();
  brush.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  brush.fill();
}

function block(
  brush: Brush,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  fill: string,
) {
  brush.fillStyle = fill;
  brush.beginPath();
  brush.roundRect(x, y, width, height, radius);
  brush.fill();
}

function paintBackdrop(brush: Brush, look: PersonLook): void {
  const wall = brush.createLinearGradient(0, 0, 1600, 900);
  wall.addColorStop(0, look.wall[0]);
  wall.addColorStop(1, look.wall[1]);
  brush.fillStyle = wall;
  brush.fillRect(0, 0, 1600, 900);
  brush.save();
  brush.filter = 'blur(7px)';
  if (look.backdrop === 'shelf') {
    for (const [row, y] of [120, 380].entries()) {
      block(brush, 1080, y + 170, 460, 16, 4, 'rgb(60 40 24 / 0.55)');
      for (let index = 0; index < 9; index += 1) {
        const height = 100 + ((index * 37 + row * 23) % 60);
        const hue = (index * 53 + row * 90) % 360;
        block(brush, 1100 + index * 46, y + 170 - height, 36, height, 4, `oklch(0.55 0.06 ${hue} / 0.8)`);
      }
    }
  } else if (look.backdrop === 'window') {
    block(brush, 90, 70, 430, 520, 10, 'rgb(240 248 255 / 0.85)');
    block(brush, 296, 70, 16, 520, 0, 'rgb(120 130 140 / 0.5)');
    block(brush, 90, 310, 430, 14, 0, 'rgb(120 130 140 / 0.5)');
  } else if (look.backdrop === 'plant') {
    block(brush, 1230, 640, 170, 200, 24, 'rgb(120 80 60 / 0.7)');
    for (let index = 0; index < 9; index += 1) {
      brush.save();
      brush.translate(1315, 650);
      brush.rotate((index - 4) * 0.28);
      ellipse(brush, 0, -170, 38, 180, `oklch(${0.42 + (index % 3) * 0.05} 0.08 145 / 0.85)`);
      brush.restore();
    }
  }
  brush.restore();
  const lamp = brush.createRadialGradient(260, 160, 20, 260, 160, 900);
  lamp.addColorStop(0, `${look.lamp}b0`);
  lamp.addColorStop(1, `${look.lamp}00`);
  brush.fillStyle = lamp;
  brush.fillRect(0, 0, 1600, 900);
}

function paintHairBehind(brush: Brush, look: PersonLook): void {
  if (look.hairStyle === 'long') block(brush, 610, 210, 380, 500, 180, look.hair);
  if (look.hairStyle === 'curly') ellipse(brush, 800, 320, 240, 220, look.hair);
  if (look.hairStyle === 'bun') ellipse(brush, 800, 130, 80, 76, look.hair);
}

function paintHairFront(brush: Brush, look: PersonLook): void {
  brush.fillStyle = look.hair;
  brush.beginPath();
  brush.moveTo(640, 400);
  brush.bezierCurveTo(600, 190, 700, 150, 800, 150);
  brush.bezierCurveTo(910, 150, 1000, 190, 960, 400);
  brush.bezierCurveTo(950, 310, 920, 280, 880, 262);
  brush.bezierCurveTo(820, 300, 730, 290, 690, 274);
  brush.bezierCurveTo(662, 300, 648, 340, 640, 400);
  brush.fill();
}

function paintFace(brush: Brush, look: PersonLook, blink: boolean, talk: number): void {
  ellipse(brush, 644, 410, 22, 44, look.shade);
  ellipse(brush, 956, 410, 22, 44, look.shade);
  const skin = brush.createRadialGradient(740, 340, 40, 810, 400, 260);
  skin.addColorStop(0, look.skin);
  skin.addColorStop(1, look.shade);
  brush.fillStyle = skin;
  brush.beginPath();
  brush.ellipse(800, 395, 156, 200, 0, 0, Math.PI * 2);
  brush.fill();
  for (const x of [738, 862]) {
    if (blink) block(brush, x - 20, 388, 40, 5, 3, look.hair);
    else {
      ellipse(brush, x, 390, 21, 13, 'rgb(255 255 255 / 0.92)');
      ellipse(brush, x, 390, 11, 12, '#2b1d16');
      ellipse(brush, x + 3, 386, 3, 3, '#ffffff');
    }
    brush.strokeStyle = look.hair;
    brush.lineWidth = 9;
    brush.lineCap = 'round';
    brush.beginPath();
    brush.moveTo(x - 28, 356);
    brush.quadraticCurveTo(x, 338, x + 28, 354);
    brush.stroke();
  }
  brush.strokeStyle = look.shade;
  brush.lineWidth = 7;
  brush.lineCap = 'round';
  brush.beginPath();
  brush.moveTo(806, 400);
  brush.quadraticCurveTo(826, 456, 796, 462);
  brush.stroke();
  brush.strokeStyle = '#9a4f47';
  brush.fillStyle = '#7d3b38';
  brush.lineWidth = 9;
  brush.lineJoin = 'round';
  brush.beginPath();
  brush.moveTo(750, 506);
  brush.quadraticCurveTo(800, 538 + talk * 42, 850, 506);
  brush.quadraticCurveTo(800, 538 - talk * 20, 750, 506);
  brush.fill();
  brush.stroke();
}

/** Paints one frame of a person before a camera, at any size. */
export function paintPerson(brush: Brush, look: PersonLook, seconds: number, speaking: boolean): void {
  const { width, height } = brush.canvas;
  // The scene is 1600 by 900; a canvas of another shape shows the middle of it.
  const scale = Math.max(width / 1600, height / 900);
  brush.setTransform(scale, 0, 0, scale, (width - 1600 * scale) / 2, (height - 900 * scale) / 2);
  paintBackdrop(brush, look);
  const sway = Math.sin(seconds * 0.9) * 8;
  brush.save();
  brush.translate(sway, Math.sin(seconds * 1.3) * 4 + 30);
  brush.rotate(Math.sin(seconds * 0.7) * 0.008);
  paintHairBehind(brush, look);
  brush.fillStyle = look.shirt;
  brush.beginPath();
  brush.moveTo(380, 980);
  brush.bezierCurveTo(390, 760, 520, 690, 690, 655);
  brush.lineTo(910, 655);
  brush.bezierCurveTo(1080, 690, 1210, 760, 1220, 980);
  brush.fill();
  block(brush, 725, 540, 150, 170, 70, look.shade);
  ellipse(brush, 800, 672, 112, 48, look.shade);
  paintFace(brush, look, seconds % 4 < 0.12, speaking ? Math.abs(Math.sin(seconds * 9)) : 0);
  paintHairFront(brush, look);
  brush.restore();
}

/** A video track of a painted person. It runs as long as its page; `repaint` says when it is painted anew. */
export function createPersonTrack(
  look: PersonLook,
  width: number,
  height: number,
  speaking: boolean,
  repaint: Repaint = repaintSteadily,
): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext('2d');
  if (brush === null) throw new Error('no canvas in this browser');
  const stream = canvas.captureStream();
  repaint(() => paintPerson(brush, look, performance.now() / 1000, speaking));
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new Error('the canvas gave no track');
  return track;
}
