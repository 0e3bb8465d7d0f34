import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import './chip.css';

/** A short fact in a pill. */
export function Chip({ icon, children }: { readonly icon?: IconName; readonly children: ComponentChildren }) {
  return (
    <span class="chip">
      {icon !== undefined && <Icon name={icon} class="icon--small" />}
      {children}
    </span>
  );
}
