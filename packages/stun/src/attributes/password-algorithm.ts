import type { AttributeCodec } from './attribute-codec.ts';
import { ATTRIBUTE_TYPE } from './attribute-type.ts';
import {
  encodePasswordAlgorithms,
  parsePasswordAlgorithms,
  type PasswordAlgorithm,
} from './password-algorithm-value.ts';

/** PASSWORD-ALGORITHM: the one the client chose (RFC 8489 §14.12). */
export const passwordAlgorithm: AttributeCodec<PasswordAlgorithm> = {
  type: ATTRIBUTE_TYPE.passwordAlgorithm,
  name: 'PASSWORD-ALGORITHM',
  encode: (choice) => ({ type: ATTRIBUTE_TYPE.passwordAlgorithm, value: encodePasswordAlgorithms([choice]) }),
  parse: ({ value }) => {
    const parsed = parsePasswordAlgorithms(value);
    if (!parsed.ok) return parsed;
    const [choice, ...more] = parsed.value;
    return choice === undefined || more.length > 0
      ? { ok: false, reason: 'wrong-length' }
      : { ok: true, value: choice };
  },
};
