/** A track that the test can end, as a device does that is pulled out. */
export class FakeTrack extends EventTarget {
  enabled = true;
  contentHint = '';
  readyState = 'live';
  /** Silenced by the system, not by this page. */
  muted = false;
  readonly kind: 'audio' | 'video';
  readonly label: string;
  /** As the browser names the device. */
  deviceId = '';

  constructor(kind: 'audio' | 'video', label = `a ${kind} device`) {
    super();
    this.kind = kind;
    this.label = label;
  }

  clone(): FakeTrack {
    return new FakeTrack(this.kind, this.label);
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** As when the device is pulled out, or the window that is shown is closed. */
  vanish(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}
