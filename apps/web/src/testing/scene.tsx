import type {
  ChatMessage,
  LinkQuality,
  LinkState,
  PeekResult,
  RemoteParticipantSnapshot,
  RoomName,
} from '@callbox/client';
import { startApp } from '../start-app.tsx';
import { createFakeCheck } from './fake-check.ts';
import { admit, createFakeClient } from './fake-client.ts';
import { createFakeLocalMedia, type FakeLocalMediaOptions } from './fake-local-media.ts';
import { playStatistics } from './fake-statistics.ts';
import { fakeId, type FakeRoom } from './fake-room.ts';
import { createPersonTrack, looks } from './paint-person.ts';
import { createScreenTrack } from './paint-screen.ts';
import { repaintSeldom, repaintSteadily } from './repaint.ts';

// The page of the screenshots: the app over a fake client, in the state that `?scene=` names. With `&still`, next to nothing moves.

const parameters = new URLSearchParams(location.search);
const scene = parameters.get('scene') ?? 'home';
const narrow = window.innerWidth < 600;
const repaint = parameters.has('still') ? repaintSeldom : repaintSteadily;

interface Cast {
  readonly name: string;
  readonly look: number;
  readonly audio?: boolean;
  readonly video?: boolean;
  readonly link?: LinkState;
  /** Whether the camera is a telephone held upright. */
  readonly upright?: boolean;
  /** Whether they show a screen: an upright one, or one as computers have. */
  readonly screen?: 'wide' | 'upright';
  readonly quality?: LinkQuality;
  /** They are on an older page. */
  readonly older?: boolean;
  /** Tells those apart who have the same name and look. */
  readonly place?: number;
}

const direct: LinkState = { kind: 'connected', path: { relayed: false, protocol: 'udp' } };
const relayed: LinkState = { kind: 'connected', path: { relayed: true, protocol: 'tcp' } };

const cast: readonly Cast[] = [
  { name: 'Ana', look: 0 },
  { name: '小宝', look: 1, audio: false },
  { name: 'Kwame Mensah', look: 2, link: relayed },
  { name: 'Priya', look: 3, video: false },
  { name: 'Jonas', look: 4, audio: false },
  { name: 'Amara', look: 5 },
  { name: '', look: 6, video: false, audio: false },
];

function participant({
  name,
  look,
  audio = true,
  video = true,
  link = direct,
  upright = false,
  screen,
  quality,
  older = false,
  place = look,
}: Cast): RemoteParticipantSnapshot {
  const known = looks[look] ?? looks[0];
  const camera =
    video && known !== undefined
      ? createPersonTrack(known, upright ? 360 : 640, upright ? 640 : 360, name === 'Ana', repaint)
      : null;
  return {
    id: fakeId(`p-${name}-${place}`),
    displayName: name,
    media: { audio, video, screen: screen !== undefined },
    joinedAtMs: Date.now(),
    link,
    ...(older && { dialect: 'plain' }),
    tracks: {
      audio: null,
      camera,
      screen:
        screen === undefined
          ? null
          : screen === 'wide'
            ? createScreenTrack(repaint)
            : createScreenTrack(repaint, 720, 1_280),
      screenAudio: null,
    },
    quality: quality ?? { bars: 4, blame: null },
  };
}

const lines: readonly (readonly [who: string, minutesAgo: number, text: string])[] = [
  ['Ana', 14, 'Morning! Notes are at https://docs.example.org/standup?day=monday (read-only).'],
  ['me', 12, 'Thanks, got it.'],
  ['小宝', 9, '我这边麦克风坏了，先打字。'],
  ['小宝', 9, '新的设计稿：https://example.org/design，大家看看？'],
  ['Ana', 4, 'Looks lovely.\nTwo remarks on the second page, the rest is fine.'],
  ['me', 1, 'Shall we go through it together?'],
];

function chat(): readonly ChatMessage[] {
  return lines.map(([who, minutesAgo, text], index) => ({
    authorId: fakeId(who === 'me' ? 'me' : `p-${who}-${who === 'Ana' ? 0 : 1}`),
    sequence: index + 1,
    authorName: who === 'me' ? 'Mira' : who,
    text,
    sentAtMs: Date.now() - minutesAgo * 60_000,
  }));
}

