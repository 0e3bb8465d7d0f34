import { createCallboxClient, createLocalMedia, type CallboxClient, type Room } from '@callbox/client';

/** What a crowd can be told to do; each of it happens for all named in one turn of the page. */
export interface CrowdPage {
  /** Takes camera and microphone, for all who come after. */
  takeDevices(): Promise<void>;
  /** Goes into a room under these names; resolves when all are inside. */
  come(room: string, names: readonly string[]): Promise<void>;
  /** Says these lines, one after the other, without waiting. */
  say(name: string, lines: readonly string[]): Promise<void>;
  leave(names: readonly string[]): void;
  /** Is connected to `host` in a room and leaves, so many times: a stay begins where the one before has ended. */
  comeAndGo(room: string, host: string, times: number): Promise<void>;
}

declare global {
  interface Window {
    crowd: CrowdPage;
  }
}

const withinMs = 120_000;
const media = createLocalMedia();
const inside = new Map<string, Room>();
/** Of those who come and go: a way to the server for each that is used again, as by a page. */
const resting: CallboxClient[] = [];

function untilRoom(room: Room, what: string, holds: (room: Room) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = room.subscribe(look);
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`waited in vain: ${what}; last seen: ${JSON.stringify(room.snapshot)}`));
    }, withinMs);
    function look(): void {
      if (!holds(room)) return;
      stop();
      clearTimeout(timer);
      resolve();
    }
    look();
  });
}

window.crowd = {
  takeDevices: () => media.acquire({ microphone: true, camera: true }),

  async come(room, names) {
    const clients = names.map(() => createCallboxClient());
    await Promise.all(clients.map((client) => client.connect()));
    const rooms = clients.map((client, place) => {
      const displayName = names[place] ?? '';
      const entered = client.joinRoom({ room, displayName, media });
      inside.set(displayName, entered);
      return entered;
    });
    await Promise.all(
      rooms.map((each) =>
        untilRoom(each, 'to be inside', ({ snapshot }) => snapshot.state.kind === 'joined'),
      ),
    );
  },

  async say(name, lines) {
    const room = inside.get(name);
    if (room === undefined) throw new Error(`${name} is not inside`);
    await Promise.all(lines.map((line) => room.sendChat(line)));
  },

  leave(names) {
    for (const name of names) {
      inside.get(name)?.leave();
      inside.delete(name);
    }
  },

  async comeAndGo(room, host, times) {
    const client = resting.pop() ?? createCallboxClient();
    for (let time = 0; time < times; time += 1) {
      const entered = client.joinRoom({ room, displayName: 'Passer-by', media });
      await untilRoom(entered, `to be connected to ${host}`, ({ snapshot }) =>
        snapshot.participants.some(
          ({ displayName, link }) => displayName === host && link.kind === 'connected',
        ),
      );
      entered.leave();
    }
    resting.push(client);
  },
};
