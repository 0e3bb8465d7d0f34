import type { Locale } from '../../locales/locale.ts';

const clock = { hour: 'numeric', minute: '2-digit' } as const;

/** When a message was sent: the time of day, such as "14:05"; with the date, if that was not today. */
export function timeOfMessage(locale: Locale, sentAtMs: number, nowMs = Date.now()): string {
  const isToday = new Date(sentAtMs).toDateString() === new Date(nowMs).toDateString();
  const date = isToday ? {} : ({ month: 'short', day: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { ...date, ...clock }).format(sentAtMs);
}
