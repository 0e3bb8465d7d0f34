import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { callStrokes } from './call-icons.tsx';
import { firstStrokes } from './icon-strokes.ts';
import './icon.css';

export type IconName = keyof typeof firstStrokes | keyof typeof callStrokes;

const Strokes = createContext<Readonly<Record<string, string>>>(firstStrokes);

/** Says which strokes there are for the icons in it. */
export const StrokesProvider = Strokes.Provider;

export interface IconProps {
  readonly name: IconName;
  /** What it means, where no words stand beside it. */
  readonly label?: string;
  readonly class?: string;
}

/** One of the set, 20 px. The strokes come from the package at build time: nothing foreign reaches the markup. */
export function Icon({ name, label, class: extra }: IconProps) {
  const strokes = useContext(Strokes)[name];
  if (strokes === undefined) throw new Error(`the icon ${name} is drawn where it is not loaded`);
  return (
    <svg
      class={extra === undefined ? 'icon' : `icon ${extra}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-linecap="round"
      stroke-linejoin="round"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? 'true' : undefined}
      dangerouslySetInnerHTML={{ __html: strokes }}
    />
  );
}
