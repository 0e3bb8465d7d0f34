/** Anything with the methods of `console` that are used. */
export interface Logger {
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

/** How the own picture is shown. */
export interface LocalVideoOptions {
  readonly autoplay?: boolean;
  readonly mirror?: boolean;
  readonly muted?: boolean;
}

/** What a page may give to the constructor; all of it may be left out. */
export interface SimpleWebRTCOptions {
  /** Where the server is. Default: where this script was loaded from, else the page's own origin. */
  readonly url?: string;
  /** The element of the own picture, or its id: a `video`, or a container that gets one. */
  readonly localVideoEl?: string | HTMLElement;
  /** The container of the others' pictures, or its id. */
  readonly remoteVideosEl?: string | HTMLElement;
  /** Asks for camera and microphone at once. Default false. */
  readonly autoRequestMedia?: boolean;
  /** Takes the picture of one who has gone off the page. Default true. */
  readonly autoRemoveVideos?: boolean;
  /** What to ask for. Default both. */
  readonly media?: {
    readonly video?: boolean | MediaTrackConstraints;
    readonly audio?: boolean | MediaTrackConstraints;
  };
  readonly localVideo?: LocalVideoOptions;
  /** What the others see as the name. */
  readonly nick?: string;
  readonly enableDataChannels?: boolean;
  /** Tells `speaking`, `stoppedSpeaking`, `volumeChange` and, of the others, `remoteVolumeChange`. Default false. */
  readonly detectSpeakingEvents?: boolean;
  /** `threshold`: from how many decibels on it counts as speaking (default -50); `interval` in milliseconds (default 100). */
  readonly harkOptions?: { readonly threshold?: number; readonly interval?: number } | null;
  /** Turns the others down while the person speaks; needs `detectSpeakingEvents`. Default false. */
  readonly adjustPeerVolume?: boolean;
  readonly peerVolumeWhenSpeaking?: number;
  /** Of these only `iceTransports`, `iceTransportPolicy` count: the server says which ICE servers there are. */
  readonly peerConnectionConfig?: {
    readonly iceServers?: readonly RTCIceServer[];
    readonly iceTransports?: string;
    readonly iceTransportPolicy?: string;
  };
  readonly receiveMedia?: object;
  readonly peerConnectionConstraints?: object;
  readonly socketio?: object;
  /** Cannot be had: the way to the server is this class's own. */
  readonly connection?: object | null;
  readonly audioFallback?: boolean;
  readonly debug?: boolean;
  readonly logger?: Logger;
}

/** The options with what was left out filled in; `config` of an instance. */
export type Config = Required<
  Omit<SimpleWebRTCOptions, 'nick' | 'logger' | 'connection' | 'harkOptions' | 'peerConnectionConfig'>
> &
  Pick<SimpleWebRTCOptions, 'logger' | 'connection' | 'harkOptions'> & {
    nick: string | undefined;
    peerConnectionConfig: NonNullable<SimpleWebRTCOptions['peerConnectionConfig']>;
  };

export function completeOptions(options: SimpleWebRTCOptions, defaultUrl: string): Config {
  return {
    url: defaultUrl,
    socketio: {},
    connection: null,
    debug: false,
    localVideoEl: '',
    remoteVideosEl: '',
    enableDataChannels: true,
    autoRequestMedia: false,
    autoRemoveVideos: true,
    adjustPeerVolume: false,
    peerVolumeWhenSpeaking: 0.25,
    media: { video: true, audio: true },
    receiveMedia: { offerToReceiveAudio: 1, offerToReceiveVideo: 1 },
    localVideo: { autoplay: true, mirror: true, muted: true },
    peerConnectionConfig: { iceServers: [] },
    peerConnectionConstraints: { optional: [] },
    detectSpeakingEvents: false,
    audioFallback: false,
    harkOptions: null,
    nick: undefined,
    ...options,
  };
}
