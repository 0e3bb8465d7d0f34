import { extensions } from '../extensions.ts';
import type { ForeignFile } from './foreign-file.ts';

/** Every kind of configuration file of another program that some part of this one can read. */
export function listForeignFiles(): readonly ForeignFile[] {
  return extensions.flatMap(({ files }) => files ?? []);
}
