import type {
  CallboxClient,
  ConnectivityCheck,
  JoinOptions,
  LocalMedia,
  LocalMediaSnapshot,
} from '@callbox/client';
import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Catalogue } from '../locales/catalogue.ts';
import { loadCatalogue, pickLocale, type Locale } from '../locales/locale.ts';
import { createTranslator, type Translator } from '../locales/translator.ts';
import { createAnnouncer, type Announcer } from './announcer.ts';
import { createMediaElements, type MediaElements } from './media-elements.ts';
import { isSelf } from './is-self.ts';
import { countReadBefore, describePastStay, type PastStay } from './past-stay.ts';
import {
  createPreferenceStore,
  rememberRoom,
  type Preferences,
  type RememberedDevice,
  type PreferenceStore,
} from './preferences.ts';
import type { ReturnTicket } from './return-ticket.ts';
import { createRouter, roomPath, type Router } from './route.ts';
import { followSnapshots } from './snapshot-signal.ts';
import { createStay, type Stay } from './stay.ts';

const deviceKinds = ['microphone', 'camera'] as const;

/** How a person comes in: as the preview shows, without picture, or without anything of theirs. */
export type Entrance = 'as-shown' | 'voice-only' | 'just-listen';

/** All that the screens share. Made once for the page. */
export interface Session {
  readonly client: CallboxClient;
  /** Undefined for that of the SDK, which only the page that checks the connection loads. */
  readonly createCheck: (() => ConnectivityCheck) | undefined;
  readonly router: Router;
  readonly preferences: PreferenceStore;
  readonly words: ReadonlySignal<Translator>;
  readonly localMedia: LocalMedia;
  readonly media: ReadonlySignal<LocalMediaSnapshot>;
  readonly elements: MediaElements;
  readonly stay: Stay;
  readonly announcer: Announcer;
  /** See `SessionOptions`. */
  readonly authorityPath: string | undefined;
  /** Where this server serves its pages, with the path: as this page knows it, then as others reach it. */
  readonly bases: readonly [string, ...string[]];
  /** The address that brings others into the room of this page, or null outside of one. */
  readonly link: ReadonlySignal<string | null>;
  /** Chat messages that have come while the chat was closed. */
  readonly unread: ReadonlySignal<number>;
  /** Chat messages that have been read, those of this person among them. */
  readonly readCount: ReadonlySignal<number>;
  readonly chatOpen: ReadonlySignal<boolean>;
  /** What is written in the chat and not sent: it outlives the panel. */
  readonly draft: Signal<string>;
  /** How many lines of this person the room does not have yet. */
  readonly unsent: ReadonlySignal<number>;
  /** The server has a newer build of this page. */
  readonly newerPage: Signal<boolean>;
  showChat(open: boolean): void;
  setLocale(locale: Locale): Promise<void>;
  enter(entrance: Entrance): Promise<void>;
  /** Back into the call just left, with the devices as they were then. */
  rejoin(): Promise<void>;
  /** Back into the call of the page before this one, which was reloaded in it. */
  comeBack(ticket: ReturnTicket): Promise<void>;
  /** Takes this device from now on, and at the next visit. @returns whether it could be had. */
  chooseDevice(kind: 'microphone' | 'camera', device: RememberedDevice): Promise<boolean>;
  chooseSpeaker(device: RememberedDevice): void;
  toggleMicrophone(): Promise<void>;
  toggleCamera(): Promise<void>;
}

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('a screen is drawn outside of the session');
  return session;
}

/** The words of the current language; the component follows when it changes. */
export function useWords(): Translator {
  return useSession().words.value;
}

export interface SessionOptions {
  readonly client: CallboxClient;
  readonly localMedia: LocalMedia;
  /** Where others open this page, when it is open as `localhost` here. */
  readonly inviteOrigin?: string | undefined;
  /** Where the certificate can be had that makes this device trust the server, when it may not yet. */
  readonly authorityPath?: string | undefined;
  /** Tries the ways to the server, in place of the SDK's. */
  readonly createCheck?: () => ConnectivityCheck;
}

