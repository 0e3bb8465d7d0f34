import type { LocalMediaSnapshot, RemoteParticipantSnapshot } from '@callbox/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { createVideoView, setTrack, type PictureSource, type VideoView } from './video-view.ts';

/**
 * The elements that play people. They are made once for each person and stay: components only put them somewhere, so that
 * no change of layout lets a picture flicker or a sound stop. Pictures and sound have separate elements, because a tile
 * may be out of sight while its person speaks.
 */
export interface MediaElements {
  readonly self: VideoView;
  /** The camera of another participant. */
  cameraOf(participantId: string): VideoView;
  /** The screen that another participant shows. */
  screenOf(participantId: string): VideoView;
  showSelf(media: LocalMediaSnapshot): void;
  /** Lets this person's own picture stand still, which spares the browser drawing it; false lets it go on. */
  holdSelf(still: boolean): void;
  /** Plays these participants, and nobody else. */
  showOthers(participants: readonly RemoteParticipantSnapshot[]): void;
  /** Lets everybody be heard from this speaker; an empty id is the system's own. */
  setSpeaker(deviceId: string): void;
  /** True when the browser holds sound back until the person touches the page. */
  readonly soundBlocked: ReadonlySignal<boolean>;
  /** Starts what was held back. Call it in a click. */
  startSound(): void;
}

type SoundSource = 'microphone' | 'screen-audio';

export function createMediaElements(document: Document): MediaElements {
  const self = createVideoView(document, 'self', 'camera');
  const pictures = { camera: new Map<string, VideoView>(), screen: new Map<string, VideoView>() };
  const sounds = {
    microphone: new Map<string, HTMLAudioElement>(),
    'screen-audio': new Map<string, HTMLAudioElement>(),
  };
  const soundBlocked = signal(false);
  let speaker = '';
  let isCapturing = false;
  const soundRoom = document.createElement('div');
  soundRoom.hidden = true;
  document.body.append(soundRoom);

  function pictureOf(participantId: string, source: PictureSource): VideoView {
    const known = pictures[source].get(participantId);
    if (known !== undefined) return known;
    const view = createVideoView(document, participantId, source);
    pictures[source].set(participantId, view);
    return view;
  }

  function soundOf(participantId: string, source: SoundSource): HTMLAudioElement {
    const known = sounds[source].get(participantId);
    if (known !== undefined) return known;
    const element = document.createElement('audio');
    element.autoplay = true;
    element.dataset['source'] = source;
    element.dataset['participantId'] = participantId;
    soundRoom.append(element);
    if (speaker !== '') direct(element);
    sounds[source].set(participantId, element);
    return element;
  }

  function direct(element: HTMLAudioElement): void {
    // A speaker that is gone: the system's own will do.
    if ('setSinkId' in element) void element.setSinkId(speaker).catch(() => {});
  }

  async function playSound(element: HTMLAudioElement): Promise<void> {
    const whileCapturing = isCapturing;
    try {
      await element.play();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'NotAllowedError')) return;
      // A device came on meanwhile: see below.
      if (isCapturing && !whileCapturing) void playSound(element);
      else soundBlocked.value = true;
    }
  }

  function play(participantId: string, picture: PictureSource, track: MediaStreamTrack | null): void {
    // Made with the first picture: whoever comes is not kept waiting for elements that play nothing yet.
    if (track === null && !pictures[picture].has(participantId)) return;
    const { element } = pictureOf(participantId, picture);
    // A muted picture may always play; the promise fails when the element is moved in mid-start, and it starts anew.
    if (setTrack(element, track)) void element.play().catch(() => {});
  }

  function playSoundOf(participantId: string, source: SoundSource, track: MediaStreamTrack | null): void {
    if (track === null && !sounds[source].has(participantId)) return;
    const element = soundOf(participantId, source);
    if (setTrack(element, track)) void playSound(element);
  }

  function dropPicture(participantId: string, source: PictureSource): void {
    const element = pictures[source].get(participantId)?.element;
    if (element === undefined) return;
    element.remove();
    setTrack(element, null);
    pictures[source].delete(participantId);
  }

  function dropSound(participantId: string, source: SoundSource): void {
    const element = sounds[source].get(participantId);
    if (element === undefined) return;
    element.remove();
    setTrack(element, null);
    sounds[source].delete(participantId);
  }

  function showScreen({ id, media, tracks }: RemoteParticipantSnapshot): void {
    if (media.screen && tracks.screen !== null) {
      play(id, 'screen', tracks.screen);
      playSoundOf(id, 'screen-audio', tracks.screenAudio);
    } else {
      dropPicture(id, 'screen');
      dropSound(id, 'screen-audio');
    }
  }

  function drop(participantId: string): void {
    dropPicture(participantId, 'camera');
    dropPicture(participantId, 'screen');
    dropSound(participantId, 'microphone');
    dropSound(participantId, 'screen-audio');
  }

  function startSound(): void {
    soundBlocked.value = false;
    for (const sound of [...sounds.microphone.values(), ...sounds['screen-audio'].values()]) {
      if (sound.srcObject !== null) void playSound(sound);
    }
  }

  return {
    self,
    cameraOf: (participantId) => pictureOf(participantId, 'camera'),
    screenOf: (participantId) => pictureOf(participantId, 'screen'),
    showSelf(media) {
      if (setTrack(self.element, media.cameraTrack)) void self.element.play().catch(() => {});
      const wasCapturing = isCapturing;
      isCapturing = media.cameraTrack !== null || media.microphoneTrack !== null;
      // Browsers let a page be heard that has a device on, and do not say so of what they held back before.
      if (isCapturing && !wasCapturing && soundBlocked.value) startSound();
    },
    holdSelf(still) {
      // One that has not begun would show nothing at all.
      if (still && self.ratio.value !== null) self.element.pause();
      else if (!still && self.element.paused && self.element.srcObject !== null) {
        void self.element.play().catch(() => {});
      }
    },
    showOthers(participants) {
      const present = new Set<string>(participants.map(({ id }) => id));
      for (const kept of [...Object.values(pictures), ...Object.values(sounds)]) {
        for (const id of kept.keys()) if (!present.has(id)) drop(id);
      }
      if (present.size === 0) soundBlocked.value = false;
      for (const participant of participants) {
        play(participant.id, 'camera', participant.tracks.camera);
        playSoundOf(participant.id, 'microphone', participant.tracks.audio);
        showScreen(participant);
      }
    },
    setSpeaker(deviceId) {
      speaker = deviceId;
      for (const sound of [...sounds.microphone.values(), ...sounds['screen-audio'].values()]) direct(sound);
    },
    soundBlocked,
    startSound,
  };
}
