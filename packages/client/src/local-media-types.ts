/** Why a microphone or camera cannot be used. Each has its own words in the interface. */
export type MediaFailure =
  | 'insecure-context' // the page is not HTTPS: browsers give no devices
  | 'unsupported' // the browser has no getUserMedia (in-app browsers)
  | 'denied' // the browser says no, or said no for the person
  | 'dismissed' // nobody has said yes, and the browser would ask again
  | 'denied-by-system' // the browser has said yes, and what it runs on says no
  | 'not-found' // there is no such device
  | 'in-use' // another program holds it
  | 'failed'; // anything else

/** Why a screen cannot be shown: browsers tell less of it. */
export type ScreenFailure = Exclude<MediaFailure, 'dismissed' | 'denied-by-system'>;

/** Where a device stands. */
export type DeviceState =
  | { readonly kind: 'off' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'on'; readonly label: string }
  /** Held but silent (microphone only), so that it comes back at once. */
  | { readonly kind: 'muted'; readonly label: string }
  | { readonly kind: 'failed'; readonly reason: MediaFailure };

/** The two devices that a call takes. */
export type DeviceKind = 'microphone' | 'camera';

/**
 * Which of several devices is wanted: this one, or a camera that looks this way. Browsers give devices new ids now and then;
 * one that is not there by its id is known by its label, where that was kept.
 */
export type DeviceChoice =
  { readonly id: string; readonly label?: string } | { readonly facing: 'user' | 'environment' };

/** A screen, a window or a tab that is shown to the others. */
export type ScreenState =
  | { readonly kind: 'off' }
  /** The browser is asking what to show. */
  | { readonly kind: 'asking' }
  /** `sound`: what is shown is heard too. */
  | { readonly kind: 'on'; readonly label: string; readonly sound: boolean }
  | { readonly kind: 'failed'; readonly reason: ScreenFailure };

/** This person's devices and tracks at one moment; a track is null while there is nothing to send. */
export interface LocalMediaSnapshot {
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
  readonly microphoneTrack: MediaStreamTrack | null;
  readonly cameraTrack: MediaStreamTrack | null;
  readonly screen: ScreenState;
  readonly screenTrack: MediaStreamTrack | null;
  readonly screenAudioTrack: MediaStreamTrack | null;
  /** Whether the microphone is heard as it is. */
  readonly originalSound: boolean;
}

/** This person's microphone, camera and shared screen: one for the whole life of the page, before, in and between calls. */
export interface LocalMedia {
  readonly snapshot: LocalMediaSnapshot;
  /** Calls `listener` after each change. Returns the way to stop. */
  subscribe(listener: (snapshot: LocalMediaSnapshot) => void): () => void;
  /** Asks for the devices in one prompt; where one fails the other is still tried. Resolves when all is settled. */
  acquire(wanted: { readonly microphone: boolean; readonly camera: boolean }): Promise<void>;
  /** Turns a device on, asking where needed. */
  turnOn(kind: DeviceKind): Promise<void>;
  /** Mutes the microphone, or stops the camera so that its light goes out. */
  turnOff(kind: DeviceKind): void;
  /**
   * Takes this device from now on, or any for null. One that is held is replaced at once, on or muted as it was; should the
   * other not be had, it stays.
   *
   * @returns whether the choice is in force, or will be when the device is turned on.
   */
  chooseDevice(kind: DeviceKind, choice: DeviceChoice | null): Promise<boolean>;
  /**
   * Lets the microphone be heard as it is, for music: both channels, nothing taken out, no levels evened out. Echoes are not taken out
   * either, so whoever does this wears headphones. A microphone that is held is opened anew, on or muted as it was; it is off at first.
   *
   * @returns whether it is in force, or will be when the microphone is turned on.
   */
  setOriginalSound(original: boolean): Promise<boolean>;
  /** Whether this browser can show a screen at all. Those of phones cannot. */
  readonly canShareScreen: boolean;
  /**
   * Lets the person choose what to show, with its sound where the browser can; to be called in a click. While something is
   * shown, what is chosen takes its place. Who closes the question shows what was shown before, which is no failure.
   */
  shareScreen(): Promise<void>;
  stopScreen(): void;
  /** What the browser says without asking: whether a prompt would come. `unknown` where it does not tell. */
  permission(kind: DeviceKind): Promise<'granted' | 'prompt' | 'denied' | 'unknown'>;
  /** Level of the microphone now, 0 to 1; 0 when it is off or muted. Cheap: call it once a frame. */
  level(): number;
  /** How loud it is at a muted microphone, 0 to 1, to tell a person who speaks that nobody hears. 0 when it is not muted. */
  levelWhileMuted(): number;
  /** Stops every track. */
  close(): void;
}
