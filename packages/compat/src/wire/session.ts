import type { Answer, NoticeName, NoticeOf, ParticipantId, RequestName } from '@callbox/contract';
import type { Approach } from '@callbox/signaling';

/** What the server says unasked. */
export type Notice = {
  [TName in NoticeName]: { readonly name: TName; readonly body: NoticeOf<TName> };
}[NoticeName];

/** A participant who comes by another way than the server's own sockets. */
export interface Visitor extends Approach {
  readonly participantId: ParticipantId;
  readonly dialect: 'plain';
  readonly notify: (notice: Notice) => void;
  readonly close: () => void;
}

/** The place of such a participant: the same requests as by a socket, answered in their order. */
export interface Session {
  request(name: RequestName, input: unknown, respond: (answer: Answer<unknown>) => void): void;
  end(reason: 'left' | 'disconnected'): void;
}