function bring(room: FakeRoom, people: readonly Cast[]): void {
  const participants = people.map(participant);
  admit(room, { participants });
  room.setLevels(
    new Map(participants.filter(({ displayName }) => displayName === 'Ana').map(({ id }) => [id, 0.8])),
  );
}

/** What happens when the scene's room is joined. */
const rooms: Readonly<Record<string, (room: FakeRoom) => void>> = {
  alone: (room) => admit(room),
  two: (room) => bring(room, [{ name: 'Ana', look: 0, upright: narrow }]),
  silent: (room) => bring(room, [{ name: 'Priya', look: 3, video: false, audio: false }]),
  three: (room) => bring(room, cast.slice(0, 2)),
  four: (room) => bring(room, cast.slice(0, 3)),
  five: (room) => bring(room, cast.slice(0, 4)),
  eight: (room) => bring(room, cast),
  many: (room) =>
    bring(
      room,
      Array.from({ length: 24 }, (_, index) => ({
        ...cast[index % cast.length],
        name: `${cast[index % cast.length]?.name ?? ''} ${index}`.replace(/^ \d+/, ''),
        look: index % 7,
        place: index,
        video: index % 5 !== 3,
      })),
    ),
  screen: (room) =>
    bring(
      room,
      cast.slice(0, 4).map((one, index) => (index === 0 ? { ...one, screen: 'wide' } : one)),
    ),
  screens: (room) =>
    bring(
      room,
      cast
        .slice(0, 3)
        .map((one, index) => (index === 2 ? one : { ...one, screen: index === 0 ? 'wide' : 'upright' })),
    ),
  chat: (room) => {
    bring(room, cast.slice(0, 3));
    room.source.set({ chat: chat() });
  },
  history: (room) => {
    bring(room, cast.slice(0, 3));
    const days = Array.from({ length: 12 }, (_, day) =>
      chat().map((line) => ({
        ...line,
        sequence: line.sequence + day * 10,
        sentAtMs: line.sentAtMs - (11 - day) * 86_400_000,
      })),
    );
    room.source.set({ chat: days.flat() });
  },
  links: (room) =>
    bring(room, [
      { name: 'Ana', look: 0 },
      { name: '小宝', look: 1, link: { kind: 'reconnecting' } },
      { name: 'Kwame Mensah', look: 2, link: relayed },
      { name: 'Priya', look: 3, video: false, link: { kind: 'connecting' } },
      { name: 'Jonas', look: 4, video: false, link: { kind: 'failed' } },
    ]),
  older: (room) =>
    bring(
      room,
      cast.slice(0, 3).map((one, index) => ({ ...one, older: index === 1 })),
    ),
  held: (room) => {
    // As where the browser lets no sound begin by itself.
    HTMLAudioElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    bring(room, cast.slice(0, 3));
    const [audio = null] = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
    room.source.set({
      participants: room.source.snapshot.participants.map((participant) => ({
        ...participant,
        tracks: { ...participant.tracks, audio },
      })),
    });
  },
  waiting: (room) => {
    rooms['chat']?.(room);
    room.source.set({
      state: { kind: 'reconnecting' },
      unsentChat: ['The server is away, it seems.', 'This comes when it is back.'].map((text, index) => ({
        sequence: lines.length + index + 1,
        text,
        writtenAtMs: Date.now(),
      })),
    });
  },
  refusing: (room) => {
    bring(room, cast.slice(0, 2));
    room.refuseChat({ code: 'rate-limited', message: '' });
  },
  weak: (room) => {
    bring(room, [
      { name: 'Ana', look: 0, quality: { bars: 1, blame: 'there' } },
      { name: 'Kwame Mensah', look: 2, link: relayed },
      { name: 'Jonas', look: 4 },
    ]);
    room.source.set({ uplink: 'tight' });
  },
  figures: (room) => {
    bring(room, [{ name: 'Ana', look: 0, quality: { bars: 2, blame: 'there' } }, ...cast.slice(1, 3)]);
    room.source.set({ uplink: 'saving' });
    void room.whenHeard('statistics-taken').then(() => playStatistics(room));
  },
  voice: (room) => {
    bring(
      room,
      cast.slice(0, 3).map((one) => ({ ...one, quality: { bars: 1, blame: 'here' } as const })),
    );
    room.source.set({ uplink: 'voice-only' });
  },
  lost: (room) => {
    bring(room, cast.slice(0, 3));
    window.setTimeout(() => {
      room.source.set({ state: { kind: 'reconnecting' } });
      room.emit('state-changed', { kind: 'reconnecting' });
    }, 100);
  },
  afresh: (room) => {
    bring(room, cast.slice(0, 3));
    window.addEventListener('scene-afresh', () => room.emit('started-afresh', null));
  },
  full: (room) =>
    room.source.set({
      state: { kind: 'refused', refusal: { code: 'room-full', message: '', maxParticipants: 8 } },
    }),
  joining: () => {},
};

