// A lone mark has nothing to stand on; the blank of Braille is a symbol to Unicode and a space to the eye.
const blank = /^[\s\p{M}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Tells whether a reader would see nothing. */
export function isBlank(text: string): boolean {
  return blank.test(text);
}
