import { planSending, type SendingPlan } from '../logic/sending-plan.ts';

const strip = { maxShortSide: 180, maxFramesPerSecond: 15, maxBitsPerSecond: 150_000 };

/** What may be sent to each of the others when so many people, this one included, are in the room. */
export function planFor(people: number, sharing: boolean): SendingPlan {
  const receivers = Array.from({ length: people - 1 }, (_, id) => ({ id, wanted: null }));
  const plan = planSending(receivers, sharing ? strip : null).get(0);
  if (plan === undefined) throw new Error('there is nobody to send to');
  return plan;
}