const devices: Readonly<Record<string, FakeLocalMediaOptions>> = {
  ask: { permission: 'prompt' },
  denied: { permission: 'granted', failing: { microphone: 'denied', camera: 'denied' } },
  'in-use': { permission: 'granted', failing: { camera: 'in-use' } },
  missing: { permission: 'granted', failing: { microphone: 'not-found', camera: 'not-found' } },
  unsupported: { permission: 'granted', failing: { microphone: 'unsupported', camera: 'unsupported' } },
};

const peeks: Readonly<Record<string, readonly string[]>> = {
  inside: ['Ana', '小宝'],
  many: ['Ana', '小宝', 'Kwame Mensah', 'Priya', 'Jonas'],
  full: ['Ana', '小宝', 'Kwame', 'Priya', 'Jonas', 'Amara', 'Mateo', ''],
};

function peek(): Promise<PeekResult> {
  const names = peeks[parameters.get('peek') ?? ''] ?? [];
  return Promise.resolve({
    ok: true,
    peek: { room: 'standup' as RoomName, displayNames: names, maxParticipants: 8 },
  });
}

/** The devices of this person's computer, which the browser of the screenshots has none of. */
function listDevices(): Promise<MediaDeviceInfo[]> {
  document.documentElement.dataset['devicesListed'] = '';
  const device = (kind: MediaDeviceKind, deviceId: string, label: string) => {
    const described = { kind, deviceId, label, groupId: '' };
    return { ...described, toJSON: () => described };
  };
  return Promise.resolve([
    device('audioinput', 'm-1', 'Built-in microphone'),
    device('audioinput', 'm-2', 'USB headset'),
    device('videoinput', 'c-1', 'Built-in camera'),
    device('audiooutput', 's-1', 'Built-in speakers'),
    device('audiooutput', 's-2', 'USB headset'),
  ]);
}

async function play(): Promise<void> {
  const agent = parameters.get('agent');
  if (agent !== null) Object.defineProperty(navigator, 'userAgent', { value: agent });
  if (parameters.get('listed') !== 'none') navigator.mediaDevices.enumerateDevices = listDevices;
  localStorage.setItem(
    'callbox.preferences',
    JSON.stringify({
      displayName: parameters.get('name') ?? 'Mira',
      locale: parameters.get('locale') ?? 'en',
      theme: parameters.get('theme') ?? 'auto',
      camera: parameters.get('camera') !== 'off',
      microphone: parameters.get('microphone') !== 'off',
      stageView: parameters.get('view') ?? 'grid',
      recentRooms: parameters.get('recent') === 'none' ? [] : ['standup', 'family', 'k7mq-x2fp-9dhw-3rtz'],
    }),
  );
  const own = looks[7];
  const options = devices[parameters.get('devices') ?? ''] ?? { permission: 'granted' };
  const { client } = createFakeClient({ peek: peek(), onJoin: (room) => rooms[scene]?.(room) });
  const localMedia = createFakeLocalMedia({
    ...options,
    ...(narrow ? {} : { createScreenTrack: () => createScreenTrack(repaint) }),
    level: () => 0.5 + Math.sin(performance.now() / 300) * 0.2,
    createCameraTrack() {
      if (own === undefined) throw new Error('there is no such look');
      return createPersonTrack(own, narrow ? 360 : 640, narrow ? 480 : 360, false, repaint);
    },
  });
  const root = document.querySelector('#app');
  if (root === null) throw new Error('the page has no place for the app');
  const createCheck = () => createFakeCheck(scene);
  const session = await startApp(root, { client, localMedia, createCheck });
  if (scene in rooms && parameters.get('enter') !== 'by-hand') await session.enter('as-shown');
  document.documentElement.dataset['sceneReady'] = '';
}

void play();
