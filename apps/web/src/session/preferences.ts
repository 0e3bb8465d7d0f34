import { signal, type ReadonlySignal } from '@preact/signals';
import { corners, type Corner } from '../layout/corner.ts';
import { isLocale, type Locale } from '../locales/locale.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** `grid`: everyone alike, unless something is shown. `speaker`: who speaks is large. */
export const stageViews = ['grid', 'speaker'] as const;
export type StageView = (typeof stageViews)[number];

/** A device by its id, and by its name for when ids have changed. */
export interface RememberedDevice {
  readonly id: string;
  readonly label: string;
}

/** What this browser remembers of a person. It never leaves the browser. */
export interface Preferences {
  readonly displayName: string;
  /** Null: as the browser says. */
  readonly locale: Locale | null;
  readonly theme: Theme;
  /** Whether the person wants to come in with these on. */
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly mirrorSelf: boolean;
  readonly hideSelf: boolean;
  readonly selfCorner: Corner;
  readonly stageView: StageView;
  /** Whether keys alone do something in a call. */
  readonly singleKeys: boolean;
  /** The devices chosen last; null: whichever the browser gives. */
  readonly microphoneDevice: RememberedDevice | null;
  readonly cameraDevice: RememberedDevice | null;
  readonly speaker: RememberedDevice | null;
  /** Newest first. */
  readonly recentRooms: readonly string[];
}

export const defaultPreferences: Preferences = {
  displayName: '',
  locale: null,
  theme: 'auto',
  microphone: true,
  camera: true,
  mirrorSelf: true,
  hideSelf: false,
  selfCorner: 'bottom-right',
  stageView: 'grid',
  singleKeys: true,
  microphoneDevice: null,
  cameraDevice: null,
  speaker: null,
  recentRooms: [],
};

const recentRoomsKept = 5;

function parseStored(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function parseDevice(value: unknown): RememberedDevice | null {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('label' in value)) return null;
  const { id, label } = value;
  return typeof id === 'string' && typeof label === 'string' ? { id, label } : null;
}

/** Reads what an earlier visit stored. Whatever does not fit, part by part, is as if it had never been stored. */
export function parsePreferences(text: string | null): Preferences {
  const stored = parseStored(text);
  const flag = (key: 'microphone' | 'camera' | 'mirrorSelf' | 'hideSelf' | 'singleKeys') => {
    const value = stored[key];
    return typeof value === 'boolean' ? value : defaultPreferences[key];
  };
  const { displayName, locale, theme, selfCorner, stageView, recentRooms } = stored;
  return {
    displayName: typeof displayName === 'string' ? displayName : '',
    locale: isLocale(locale) ? locale : null,
    theme: themes.find((known) => known === theme) ?? 'auto',
    microphone: flag('microphone'),
    camera: flag('camera'),
    mirrorSelf: flag('mirrorSelf'),
    hideSelf: flag('hideSelf'),
    selfCorner: corners.find((known) => known === selfCorner) ?? 'bottom-right',
    stageView: stageViews.find((known) => known === stageView) ?? 'grid',
    singleKeys: flag('singleKeys'),
    microphoneDevice: parseDevice(stored['microphoneDevice']),
    cameraDevice: parseDevice(stored['cameraDevice']),
    speaker: parseDevice(stored['speaker']),
    recentRooms: Array.isArray(recentRooms)
      ? recentRooms.filter((room) => typeof room === 'string').slice(0, recentRoomsKept)
      : [],
  };
}

/** The list with `room` in front, once. */
export function rememberRoom(recentRooms: readonly string[], room: string): readonly string[] {
  return [room, ...recentRooms.filter((other) => other !== room)].slice(0, recentRoomsKept);
}

/** Where preferences are kept: the part of `localStorage` that is used, which may throw where storage is forbidden. */
export type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>;

export interface PreferenceStore {
  readonly current: ReadonlySignal<Preferences>;
  readonly update: (change: Partial<Preferences>) => void;
}

const storageKey = 'callbox.preferences';

export function createPreferenceStore(storage: PreferenceStorage): PreferenceStore {
  function read(): string | null {
    try {
      return storage.getItem(storageKey);
    } catch {
      return null;
    }
  }
  const current = signal(parsePreferences(read()));
  return {
    current,
    update(change) {
      current.value = { ...current.value, ...change };
      try {
        storage.setItem(storageKey, JSON.stringify(current.value));
      } catch {
        // Storage is full or forbidden: remembered until the page is closed.
      }
    },
  };
}
