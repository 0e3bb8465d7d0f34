import type { ParticipantId, PeerMessage } from '@callbox/contract';
import type { Wanted } from '../logic/sending-plan.ts';

export interface WishesOptions {
  readonly send: (to: ParticipantId, message: PeerMessage) => void;
  /** Whether anybody can be told anything now. */
  readonly canSend: () => boolean;
}

/** Tells the others how large their pictures are shown here, so that nobody sends more than is looked at. */
export interface Wishes {
  /** The last wish counts; what has not changed is not told again. */
  set(id: ParticipantId, wanted: Wanted): void;
  forget(id: ParticipantId): void;
  /** To be called when others can be told things again. */
  resume(): void;
  stop(): void;
}

/** Tiles change size in a row when a window is drawn larger or people come: the last size is what matters. */
const gatherMs = 300;

export function createWishes({ send, canSend }: WishesOptions): Wishes {
  const wishes = new Map<ParticipantId, Wanted>();
  const told = new Map<ParticipantId, Wanted>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    timer = undefined;
    if (!canSend()) return;
    for (const [id, wanted] of wishes) {
      const before = told.get(id);
      if (before?.camera === wanted.camera && before.screen === wanted.screen) continue;
      told.set(id, wanted);
      send(id, { kind: 'want', camera: wanted.camera, screen: wanted.screen });
    }
  }

  return {
    set(id, wanted) {
      wishes.set(id, { camera: roundUp(wanted.camera), screen: roundUp(wanted.screen) });
      timer ??= setTimeout(tell, gatherMs);
    },
    forget(id) {
      wishes.delete(id);
      told.delete(id);
    },
    resume: tell,
    stop: () => clearTimeout(timer),
  };
}

/** A few pixels more or less are no news. */
function roundUp(side: number): number {
  return Math.min(4_320, Math.ceil(Math.max(0, side) / 60) * 60);
}
