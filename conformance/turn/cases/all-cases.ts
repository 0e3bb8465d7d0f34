import type { TurnCase } from '../turn-case.ts';
import { ALLOCATE_CASES } from './allocate-cases.ts';
import { AUTHENTICATION_CASES } from './authentication-cases.ts';
import { BINDING_CASES } from './binding-cases.ts';
import { CHANNEL_CASES } from './channel-cases.ts';
import { DATAGRAM_CASES } from './datagram-cases.ts';
import { LIMIT_CASES } from './limit-cases.ts';
import { LIFETIME_CASES } from './lifetime-cases.ts';
import { OWN_ADDRESS_CASES } from './own-address-cases.ts';
import { PERMISSION_CASES } from './permission-cases.ts';
import { REFRESH_CASES } from './refresh-cases.ts';
import { SEND_CASES } from './send-cases.ts';
import { STREAM_CASES } from './stream-cases.ts';
import { TIME_LIMITED_CASES } from './time-limited-cases.ts';

export const TURN_CASES: readonly TurnCase[] = [
  ...BINDING_CASES,
  ...DATAGRAM_CASES,
  ...STREAM_CASES,
  ...AUTHENTICATION_CASES,
  ...TIME_LIMITED_CASES,
  ...ALLOCATE_CASES,
  ...REFRESH_CASES,
  ...PERMISSION_CASES,
  ...SEND_CASES,
  ...CHANNEL_CASES,
  ...OWN_ADDRESS_CASES,
  ...LIFETIME_CASES,
  ...LIMIT_CASES,
];
