import type { TargetedEvent, TargetedKeyboardEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Rect } from '../../layout/arrange-tiles.ts';
import { panBy, wholePicture, zoomBy, type Point, type Zoom } from '../../layout/zoom.ts';

type PointerHandler = (event: TargetedEvent<HTMLElement, PointerEvent>) => void;

export interface ZoomControls {
  readonly zoom: Zoom;
  /** About the middle. */
  readonly by: (factor: number) => void;
  readonly reset: () => void;
  /** For the element that shows the picture. */
  readonly handlers: {
    readonly onWheel: (event: TargetedEvent<HTMLElement, WheelEvent>) => void;
    readonly onPointerDown: PointerHandler;
    readonly onPointerMove: PointerHandler;
    readonly onPointerUp: PointerHandler;
    readonly onPointerCancel: PointerHandler;
    readonly onDblClick: (event: TargetedEvent<HTMLElement, MouseEvent>) => void;
    readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLElement>) => void;
  };
}

const step = 1.5;
const keySteps: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: 60, y: 0 },
  ArrowRight: { x: -60, y: 0 },
  ArrowUp: { x: 0, y: 60 },
  ArrowDown: { x: 0, y: -60 },
};

/** Zooms by wheel, by two fingers, by a double click and by keys, and moves what is enlarged. */
export function useZoom(rect: Rect): ZoomControls {
  const [zoom, setZoom] = useState<Zoom>(wholePicture);
  const pointers = useRef(new Map<number, Point>());

  const sizeOf = (element: HTMLElement) => ({ width: element.clientWidth, height: element.clientHeight });
  const fromMiddle = (element: HTMLElement, event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.x - box.width / 2, y: event.clientY - box.y - box.height / 2 };
  };
  const by = (factor: number) => setZoom((now) => zoomBy(now, factor, { x: 0, y: 0 }, rect));
  const reset = () => setZoom(wholePicture);

  function spread(): number {
    const [one, other] = [...pointers.current.values()];
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y);
  }

  function release(event: TargetedEvent<HTMLElement, PointerEvent>): void {
    pointers.current.delete(event.pointerId);
  }

  return {
    zoom,
    by,
    reset,
    handlers: {
      onWheel(event) {
        event.preventDefault();
        const { currentTarget: element } = event;
        const point = fromMiddle(element, event);
        setZoom((now) => zoomBy(now, Math.exp(-event.deltaY / 300), point, sizeOf(element)));
      },
      onPointerDown(event) {
        if (event.target instanceof Element && event.target.closest('button') !== null) return;
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event) {
        const { currentTarget: element } = event;
        const from = pointers.current.get(event.pointerId);
        if (from === undefined) return;
        const spreadBefore = spread();
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        if (pointers.current.size === 1) {
          setZoom((now) =>
            panBy(now, { x: event.clientX - from.x, y: event.clientY - from.y }, sizeOf(element)),
          );
        } else if (spreadBefore > 0) {
          const point = fromMiddle(element, event);
          setZoom((now) => zoomBy(now, spread() / spreadBefore, point, sizeOf(element)));
        }
      },
      onPointerUp: release,
      onPointerCancel: release,
      onDblClick(event) {
        const { currentTarget: element } = event;
        const point = fromMiddle(element, event);
        setZoom((now) => (now.scale > 1 ? wholePicture : zoomBy(now, 2, point, sizeOf(element))));
      },
      onKeyDown(event) {
        const { currentTarget: element } = event;
        const move = keySteps[event.key];
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (move !== undefined) setZoom((now) => panBy(now, move, sizeOf(element)));
        else if (event.key === '+' || event.key === '=') by(step);
        else if (event.key === '-') by(1 / step);
        else if (event.key === '0') reset();
        else return;
        event.preventDefault();
      },
    },
  };
}
