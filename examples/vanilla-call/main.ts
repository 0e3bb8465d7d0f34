import {
  createCallboxClient,
  createLocalMedia,
  type DeviceKind,
  type RemoteParticipantSnapshot,
  type Room,
  type RoomSnapshot,
} from '@callbox/client';

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.querySelector<T>(`#${id}`);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
};

// Signaling of another origin: `?server=https://calls.example`. Otherwise the page's own.
const signalingUrl = new URLSearchParams(location.search).get('server') ?? location.origin;
const client = createCallboxClient({ signalingUrl });
const media = createLocalMedia();

element<HTMLFormElement>('entrance').addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = new FormData(element<HTMLFormElement>('entrance'));
  void call(String(fields.get('room')), String(fields.get('name')));
});

async function call(name: string, displayName: string): Promise<void> {
  element('entrance').hidden = true;
  element('call').hidden = false;
  await media.acquire({ microphone: true, camera: true });
  const room = client.joinRoom({ room: name, displayName, media });
  room.subscribe(draw);
  draw(room.snapshot);
  connectControls(room);
}

function connectControls(room: Room): void {
  for (const kind of ['microphone', 'camera'] as const) {
    element(kind).addEventListener('click', () => toggle(kind));
  }
  media.subscribe(() => draw(room.snapshot));
  element('leave').addEventListener('click', () => room.leave());
  element<HTMLFormElement>('chat').addEventListener('submit', (event) => {
    event.preventDefault();
    const form = element<HTMLFormElement>('chat');
    void room.sendChat(String(new FormData(form).get('text')));
    form.reset();
  });
}

function toggle(kind: DeviceKind): void {
  if (media.snapshot[kind].kind === 'on') media.turnOff(kind);
  else void media.turnOn(kind);
}

function draw({ state, participants, chat }: RoomSnapshot): void {
  element('status').textContent = state.kind === 'refused' ? state.refusal.message : state.kind;
  element('microphone').setAttribute('aria-pressed', String(media.snapshot.microphone.kind === 'on'));
  element('camera').setAttribute('aria-pressed', String(media.snapshot.camera.kind === 'on'));
  play(element<HTMLVideoElement>('self'), media.snapshot.cameraTrack);
  element('messages').replaceChildren(
    ...chat.map(({ authorName, text }) => {
      const item = document.createElement('li');
      item.textContent = `${authorName || 'Guest'}: ${text}`;
      return item;
    }),
  );
  for (const tile of element('people').querySelectorAll<HTMLElement>('figure')) {
    if (participants.every(({ id }) => id !== tile.dataset['id'])) tile.remove();
  }
  for (const participant of participants) drawPerson(participant);
}

function drawPerson({ id, displayName, media: sent, link, tracks }: RemoteParticipantSnapshot): void {
  let tile = element('people').querySelector<HTMLElement>(`[data-id="${id}"]`);
  if (tile === null) {
    tile = document.createElement('figure');
    tile.dataset['id'] = id;
    tile.innerHTML =
      '<video autoplay playsinline muted width="320"></video><audio autoplay></audio><figcaption>';
    element('people').append(tile);
  }
  tile.dataset['link'] = link.kind;
  const [video, audio, caption] = [
    tile.querySelector('video'),
    tile.querySelector('audio'),
    tile.lastElementChild,
  ];
  if (video !== null) play(video, sent.video ? tracks.camera : null);
  // Sound has an element of its own, so that hiding a picture never silences anybody.
  if (audio !== null) play(audio, tracks.audio);
  if (caption !== null) caption.textContent = `${displayName || 'Guest'} (${link.kind})`;
}

function play(player: HTMLMediaElement, track: MediaStreamTrack | null): void {
  const current = player.srcObject instanceof MediaStream ? player.srcObject.getTracks()[0] : undefined;
  if (current !== (track ?? undefined)) player.srcObject = track === null ? null : new MediaStream([track]);
}
