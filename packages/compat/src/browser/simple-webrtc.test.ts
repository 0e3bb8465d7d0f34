import type { ParticipantId } from '@callbox/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SimpleWebRTCOptions } from './options.ts';
import { SimpleWebRTC } from './simple-webrtc.ts';
import { createOther, FakeFoundation, track } from './testing/fake-foundation.ts';
import { createFakePage, FakeStream } from './testing/fake-page.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));
let page: ReturnType<typeof createFakePage>;
let foundation: FakeFoundation;

function stubPage(url?: string): void {
  page = createFakePage(url);
  for (const [name, value] of Object.entries(page.globals)) vi.stubGlobal(name, value);
}

beforeEach(() => {
  stubPage();
  foundation = new FakeFoundation();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** An instance, and all that it has told, by name. */
function create(options: SimpleWebRTCOptions = {}) {
  const told: string[] = [];
  const webrtc = new SimpleWebRTC(
    { url: 'http://localhost:8888', localVideoEl: 'local', remoteVideosEl: 'remote', nick: 'Me', ...options },
    foundation,
  );
  webrtc.on('*', (name: string) => void told.push(name));
  return { webrtc, told };
}

/** An instance inside a room with these others. */
async function createInside(options: SimpleWebRTCOptions = {}, others = [createOther('ana')]) {
  const made = create(options);
  made.webrtc.joinRoom('demo');
  foundation.room.admit(others);
  await settle();
  return made;
}

describe('a page of the recipe', () => {
  it('is ready once server and devices are there, joins, and shows the others', async () => {
    const { webrtc, told } = create({ autoRequestMedia: true });
    const joined = vi.fn();
    const added = vi.fn();
    webrtc.on('videoAdded', added);
    webrtc.on('readyToCall', () => webrtc.joinRoom('Demo Room', joined));
    await settle();
    expect(foundation.urls).toEqual(['http://localhost:8888/']);
    expect(foundation.room.options).toMatchObject({
      room: 'demo-room',
      displayName: 'Me',
      channels: ['simplewebrtc'],
      iceTransportPolicy: 'all',
    });
    foundation.room.admit([createOther('ana')]);
    await settle();
    expect(joined).toHaveBeenCalledWith(null, {
      clients: { ana: { screen: false, video: true, audio: false } },
    });
    expect(told).toEqual([
      'connectionReady',
      'readyToCall',
      'localStream',
      'createdPeer',
      'iceConnectionStateChange',
      'videoAdded',
      'peerStreamAdded',
      'joinedRoom',
    ]);
    const [video] = page.remote.children;
    expect(video?.id).toBe('ana_video_incoming');
    expect(added).toHaveBeenCalledWith(video, webrtc.getPeers('ana')[0]);
    expect(webrtc.getPeers('ana')[0]?.nick).toBe('Name of ana');
    expect(page.local.srcObject).toBe(webrtc.localStreams[0]);
    expect([page.local.muted, page.local.style['transform']]).toEqual([true, 'scaleX(-1)']);
  });

  it('is not called ready again when it has only lost its way for a while', async () => {
    const { told } = await createInside({ media: { audio: false, video: false } });
    foundation.room.setState({ kind: 'reconnecting' });
    foundation.room.setState({ kind: 'joined' });
    expect(told.filter((name) => name === 'readyToCall')).toHaveLength(1);
  });

  it('joins a room once, however often it says so', async () => {
    const { webrtc } = await createInside();
    const joined = vi.fn();
    webrtc.joinRoom('demo', joined);
    await settle();
    expect(foundation.rooms).toHaveLength(1);
    expect(joined).toHaveBeenCalledWith(null, expect.anything());
  });

  it('learns that a room is full in the old word', async () => {
    const { webrtc, told } = create();
    const [joined, failed] = [vi.fn(), vi.fn()];
    webrtc.on('error', failed);
    webrtc.joinRoom('demo', joined);
    const refusal = { code: 'room-full', message: 'the room is full' } as const;
    foundation.room.setState({ kind: 'refused', refusal });
    await settle();
    expect(joined).toHaveBeenCalledWith('full');
    expect(failed).toHaveBeenCalledWith('full');
    expect(told).toContain('joinedRoom');
  });

  it('hears once that no server answers, in the console too, and is ready when one does', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    foundation.reachable = false;
    const { told } = create({ media: { audio: false, video: false } });
    await settle();
    expect(told).toEqual(['error']);
    expect(warn.mock.calls.flat().join()).toContain('is the server running');
    foundation.appear();
    await settle();
    expect(told).toEqual(['error']);
    foundation.reachable = true;
    foundation.appear();
    await settle();
    expect(told).toEqual(['error', 'connectionReady', 'readyToCall']);
    expect(warn).toHaveBeenCalledOnce();
  });

  it('looks for a server no longer once it has let go of it', async () => {
    vi.spyOn(console, 'warn').mockReturnValue();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    foundation.reachable = false;
    const { webrtc, told } = create();
    await settle();
    webrtc.disconnect();
    foundation.reachable = true;
    foundation.appear();
    await settle();
    expect(told).toEqual(['error']);
  });

  it('hears in the console that the server takes no pages of its origin', async () => {
    stubPage('https://pages.example/');
    const asked = vi.fn(() => Promise.resolve(new Response()));
    vi.stubGlobal('fetch', asked);
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    foundation.reachable = false;
    create({ url: 'https://calls.example:8888' });
    await settle();
    expect(String(asked.mock.calls[0])).toContain('https://calls.example:8888/simplewebrtc.js');
    expect(warn.mock.calls.flat().join()).toContain(
      'start the server with --allow-origin https://pages.example',
    );
  });

  it('hears in the console that a page cannot call from where it lives', () => {
    stubPage('http://pages.example/');
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    create();
    expect(warn.mock.calls.flat().join()).toContain('no camera to a page at http://pages.example');
  });

  it('may not bring a way to the server of its own', () => {
    expect(() => create({ connection: {} })).toThrow('has its own way to the server');
  });
});

describe('rooms', () => {
  it('are made where there is nobody', async () => {
    const { webrtc } = create();
    const created = vi.fn();
    webrtc.createRoom('demo', created);
    await settle();
    foundation.room.admit();
    await settle();
    expect(created).toHaveBeenCalledWith(null, 'demo');
    expect(webrtc.roomName).toBe('demo');
  });

  it('are taken where there is somebody', async () => {
    foundation.present = ['Ana'];
    const { webrtc } = create();
    const created = vi.fn();
    webrtc.createRoom('demo', created);
    await settle();
    expect(created).toHaveBeenCalledWith('taken');
    expect(foundation.rooms).toEqual([]);
  });

  it('get a name that nobody knows where the page gives none', async () => {
    const { webrtc } = create();
    const created = vi.fn();
    webrtc.createRoom(created);
    await settle();
    foundation.room.admit();
    await settle();
    expect(created).toHaveBeenCalledWith(null, expect.stringMatching(/^[0-9a-f-]{36}$/));
  });

  it('are left with everybody in them', async () => {
    const { webrtc, told } = await createInside();
    webrtc.leaveRoom();
    expect(foundation.room.left).toBe(true);
    expect(page.remote.children).toEqual([]);
    expect(webrtc.peers).toEqual([]);
    expect(told.slice(-3)).toEqual(['videoRemoved', 'peerStreamRemoved', 'leftRoom']);
  });
});

describe('the others', () => {
  it('go from the page when they leave', async () => {
    const { webrtc } = await createInside();
    const removed = vi.fn();
    webrtc.on('videoRemoved', removed);
    foundation.room.set({ participants: [] });
    expect(removed).toHaveBeenCalledOnce();
    expect(page.remote.children).toEqual([]);
  });

  it('stay on the page where it takes them off itself', async () => {
    await createInside({ autoRemoveVideos: false });
    foundation.room.set({ participants: [] });
    expect(page.remote.children).toHaveLength(1);
  });

  it('keep their element when their tracks are replaced', async () => {
    const { webrtc } = await createInside();
    const [peer] = webrtc.peers;
    const stream = peer?.stream;
    const tracks = {
      audio: track('new audio'),
      camera: track('new camera'),
      screen: null,
      screenAudio: null,
    };
    foundation.room.set({ participants: [createOther('ana', { tracks })] });
    expect(peer?.stream).toBe(stream);
    expect(stream?.getTracks()).toEqual([tracks.audio, tracks.camera]);
  });

  it('are said to be muted when they are, at first and later', async () => {
    const { webrtc } = create();
    const heard: string[] = [];
    webrtc.on('mute', ({ id, name }) => void heard.push(`mute ${id} ${name}`));
    webrtc.on('unmute', ({ id, name }) => void heard.push(`unmute ${id} ${name}`));
    webrtc.joinRoom('demo');
    const silent = { audio: false, video: true, screen: false };
    foundation.room.admit([createOther('ana', { media: silent })]);
    foundation.room.set({ participants: [createOther('ana')] });
    foundation.room.set({
      participants: [createOther('ana', { media: { ...silent, audio: true, video: false } })],
    });
    expect(heard).toEqual(['mute ana audio', 'unmute ana audio', 'mute ana video']);
  });

  it('tell how the connection to them stands', async () => {
    const { webrtc } = await createInside();
    const [peer] = webrtc.peers;
    const states: unknown[] = [];
    peer?.pc.on('iceConnectionStateChange', () => void states.push(peer.pc.iceConnectionState));
    const failed = vi.fn();
    webrtc.on('iceFailed', failed);
    for (const kind of ['reconnecting', 'failed', 'connecting'] as const)
      foundation.room.set({ participants: [createOther('ana', { link: { kind } })] });
    expect(states).toEqual(['disconnected', 'failed', 'checking']);
    expect(failed).toHaveBeenCalledExactlyOnceWith(peer);
  });

  it('show their screens as peers of their own', async () => {
    const { webrtc } = await createInside();
    const sharing = createOther('ana', {
      media: { audio: true, video: true, screen: true },
      tracks: { audio: null, camera: null, screen: track('screen'), screenAudio: null },
    });
    foundation.room.set({ participants: [sharing] });
    expect(webrtc.getPeers('ana').map(({ type }) => type)).toEqual(['video', 'screen']);
    expect(page.remote.children.map(({ id }) => id)).toEqual(['ana_video_incoming', 'ana_screen_incoming']);
    foundation.room.set({ participants: [createOther('ana')] });
    expect(page.remote.children.map(({ id }) => id)).toEqual(['ana_video_incoming']);
  });
});

describe('messages', () => {
  it('are the room’s chat when they are chat, and go to each page otherwise', async () => {
    const { webrtc } = await createInside({}, [createOther('ana'), createOther('ben')]);
    webrtc.sendToAll('chat', { message: 'hello', nick: 'Me' });
    webrtc.sendToAll('cursor', { x: 1 });
    webrtc.getPeers('ben')[0]?.send('nudge');
    webrtc.connection.emit('message', { to: 'ana', type: 'raw', payload: 7 });
    webrtc.connection.emit('message', { to: 'nobody', type: 'raw' });
    expect(foundation.room.chat).toEqual(['hello']);
    expect(foundation.room.sent).toEqual([
      { to: 'ana', type: 'cursor', payload: { x: 1 } },
      { to: 'ben', type: 'cursor', payload: { x: 1 } },
      { to: 'ben', type: 'nudge', payload: undefined },
      { to: 'ana', type: 'raw', payload: 7 },
    ]);
  });

  it('come by the connection, as old pages read them', async () => {
    const { webrtc } = await createInside();
    const heard: unknown[] = [];
    webrtc.connection.on('message', ({ from, type, payload }) => void heard.push({ from, type, payload }));
    const ana = 'ana' as ParticipantId;
    foundation.room.tell('chat-received', {
      authorId: ana,
      authorName: 'Ana',
      sequence: 1,
      text: 'hi',
      sentAtMs: 1,
    });
    foundation.room.tell('app-message', { from: ana, type: 'cursor', payload: { x: 1 } });
    expect(heard).toEqual([
      { from: 'ana', type: 'chat', payload: { message: 'hi', nick: 'Ana' } },
      { from: 'ana', type: 'cursor', payload: { x: 1 } },
    ]);
  });

  it('go over data channels once these are open, and come as `channelMessage`', async () => {
    const { webrtc } = await createInside();
    const heard = vi.fn();
    webrtc.on('channelMessage', (peer, label, data) => heard(peer.id, label, data));
    webrtc.sendDirectlyToAll('text', 'line', 'too early');
    const channel = webrtc.peers[0]?.channels['text'];
    const send = vi.fn();
    Object.assign(channel ?? {}, { readyState: 'open', send });
    webrtc.sendDirectlyToAll('text', 'line', 'in time');
    expect(send.mock.calls).toEqual([['{"type":"line","payload":"in time"}']]);
    expect(foundation.room.channels).toEqual([{ id: 'ana', label: 'text' }]);
    for (const data of ['{"type":"line"}', 'no JSON', 'null'])
      channel?.dispatchEvent(Object.assign(new Event('message'), { data }));
    expect(heard.mock.calls).toEqual([['ana', 'text', { type: 'line' }]]);
  });
});

describe('the own devices', () => {
  it('are muted, paused and brought back, in the same stream', async () => {
    const { webrtc, told } = create({ autoRequestMedia: true });
    await settle();
    const [stream] = webrtc.localStreams;
    told.length = 0;
    webrtc.mute();
    webrtc.pauseVideo();
    webrtc.resume();
    expect(told).toEqual(['audioOff', 'videoOff', 'audioOn', 'videoOn']);
    expect(webrtc.localStreams[0]).toBe(stream);
    expect(stream?.getTracks()).toEqual([track('microphone'), track('camera again')]);
  });

  it('are told to have failed with the name of the browser’s own error', async () => {
    foundation.media.found = { camera: { kind: 'failed', reason: 'denied' } };
    const { webrtc, told } = create();
    const failed = vi.fn();
    webrtc.on('localMediaError', failed);
    webrtc.startLocalVideo();
    await settle();
    expect(failed).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ name: 'NotAllowedError' }));
    expect(told).not.toContain('readyToCall');
  });

  it('are not asked for where the page wants none', async () => {
    const { webrtc } = create({ media: { audio: true, video: false } });
    webrtc.startLocalVideo();
    await settle();
    expect(foundation.media.acquired).toEqual([{ microphone: true, camera: false }]);
  });

  it('tell the page when their person speaks, and the others over a channel', async () => {
    vi.useFakeTimers();
    const { webrtc, told } = create({ detectSpeakingEvents: true, autoRequestMedia: true });
    webrtc.joinRoom('demo');
    foundation.room.admit([createOther('ana')]);
    await vi.advanceTimersByTimeAsync(100);
    const send = vi.fn();
    Object.assign(webrtc.peers[0]?.channels['hark'] ?? {}, { readyState: 'open', send });
    foundation.media.level = 0.5;
    await vi.advanceTimersByTimeAsync(300);
    expect(told).toContain('speaking');
    expect(send.mock.calls.flat()).toEqual(['{"type":"volume","volume":-36}', '{"type":"speaking"}']);
    webrtc.stopLocalVideo();
    told.length = 0;
    foundation.media.level = 0;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual([]);
    vi.useRealTimers();
  });

  it('show the screen on the page while it is shared', async () => {
    const { webrtc, told } = create();
    const shared = vi.fn();
    webrtc.shareScreen(shared);
    await settle();
    expect(shared).toHaveBeenCalledExactlyOnceWith(null, expect.any(FakeStream));
    expect(page.remote.children.map(({ id }) => id)).toEqual(['localScreen']);
    webrtc.stopScreenShare();
    expect(page.remote.children).toEqual([]);
    expect(told).toEqual([
      'connectionReady',
      'localScreenAdded',
      'localScreen',
      'videoRemoved',
      'localScreenStopped',
    ]);
    expect(webrtc.getLocalScreen()).toBeUndefined();
  });

  it('say that no screen was chosen', async () => {
    foundation.media.foundScreen = {};
    const { webrtc, told } = create();
    const shared = vi.fn();
    webrtc.shareScreen(shared);
    await settle();
    expect(shared).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ name: 'NotAllowedError' }),
      null,
    );
    expect(told).toContain('localScreenRequestFailed');
  });
});
