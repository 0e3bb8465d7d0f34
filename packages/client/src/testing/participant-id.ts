import { parseWith, participantIdSchema, type ParticipantId } from '@callbox/contract';

export function participantId(text: string): ParticipantId {
  const parsed = parseWith(participantIdSchema, text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.reason}`);
  return parsed.value;
}
