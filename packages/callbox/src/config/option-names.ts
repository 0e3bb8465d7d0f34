import { optionTable, type OptionName } from './option-table.ts';

/** All options, in the order of the table. */
export const optionNames = Object.keys(optionTable) as readonly OptionName[];

/** `relayPorts` as key of the file: `relay-ports`. The flag has `--` before it. */
export function keyOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `relayPorts` in the environment: `CALLBOX_RELAY_PORTS`. */
export function environmentNameOf(name: string): string {
  return `CALLBOX_${keyOf(name).replaceAll('-', '_').toUpperCase()}`;
}

/** Finds the option of a key such as `relay-ports`. */
export function findOptionByKey(key: string): OptionName | undefined {
  return optionNames.find((name) => keyOf(name) === key);
}
