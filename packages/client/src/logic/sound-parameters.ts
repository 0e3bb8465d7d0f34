/** How the sound of one media section is to be sent. */
export interface SoundWish {
  /** Music: both channels, all the bits they are worth, and no pauses where it becomes quiet. */
  readonly full: boolean;
  /** Every packet brings the one before it once more, where both sides can (RFC 2198). */
  readonly redundant: boolean;
}

export const plainVoice: SoundWish = { full: false, redundant: false };
export const fullSound: SoundWish = { full: true, redundant: false };

/** Each second, of both channels together. */
const fullBits = 128_000;
/** What we have an opinion on. Others of theirs stay. */
const ours = new Set(['stereo', 'maxaveragebitrate', 'usedtx', 'useinbandfec']);

/**
 * Says how our own encoders are to send the sound of each section, in their order; those beyond the wishes are left alone.
 *
 * RFC 7587 §6.1: the parameters say what the *receiver* would like, and so does the order of the formats (RFC 3264 §6.1).
 * So they go into the description that came from the other side, before it is applied. Browsers offer no other way.
 */
export function askForSound(sdp: string, wishes: readonly SoundWish[]): string {
  const left = [...wishes];
  return mapSections(sdp, (section) => {
    if (!section.startsWith('m=audio ')) return section;
    const wish = left.shift();
    if (wish === undefined) return section;
    const spelt = setOpus(section, [
      'useinbandfec=1',
      ...(wish.full ? ['stereo=1', `maxaveragebitrate=${fullBits}`] : ['usedtx=1']),
    ]);
    return wish.redundant ? putRedundancyFirst(spelt) : spelt;
  });
}

/**
 * Says in a description of our own that we play both channels of what comes. Firefox says so by itself; others decode
 * one channel for who has not said it.
 */
export function offerStereo(sdp: string): string {
  return mapSections(sdp, (section) => {
    const isSaid = /^a=fmtp:\d+ .*\bstereo=1/m.test(section);
    if (!section.startsWith('m=audio ') || isSaid) return section;
    return section.replace(opusLine(section), (line) => `${line};stereo=1`);
  });
}

function mapSections(sdp: string, map: (section: string) => string): string {
  return sdp
    .split(/^(?=m=)/m)
    .map(map)
    .join('');
}

/** The line with the parameters of Opus; none that matches where a section has no Opus, or no such line. */
function opusLine(section: string): RegExp {
  const [, payloadType] = /^a=rtpmap:(\d+) opus\/48000/im.exec(section) ?? [];
  return payloadType === undefined ? /(?!)/ : new RegExp(`^a=fmtp:${payloadType} .*$`, 'm');
}

function setOpus(section: string, wanted: readonly string[]): string {
  return section.replace(opusLine(section), (line) => {
    const [head = '', ...rest] = line.split(' ');
    const others = rest
      .join(' ')
      .split(';')
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== '' && !ours.has(parameter.split('=')[0] ?? ''));
    return `${head} ${[...others, ...wanted].join(';')}`;
  });
}

function putRedundancyFirst(section: string): string {
  const [, redundant] = /^a=rtpmap:(\d+) red\/48000/im.exec(section) ?? [];
  if (redundant === undefined) return section;
  return section.replace(/^(m=audio \S+ \S+)((?: \d+)+)/, (_, head: string, list: string) => {
    const formats = list.trim().split(' ');
    return [head, redundant, ...formats.filter((format) => format !== redundant)].join(' ');
  });
}
