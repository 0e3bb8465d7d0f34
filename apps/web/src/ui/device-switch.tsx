import { Icon, type IconName } from './icon.tsx';
import './device-switch.css';

export interface DeviceSwitchProps {
  /** What it is: "Mic". Its whole accessible name; the state is told by the role. */
  readonly name: string;
  /** What state it is in, in a word that stands after the name. */
  readonly stateWord: string;
  readonly on: boolean;
  readonly trouble?: boolean;
  readonly icon: IconName;
  readonly iconOff: IconName;
  /** What pressing it will do. */
  readonly tooltip: string;
  /** The chord that does the same, as shown to people. */
  readonly keys: string;
  /** The chord as `aria-keyshortcuts` spells it. */
  readonly keyShortcut: string;
  readonly busy?: boolean;
  readonly onToggle: () => void;
}

/** A device that is on or off: told by shape, by fill and by a word (WAI-ARIA, switch). */
export function DeviceSwitch(props: DeviceSwitchProps) {
  const { name, stateWord, on, trouble, icon, iconOff, tooltip, keys, keyShortcut, busy, onToggle } = props;
  return (
    <button
      type="button"
      class="device-switch"
      role="switch"
      aria-checked={on}
      aria-keyshortcuts={keyShortcut}
      data-tooltip={tooltip}
      data-tooltip-keys={keys}
      onClick={onToggle}
    >
      <span class="device-switch__face">
        {busy === true ? <Icon name="loader" class="icon--turning" /> : <Icon name={on ? icon : iconOff} />}
        {trouble === true && <span class="device-switch__trouble" aria-hidden="true" />}
      </span>
      <span class="device-switch__caption">
        <span class="device-switch__name">{name}</span>
        <span aria-hidden="true"> {stateWord}</span>
      </span>
    </button>
  );
}
