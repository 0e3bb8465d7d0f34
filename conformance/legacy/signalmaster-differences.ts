/** Where signalmaster does otherwise than the suite asks, or does what the suite keeps others from doing. */
export interface SignalmasterDifference {
  /** The transcript of ours that it does not follow; undefined where ours is asserted elsewhere in the suite. */
  readonly of?: string;
  readonly does: string;
  /** Why ours does otherwise. */
  readonly why: string;
  /** What happens there. */
  readonly transcript: string;
  /** Of its rooms, where it matters. */
  readonly maxClients?: number;
}

const two = `
    A> 420["join","$ROOM"]
    A< 430[null,{"clients":{}}]
    B> 420["join","$ROOM"]
    B< 430[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]`;

/** Of signalmaster 1.0.1 at its last commit (2019), with socket.io 1.7.4. */
export const signalmasterDifferences: readonly SignalmasterDifference[] = [
  {
    of: 'who joins the room it is in stays',
    does: 'has whoever joins the room it is in leave it, for the others too, who then lose a connection that works',
    why: 'Pages join again whenever they connect again; nobody is gone.',
    transcript: `${two}
    B> 421["join","$ROOM"]
    A< 42["remove",{"id":"$B"}]
    B< 42["remove",{"id":"$B"}]
    B< 431[null,{"clients":{"$A":{"screen":false,"video":true,"audio":false}}}]`,
  },
  {
    of: 'who leaves is gone, and told so itself',
    does: 'still relays to who has left',
    why: 'A message is for people of one room.',
    transcript: `${two}
    A> 42["leave"]
    A< 42["remove",{"id":"$A"}]
    B< 42["remove",{"id":"$A"}]
    B> 42["message",{"to":"$A","type":"x"}]
    A< 42["message",{"to":"$A","type":"x","from":"$B"}]`,
  },
  {
    of: 'reports of a connection are answered by nothing',
    does: 'ends, for everybody, at a report without data',
    why: 'Any visitor could end all calls by one packet.',
    transcript: `
    A> 42["trace"]
    END`,
  },
  {
    does: 'relays to the people of a room what comes from outside, by their ids and by the name of the room',
    why: 'A message is for people of one room.',
    transcript: `${two}
    C> 42["message",{"to":"$B","type":"x"}]
    B< 42["message",{"to":"$B","type":"x","from":"$C"}]
    C> 42["message",{"to":"$ROOM","type":"y"}]
    A< 42["message",{"to":"$ROOM","type":"y","from":"$C"}]
    B< 42["message",{"to":"$ROOM","type":"y","from":"$C"}]`,
  },
  {
    does: 'has whoever joins a room named like somebody’s id hear what is meant for that one',
    why: 'Nobody listens to the calls of others.',
    transcript: `${two}
    C> 420["join","$B"]
    C< 430[null,{"clients":{"$B":{"screen":false,"video":true,"audio":false}}}]
    A> 42["message",{"to":"$B","payload":"secret"}]
    B< 42["message",{"to":"$B","payload":"secret","from":"$A"}]
    C< 42["message",{"to":"$B","payload":"secret","from":"$A"}]`,
  },
  {
    does: 'ends at the name of a room that is one of a property of every object',
    why: 'As above.',
    transcript: `
    A> 420["join","__proto__"]
    END`,
  },
  {
    does: 'ends at the first join where rooms.maxClients is not 0',
    why: 'It is what the operator asked for: rooms of that size.',
    maxClients: 2,
    transcript: `
    A> 420["join","$ROOM"]
    END`,
  },
];
