/** A piece of a message: words, or a link. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

// Stops at white space, at quotes and brackets that are not part of an address, and at full-width punctuation, which
// follows an address directly in Chinese.
const candidate = /https?:\/\/[^\s<>"'`“”‘’「」『』《》，。；：！？、（）【】]+/giu;

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Leaves to the sentence what belongs to it: a full stop, a comma, a bracket that was opened before the address. */
function trimEnd(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? '';
    const opener = pairs[last];
    const count = (character: string) => text.split(character).length - 1;
    const dangling = opener !== undefined && count(last) > count(opener);
    if (!dangling && !/[.,;:!?*_~|]/.test(last)) return text;
    text = text.slice(0, -1);
  }
}

function parseAddress(text: string): string | null {
  try {
    const url = new URL(text);
    const web = url.protocol === 'https:' || url.protocol === 'http:';
    // A name and password before the host make one address look like another.
    return web && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * What is shown for a link. Letters of other scripts in a host may imitate Latin ones, so such a host is shown in the
 * spelling that the network uses (punycode), as `URL` gives it.
 */
function showAddress(text: string, href: string): string {
  const host = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  return /[^\u0020-\u007e]/.test(host) ? href : text;
}

/** Cuts a message into words and links. Only `http` and `https`; everything else stays words. */
export function linkify(message: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of message.matchAll(candidate)) {
    const text = trimEnd(match[0]);
    const href = parseAddress(text);
    if (href === null) continue;
    if (match.index > done) parts.push({ kind: 'text', text: message.slice(done, match.index) });
    parts.push({ kind: 'link', text: showAddress(text, href), href });
    done = match.index + text.length;
  }
  if (done < message.length) parts.push({ kind: 'text', text: message.slice(done) });
  return parts;
}
