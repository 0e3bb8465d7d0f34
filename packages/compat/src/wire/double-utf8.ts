const strictly = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Undoes what old clients do to text that they post: they encode it as UTF-8, and the body of the request once more. Text
 * that cannot have come about that way is left alone.
 */
export function undoDoubleUtf8(text: string): string {
  let hasHighOctet = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0xff) return text;
    if (code > 0x7f) hasHighOctet = true;
  }
  if (!hasHighOctet) return text;
  try {
    return strictly.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** The octets of a text in UTF-8, each as a character: what a client expects that takes no binary answers. */
export function spellUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
