import type { RenewalWindow } from './parse-responses.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The life of a certificate; milliseconds since 1970. */
export interface Lifetime {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/**
 * When to renew: at a moment of its own within the authority's window, so that not everybody comes at once (RFC 9773
 * §4.2), or where there is none, when two thirds of its life are over, give or take a hundredth. Never after its end.
 *
 * @param random 0 up to 1; kept with the certificate, or each look would choose another moment.
 */
export function planRenewal(
  { notBeforeMs, notAfterMs }: Lifetime,
  window: RenewalWindow | undefined,
  random: number,
): number {
  const lifeMs = notAfterMs - notBeforeMs;
  const atMs =
    window === undefined
      ? notBeforeMs + lifeMs * (2 / 3 + (random - 0.5) / 50)
      : window.startMs + (window.endMs - window.startMs) * random;
  return Math.min(atMs, notAfterMs);
}

/** How long to rest between two questions for the window: as the authority says, within reason (RFC 9773 §4.3.2). */
export function planNextQuestion(askAgainAfterMs: number | undefined): number {
  return Math.min(Math.max(askAgainAfterMs ?? 6 * hourMs, 10_000), 24 * hourMs);
}

/** The most that is waited: a certificate of six days has two left when it is renewed. */
const maxBackOffMs = 6 * hourMs;

/**
 * How long to wait after attempts that failed, doubling from one to the next. One that the authority refused costs: it
 * allows a few in an hour. One that did not reach it costs nothing.
 *
 * @param failures in a row, at least 1.
 * @param retryAfterMs what the authority asked for; never less is waited, whatever the limit.
 * @param random 0 up to 1: the wait is longer by up to a fifth.
 */
export function planRetry(
  failures: number,
  wasRefused: boolean,
  retryAfterMs: number | undefined,
  random: number,
): number {
  const firstMs = wasRefused ? 15 * minuteMs : minuteMs;
  const backOffMs = Math.min(firstMs * 2 ** Math.min(failures - 1, 20), maxBackOffMs);
  return Math.max(backOffMs, retryAfterMs ?? 0) * (1 + random / 5);
}

/** What is known when the next step is chosen; milliseconds since 1970. */
export interface RenewalState {
  /** Of the certificate that there is; undefined before the first. */
  readonly lifetime: Lifetime | undefined;
  readonly window: RenewalWindow | undefined;
  /** Of the certificate, 0 up to 1: where in the window it is renewed. */
  readonly random: number;
  /** Not before that is the authority asked for a certificate, after attempts that failed. */
  readonly retryAtMs: number;
  /** When the window is asked for next. */
  readonly questionAtMs: number;
}

export type RenewalStep =
  { readonly does: 'order' | 'ask' } | { readonly does: 'wait'; readonly untilMs: number };

/** Chooses what to do now. */
export function chooseStep(state: RenewalState, nowMs: number): RenewalStep {
  const { lifetime, window, random, retryAtMs, questionAtMs } = state;
  const dueMs = lifetime === undefined ? 0 : planRenewal(lifetime, window, random);
  const orderAtMs = Math.max(dueMs, retryAtMs);
  if (nowMs >= orderAtMs) return { does: 'order' };
  if (lifetime === undefined) return { does: 'wait', untilMs: orderAtMs };
  if (nowMs >= questionAtMs) return { does: 'ask' };
  return { does: 'wait', untilMs: Math.min(orderAtMs, questionAtMs) };
}
