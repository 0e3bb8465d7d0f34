import type { MessageClass } from '@callbox/stun';

/**
 * What a fuzzer plays to control: messages of several clients, and time between them. It is kept as what a client means,
 * not as octets, so that the corpus outlives another way of making nonces.
 */
export type Scenario = readonly Step[];

export type Step = MessageStep | PassStep | SocketsStep;

export interface MessageStep {
  readonly kind: 'message';
  /** One of `CLIENTS`. */
  readonly client: number;
  readonly class: MessageClass;
  readonly method: number;
  /** Of the transaction; two steps with the same one are one request on its way twice. */
  readonly transaction: number;
  readonly attributes: readonly AttributeDraft[];
  readonly signing: SigningKind;
  readonly fingerprint: boolean;
  /** What is done to the finished octets: each offset, modulo the length, is XORed with a mask. */
  readonly edits: readonly (readonly [offset: number, mask: number])[];
  /** Octets that are missing at the end. */
  readonly cut: number;
}

/** The clock moves. */
export interface PassStep {
  readonly kind: 'pass';
  readonly seconds: number;
}

/** What the machine says from now on when a relay port is to become a socket. */
export interface SocketsStep {
  readonly kind: 'sockets';
  readonly result: 'open' | 'refused';
}

/** Octets as they are, or a peer that is XORed with the transaction id. */
export type AttributeDraft =
  { readonly type: number; readonly hex: string } | { readonly peer: string; readonly port: number };

/** The right way, and each wrong one. */
export const SIGNING_KINDS = [
  'none',
  'right',
  'right-sha256',
  'wrong-password',
  'unknown-user',
  'wrong-realm',
  'forged-nonce',
  'old-nonce',
  'foreign-nonce',
  'no-username',
] as const;

export type SigningKind = (typeof SIGNING_KINDS)[number];
