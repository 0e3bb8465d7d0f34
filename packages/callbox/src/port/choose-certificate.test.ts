import { expect, test } from 'vitest';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { createCertificateChoice } from './choose-certificate.ts';

const local = await createSelfSigned(
  { names: ['box', 'box.local', 'calls.example'], addresses: ['192.168.1.5'] },
  Date.now(),
);
const forName = await createSelfSigned({ names: ['calls.example'], addresses: [] }, Date.now());
const forAddress = await createSelfSigned({ names: [], addresses: ['198.51.100.7'] }, Date.now());

test.each([
  ['calls.example', '192.168.1.9', 'main'],
  ['CALLS.example', '203.0.113.1', 'main'],
  ['box', '127.0.0.1', 'local'],
  ['box.local', '192.168.1.9', 'local'],
  // Neither stands for it, for each machine calls itself so.
  ['localhost', '127.0.0.1', 'main'],
  ['other.example', '203.0.113.1', 'main'],
  ['', '203.0.113.1', 'main'],
  // By a bare address: nobody but those nearby can have come by one that is ours.
  [undefined, '192.168.1.9', 'local'],
  [undefined, '::ffff:192.168.1.9', 'local'],
  [undefined, 'fe80::1%eth0', 'local'],
  [undefined, '127.0.0.1', 'local'],
  [undefined, '8.8.8.8', 'main'],
  [undefined, '2606:4700::1', 'main'],
  [undefined, '', 'main'],
])(
  'beside a certificate for a name, who asks for %s from %s is shown the %s one',
  (name, remote, expected) => {
    expect(createCertificateChoice(forName.cert, local.cert)(name, remote)).toBe(expected);
  },
);

test.each([
  // A cloud or a container shows everybody as near.
  [undefined, '172.17.0.1', 'main'],
  ['box.local', '192.168.1.9', 'local'],
])('beside one for an address, who asks for %s from %s is shown the %s one', (name, remote, expected) => {
  expect(createCertificateChoice(forAddress.cert, local.cert)(name, remote)).toBe(expected);
});
