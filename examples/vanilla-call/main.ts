import {
  createCallboxClient,
  createLocalMedia,
  type RemoteParticipantSnapshot,
  type Room,
  type RoomSnapshot,
} from '@callbox/client';

// Signaling of another origin: `?server=https://calls.example`. Otherwise the page's own.
const signalingUrl = new URLSearchParams(location.search).get('server') ?? location.origin;
const client = createCallboxClient({ signalingUrl });
const media = createLocalMedia();

const people = find('people', HTMLElement);

find('entrance', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  find('entrance', HTMLElement).hidden = true;
  find('call', HTMLElement).hidden = false;
  void call(find('room', HTMLInputElement).value, find('name', HTMLInputElement).value);
});

async function call(name: string, displayName: string): Promise<void> {
  await media.acquire({ microphone: true, camera: true });
  const room = client.joinRoom({ room: name, displayName, media });
  connectControls(room);
  const draw = (): void => drawCall(room.snapshot);
  room.subscribe(draw);
  media.subscribe(draw);
  draw();
}

function connectControls(room: Room): void {
  for (const kind of ['microphone', 'camera'] as const) {
    find(kind, HTMLElement).addEventListener('click', () => {
      if (media.snapshot[kind].kind === 'on') media.turnOff(kind);
      else void media.turnOn(kind);
    });
  }
  find('leave', HTMLElement).addEventListener('click', () => room.leave());
  find('chat', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const text = find('text', HTMLInputElement);
    void room.sendChat(text.value);
    text.value = '';
  });
}

function drawCall({ state, participants, chat }: RoomSnapshot): void {
  find('status', HTMLElement).textContent = state.kind === 'refused' ? state.refusal.message : state.kind;
  for (const kind of ['microphone', 'camera'] as const) {
    find(kind, HTMLElement).ariaPressed = String(media.snapshot[kind].kind === 'on');
  }
  play(find('self', HTMLVideoElement), media.snapshot.cameraTrack);
  find('messages', HTMLElement).replaceChildren(
    ...chat.map(({ authorName, text }) => make('li', `${authorName || 'Guest'}: ${text}`)),
  );
  for (const tile of people.querySelectorAll<HTMLElement>('figure')) {
    if (participants.every(({ id }) => id !== tile.id)) tile.remove();
  }
  for (const participant of participants) drawPerson(participant);
}

function drawPerson({ id, displayName, media: sent, link, tracks }: RemoteParticipantSnapshot): void {
  const tile = document.getElementById(id) ?? addTile(id);
  tile.dataset['link'] = link.kind;
  for (const player of tile.querySelectorAll('video')) play(player, sent.video ? tracks.camera : null);
  for (const player of tile.querySelectorAll('audio')) play(player, tracks.audio);
  tile.querySelector('figcaption')?.replaceChildren(`${displayName || 'Guest'} (${link.kind})`);
}

function addTile(id: string): HTMLElement {
  const tile = Object.assign(document.createElement('figure'), { id });
  const video = Object.assign(document.createElement('video'), {
    autoplay: true,
    muted: true,
    playsInline: true,
  });
  // Sound has an element of its own: hiding a picture must not silence anybody.
  const audio = Object.assign(document.createElement('audio'), { autoplay: true });
  tile.append(Object.assign(video, { width: 320 }), audio, make('figcaption', ''));
  people.append(tile);
  return tile;
}

function make(tag: string, text: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: text });
}

function play(player: HTMLMediaElement, track: MediaStreamTrack | null): void {
  const playing = player.srcObject instanceof MediaStream ? player.srcObject.getTracks()[0] : undefined;
  if (playing !== (track ?? undefined)) player.srcObject = track === null ? null : new MediaStream([track]);
}

function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no #${id}`);
  return found;
}