export async function createSession({
  client,
  createCheck,
  localMedia,
  inviteOrigin,
  authorityPath,
}: SessionOptions): Promise<Session> {
  const preferences = createPreferenceStore(globalThis.localStorage);
  const { origin, pathname: basePath } = new URL('.', document.baseURI);
  const router = createRouter(window, basePath);
  const chosen = pickLocale(preferences.current.value.locale, navigator.languages);
  const language = signal<{ locale: Locale; catalogue: Catalogue }>({
    locale: chosen,
    catalogue: await loadCatalogue(chosen),
  });
  const words = computed(() => createTranslator(language.value.locale, language.value.catalogue));
  const media = followSnapshots(localMedia).current;
  const elements = createMediaElements(document);
  const stay = createStay(
    client,
    () => Date.now(),
    (participantId) => elements.cameraOf(participantId).ratio.value !== null,
  );
  const chatOpen = signal(false);
  const readCount = signal(0);
  const draft = signal('');
  const past = signal<PastStay | null>(null);
  const readSoFar = computed(() => {
    const chat = stay.room.value?.chat ?? [];
    if (chatOpen.value) return chat.length;
    return Math.max(readCount.value, countReadBefore(chat, past.value?.lastRead ?? null));
  });
  const unread = computed(() => {
    const room = stay.room.value;
    if (room === null) return 0;
    return room.chat.slice(readSoFar.value).filter(({ authorId }) => !isSelf(room, authorId)).length;
  });
  const announcer = createAnnouncer({
    setTimeout: (callback, delayMs) => window.setTimeout(callback, delayMs),
    phrase(what, names) {
      const { t, list } = words.value;
      if (what === 'wrote') return t('announce.chatMany', { count: names.length });
      if (names.length > 2) {
        return t(what === 'joined' ? 'announce.joinedMany' : 'announce.leftMany', { count: names.length });
      }
      return t(what === 'joined' ? 'announce.joined' : 'announce.left', { names: list(names) });
    },
  });

  const { microphoneDevice, cameraDevice, speaker } = preferences.current.value;
  if (microphoneDevice !== null) void localMedia.chooseDevice('microphone', microphoneDevice);
  if (cameraDevice !== null) void localMedia.chooseDevice('camera', cameraDevice);
  if (speaker !== null) elements.setSpeaker(speaker.id);

  effect(() => {
    const snapshot = media.value;
    untracked(() => elements.showSelf(snapshot));
  });
  effect(() => {
    const still = stay.settling.value;
    untracked(() => elements.holdSelf(still));
  });
  effect(() => {
    const inside = stay.state.value.kind === 'inside' || stay.state.value.kind === 'joining';
    const participants = inside ? (stay.known.value?.participants ?? []) : [];
    untracked(() => elements.showOthers(participants));
  });

  // After a call no light stays on; who comes back comes back as they were.
  let devicesAtEnd = { microphone: false, camera: false };
  effect(() => {
    if (stay.state.value.kind !== 'ended') return;
    const { microphone, camera } = localMedia.snapshot;
    devicesAtEnd = { microphone: microphone.kind === 'on', camera: camera.kind === 'on' };
    untracked(() => localMedia.close());
  });

  /** @param prepare returns null where there is nothing to wait for: the wish to come in then leaves in this very turn. */
  async function goIn(prepare: () => Promise<unknown> | null, ticket?: ReturnTicket): Promise<void> {
    const route = router.route.value;
    if (route.kind !== 'room') return;
    const prepared = prepare();
    if (prepared !== null) await prepared;
    // The person may have gone elsewhere while the browser was asking.
    if (router.route.value !== route) return;
    const { displayName, recentRooms } = preferences.current.value;
    const before = stay.room.value;
    if (before !== null) past.value = describePastStay(before, readSoFar.value) ?? past.value;
    if (past.value?.room !== route.room) past.value = null;
    readCount.value = ticket?.readCount ?? 0;
    draft.value = '';
    const options: JoinOptions = {
      room: route.room,
      displayName,
      media: localMedia,
      ...(past.value !== null && { formerIds: past.value.ids }),
      ...(typeof ticket?.seat === 'string' && { ticket: ticket.seat }),
      ...(route.relayOnly ? { iceTransportPolicy: 'relay' } : {}),
    };
    stay.join(options, ticket?.sinceMs ?? null);
    preferences.update({ recentRooms: rememberRoom(recentRooms, route.room) });
  }

  return {
    client,
    createCheck,
    router,
    preferences,
    words,
    localMedia,
    media,
    elements,
    stay,
    announcer,
    authorityPath,
    bases: [origin + basePath, ...(inviteOrigin === undefined ? [] : [inviteOrigin + basePath])],
    link: computed(() => {
      const route = router.route.value;
      return route.kind === 'room' ? (inviteOrigin ?? origin) + router.hrefOf(roomPath(route.room)) : null;
    }),
    unread,
    readCount: readSoFar,
    chatOpen,
    draft,
    unsent: computed(() => stay.known.value?.unsentChat.length ?? 0),
    newerPage: signal(false),
    showChat(open) {
      // Closed as it was, as on the way out of the room, it shows nobody anything.
      if (open || chatOpen.value) readCount.value = stay.room.value?.chat.length ?? 0;
      chatOpen.value = open;
    },
    async setLocale(locale) {
      const catalogue = await loadCatalogue(locale);
      preferences.update({ locale });
      language.value = { locale, catalogue };
    },
    enter: (entrance) => goIn(() => prepareMedia(localMedia, preferences.current.peek(), entrance)),
    comeBack(ticket) {
      const { microphone, camera } = ticket;
      return goIn(async () => {
        const wanted = { microphone, camera };
        const kinds = deviceKinds.filter((kind) => wanted[kind]);
        if (kinds.length === 0) return;
        const acquired = localMedia.acquire(wanted);
        // Who comes with sound of their own is let hear others at once, too. A question of the browser's holds nobody up.
        const permissions = await Promise.all(kinds.map((kind) => localMedia.permission(kind)));
        if (permissions.every((permission) => permission === 'granted')) await acquired;
      }, ticket);
    },
    rejoin: () => goIn(() => localMedia.acquire(devicesAtEnd)),
    async chooseDevice(kind, device) {
      const done = await localMedia.chooseDevice(kind, device);
      if (done) preferences.update({ [kind === 'microphone' ? 'microphoneDevice' : 'cameraDevice']: device });
      return done;
    },
    chooseSpeaker(device) {
      preferences.update({ speaker: device });
      elements.setSpeaker(device.id);
    },
    async toggleMicrophone() {
      const on = media.value.microphone.kind === 'on';
      preferences.update({ microphone: !on });
      if (on) localMedia.turnOff('microphone');
      else await localMedia.turnOn('microphone');
    },
    async toggleCamera() {
      const on = media.value.camera.kind === 'on';
      preferences.update({ camera: !on });
      if (on) localMedia.turnOff('camera');
      else await localMedia.turnOn('camera');
    },
  };
}

/** Brings the devices to where the person wants to come in with them. @returns null where nothing is to be waited for. */
function prepareMedia(
  localMedia: LocalMedia,
  likes: Preferences,
  entrance: Entrance,
): Promise<unknown> | null {
  const { microphone, camera } = localMedia.snapshot;
  switch (entrance) {
    case 'as-shown':
      // Never asked: the person who presses Join wants to be seen and heard. Asked and refused: come in without.
      if (microphone.kind === 'off' && camera.kind === 'off' && (likes.microphone || likes.camera)) {
        return localMedia.acquire({ microphone: likes.microphone, camera: likes.camera });
      }
      return null;
    case 'voice-only':
      localMedia.turnOff('camera');
      return microphone.kind === 'on' ? null : localMedia.turnOn('microphone');
    case 'just-listen':
      localMedia.turnOff('camera');
      localMedia.turnOff('microphone');
      return null;
  }
}
