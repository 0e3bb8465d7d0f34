import { isShallow } from '@callbox/contract';

/** What one old page tells another. Fields beyond these are the pages' own, and pass untouched. */
export interface OldMessage {
  readonly to: string;
  readonly type?: unknown;
  /** Names the connection that it belongs to; chosen by the side that offers. */
  readonly sid?: unknown;
  /** `screen`: of a connection that carries a screen. */
  readonly roomType?: unknown;
  /** Whose screen that is. Absent where it is the receiver's. */
  readonly broadcaster?: unknown;
  readonly payload?: unknown;
}

/** Fields of an object that came as JSON; none where it is no object. */
export type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = {};

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : noFields;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A message that may be passed on, or null: one without an address, or one that cannot be spelt again. */
export function parseOldMessage(value: unknown): (OldMessage & Fields) | null {
  if (!isFields(value) || !isAddressed(value) || !isShallow(value)) return null;
  return value;
}

function isAddressed(value: Fields): value is OldMessage & Fields {
  return typeof value['to'] === 'string' && value['to'] !== '';
}
