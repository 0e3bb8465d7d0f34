import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';

/**
 * What is spoken within TLS: version 1.2 at least (RFC 8996), and of the ciphers those with forward secrecy and
 * authenticated encryption alone (RFC 9325 §4.2). Every browser of the last ten years is served by them.
 */
export const TLS_SETTINGS: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  // Renegotiation lets a client make the server compute without end.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
};
