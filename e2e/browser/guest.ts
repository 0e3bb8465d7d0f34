/** The browsers a guest may come with. */
export type BrowserKind = 'chromium' | 'firefox';

/** The roles of the controls that tests use. */
export type Role =
  | 'alert'
  | 'button'
  | 'checkbox'
  | 'complementary'
  | 'group'
  | 'heading'
  | 'link'
  | 'list'
  | 'log'
  | 'menu'
  | 'menuitem'
  | 'region'
  | 'switch'
  | 'textbox'
  | 'toolbar';

/** What differs from one guest to the next. */
export interface GuestOptions {
  /** BCP 47 language of the browser. Default `en-US`. */
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Size of the page in CSS pixels. Default 1280 x 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** `given`: the prompt is answered with yes. `withheld`: asking is refused. `missing`: the machine has none. */
  readonly devices?: 'given' | 'withheld' | 'missing';
  /** How many cameras a Chromium has. Default 1. */
  readonly cameras?: number;
  /** A file that a Chromium's camera shows over and over (Y4M or MJPEG). Default: a picture that is easy to encode. */
  readonly cameraFile?: string;
  /** A file that a Chromium's microphone plays over and over (WAV). Default: a beep each second. */
  readonly microphoneFile?: string;
  /** A script that runs in the page before its own. */
  readonly scriptBeforePage?: string;
  /** PEM of a certificate authority that this guest's browser has been told to trust. */
  readonly trustedAuthority?: string;
  /** The host of the test internet that the browser runs on. Without it: this machine. */
  readonly host?: GuestHost;
}

/** Where a browser runs that does not run on this machine. */
export interface GuestHost {
  readonly name: string;
  /** What a command line begins with to run there. */
  readonly prefix: readonly string[];
  /** URL of the HTTP proxy that its browser is told to use, or null. */
  readonly proxy: string | null;
  /** Leads a port of 127.0.0.1 here to one of 127.0.0.1 there. @returns what ends that. */
  forward(here: number, there: number): Promise<() => void>;
}

/** One person with a browser of their own, in front of one page. Controls are found as assistive technology finds them. */
export interface Guest {
  /** For messages: `Ana (chromium)`. */
  readonly label: string;
  readonly kind: BrowserKind;
  open(url: string): Promise<void>;
  /**
   * Reloads the page as a person does, by the browser's own button. Looking into a page counts as a gesture in it for the
   * browsers: who wants to know what happens without one asks somebody else first.
   */
  reload(): Promise<void>;
  /** Waits until a control of this role and exact accessible name is there. */
  waitFor(role: Role, name: string): Promise<void>;
  /** Waits until this text is to be seen somewhere on the page. */
  waitForText(text: string): Promise<void>;
  /** How many controls of this role and exact accessible name there are now. */
  count(role: Role, name: string): Promise<number>;
  /** Clicks as a person does, with a pointer, so that the browser counts it as a gesture. */
  click(role: Role, name: string): Promise<void>;
  fill(role: Role, name: string, text: string): Promise<void>;
  /** Whether the keyboard is at this control. */
  hasFocus(role: Role, name: string): Promise<boolean>;
  /** Presses one key, by its name in the UI Events specification: `Tab`, `Enter`, `m`. */
  press(key: string): Promise<void>;
  /** Runs a function in the page. It may use nothing but its argument and what the page has. */
  evaluate<TArgument, TResult>(
    inPage: (argument: TArgument) => TResult | Promise<TResult>,
    argument: TArgument,
  ): Promise<TResult>;
  /** Runs a script in the page as the browser's own tools do, past the page's policy. */
  run(source: string): Promise<void>;
  /** The address of the page now. */
  url(): string;
  screenshot(path: `${string}.png`): Promise<void>;
  /** Everything the page wrote to its console, and every error it had. */
  readonly consoleLines: readonly string[];
  /** What a page of ours must never have: errors, error lines in the console, violations of its own policy. */
  readonly problems: readonly string[];
  /** Every address the page asked for. */
  readonly requests: readonly string[];
  /** Closes the page as a person does who closes the window. */
  close(): Promise<void>;
}

/** A guest whose surroundings can change while the page is open. */
export interface ChromiumGuest extends Guest {
  readonly kind: 'chromium';
  /** Changes the system's colours and the size of the window. */
  appear(as: {
    readonly colorScheme: 'light' | 'dark';
    readonly viewport: { readonly width: number; readonly height: number };
  }): Promise<void>;
}

/** Deadline of one action in a page. */
export const ACTION_TIMEOUT_MS = 60_000;

/** The default size of a page. */
export const DEFAULT_VIEWPORT = { width: 1280, height: 800 } as const;

/** That of a telephone. All pictures in it are small, so that two cores carry those of five people, and nothing has to be scrolled. */
export const PHONE_VIEWPORT = { width: 370, height: 800 } as const;
