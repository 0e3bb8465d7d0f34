/** As much of a page as the class touches. */
export class FakeElement extends EventTarget {
  id = '';
  autoplay = false;
  muted = false;
  volume = 1;
  srcObject: unknown = null;
  readonly style: Record<string, string> = {};
  readonly tagName: string;
  parent: FakeElement | null = null;
  children: FakeElement[] = [];

  constructor(tagName: string) {
    super();
    this.tagName = tagName.toUpperCase();
  }

  append(child: FakeElement): void {
    child.parent = this;
    this.children.push(child);
  }

  remove(): void {
    if (this.parent === null) return;
    this.parent.children = this.parent.children.filter((child) => child !== this);
    this.parent = null;
  }

  setAttribute(): void {}

  querySelector(): FakeElement | null {
    return this.children.find(({ tagName }) => tagName === 'VIDEO') ?? null;
  }
}

export class FakeVideo extends FakeElement {
  constructor() {
    super('video');
  }
}

export class FakeStream {
  #tracks: unknown[];

  constructor(tracks: unknown[] = []) {
    this.#tracks = [...tracks];
  }

  getTracks(): unknown[] {
    return [...this.#tracks];
  }

  addTrack(track: unknown): void {
    this.#tracks.push(track);
  }

  removeTrack(track: unknown): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }
}

/** The globals of a page at an address, with an own picture `local` and a container `remote`. */
export function createFakePage(url = 'http://localhost:8080/') {
  const body = new FakeElement('body');
  const local = new FakeVideo();
  const remote = new FakeElement('div');
  local.id = 'local';
  remote.id = 'remote';
  body.append(local);
  body.append(remote);
  const find = (id: string, below: FakeElement): FakeElement | null =>
    below.id === id
      ? below
      : below.children.reduce<FakeElement | null>((found, child) => found ?? find(id, child), null);
  const location = new URL(url);
  return {
    local,
    remote,
    globals: {
      location,
      reportError: (error: unknown) => {
        throw error;
      },
      isSecureContext: location.protocol === 'https:' || location.hostname === 'localhost',
      navigator: { userAgent: 'Gecko/1', mediaDevices: {} },
      document: {
        currentScript: null,
        getElementById: (id: string) => find(id, body),
        createElement: (name: string) => (name === 'video' ? new FakeVideo() : new FakeElement(name)),
      },
      HTMLMediaElement: FakeVideo,
      MediaStream: FakeStream,
    },
  };
}
