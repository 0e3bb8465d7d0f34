// A pair that nobody trusts, for a name that there is not, good for a hundred years: what TLS costs does not depend on whose it is.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const keyPair = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBkjCCATegAwIBAgIUF6ueKuYM6Z1bUM4lcL8aEzdlqkkwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSYmVuY2guY2FsbGJveC50ZXN0MCAXDTI2MTEyMzAyNTk1M1oY
DzIxMjYxMDMwMDI1OTUzWjAdMRswGQYDVQQDDBJiZW5jaC5jYWxsYm94LnRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS79iBYPXyTYhnbsjQwQKFBU1F8n9L2
xtS8fo9c68IaPeJ7TyVX95EA6ivm0bYFK1gKnRWWxmKMyScW2sw16z3Wo1MwUTAd
BgNVHQ4EFgQUipDfe9tBJD8wRVGWo3WKnV3q6tcwHwYDVR0jBBgwFoAUipDfe9tB
JD8wRVGWo3WKnV3q6tcwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBG
AiEA7+K7RzCRE7M82BLAxP/iyjYVnwefUPjDYyMEcNumF0ACIQCDWkcM9PizUrjj
LQ2qIEGYBVKdvXWohoEYbQmdiqP9dw==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgr2unCpxKOskcZh8v
ObLzs4dpeKxdX0Fl4TB1+lUl7O+hRANCAAS79iBYPXyTYhnbsjQwQKFBU1F8n9L2
xtS8fo9c68IaPeJ7TyVX95EA6ivm0bYFK1gKnRWWxmKMyScW2sw16z3W
-----END PRIVATE KEY-----
`,
};

let files;

/** The same as files, for as long as this process lives. */
export function keyPairFiles() {
  if (files !== undefined) return files;
  const directory = mkdtempSync(join(tmpdir(), 'bench-turn-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true });
  });
  files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
  writeFileSync(files.cert, keyPair.cert);
  writeFileSync(files.key, keyPair.key, { mode: 0o600 });
  return files;
}
