interface Codec {
  readonly mimeType: string;
}

/**
 * The codecs in the order in which a camera's picture is wanted. Nothing is left out: the list also holds
 * retransmission and error correction, and any codec may be the only one two browsers share.
 *
 * VP8 costs a software encoder least, and a mesh encodes once for each participant. A browser that puts H264 first of
 * itself (Safari, on most devices) has it in hardware, which costs less still.
 */
export function orderCameraCodecs<TCodec extends Codec>(codecs: readonly TCodec[]): TCodec[] {
  const hardwareH264 = codecs[0]?.mimeType.toLowerCase() === 'video/h264';
  return hardwareH264 ? [...codecs] : putFirst(codecs, 'video/vp8');
}

/** The same for a shared screen: VP9 has tools for text and still areas. */
export function orderScreenCodecs<TCodec extends Codec>(codecs: readonly TCodec[]): TCodec[] {
  return putFirst(codecs, 'video/vp9');
}

function putFirst<TCodec extends Codec>(codecs: readonly TCodec[], mimeType: string): TCodec[] {
  const wanted = codecs.filter((codec) => codec.mimeType.toLowerCase() === mimeType);
  return [...wanted, ...codecs.filter((codec) => !wanted.includes(codec))];
}
