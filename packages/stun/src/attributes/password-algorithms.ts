import type { AttributeCodec } from './attribute-codec.ts';
import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import {
  encodePasswordAlgorithms,
  parsePasswordAlgorithms,
  type PasswordAlgorithm,
} from './password-algorithm-value.ts';

/** PASSWORD-ALGORITHMS: those the server takes, best first (RFC 8489 §14.11). */
export const passwordAlgorithms: AttributeCodec<readonly PasswordAlgorithm[]> = {
  type: ATTRIBUTE_TYPE.passwordAlgorithms,
  name: 'PASSWORD-ALGORITHMS',
  encode: (list) => ({ type: ATTRIBUTE_TYPE.passwordAlgorithms, value: encodePasswordAlgorithms(list) }),
  parse: ({ value }) => parsePasswordAlgorithms(value),
};
