import * as v from 'valibot';
import { isBlank } from './is-blank.ts';
import { limits } from './limits.ts';

const space = /[\s\u2800]+/gu;

// Control and format characters would let a name reorder or hide the text around it; marks of direction are such. Joiners
// and selectors of variants stay: Persian, Mongolian, Japanese names and many emoji are not the same without them.
const stripped =
  /(?![\p{Join_Control}\p{Variation_Selector}])[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

function cleanDisplayName(name: string): string {
  const clean = name.replace(space, ' ').replace(stripped, '').normalize('NFC').replace(space, ' ').trim();
  return isBlank(clean) ? '' : clean;
}

/** What a participant is called. May be empty: then the reader's interface says "Guest" in the reader's language. */
export const displayNameSchema = v.pipe(
  v.string(),
  v.maxLength(limits.displayNameLength * 4),
  v.transform(cleanDisplayName),
  v.maxLength(limits.displayNameLength),
);
