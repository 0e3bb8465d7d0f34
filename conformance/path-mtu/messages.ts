/** What the test says to whoever is in one of the networks. */
export type PartyCommand =
  /** Allocate, permit that peer, and bind a channel to it if it is asked for. */
  | { readonly kind: 'allocate'; readonly peer: Place; readonly hasChannel: boolean }
  /** So many numbered payloads, from the client by way of the relay or from the peer to a relay. */
  | {
      readonly kind: 'send';
      readonly as: 'client' | 'peer';
      readonly to: Place;
      readonly bytes: number;
      readonly count: number;
      readonly everyMs: number;
    }
  /** Numbers of the payloads that have come whole since it was last asked. */
  | { readonly kind: 'heard' };

export type PartyReport =
  | { readonly kind: 'ready'; readonly peer: Place }
  | { readonly kind: 'relayed'; readonly relayed: Place }
  | { readonly kind: 'sent' }
  | { readonly kind: 'heard'; readonly byClient: readonly number[]; readonly byPeer: readonly number[] };

export interface Place {
  readonly ip: string;
  readonly port: number;
}
