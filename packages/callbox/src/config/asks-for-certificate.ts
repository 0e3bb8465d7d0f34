import type { Config } from './config.ts';

/** Whether the program shall ask a certificate authority for a certificate; else it never speaks to one. */
export function asksForCertificate(config: Pick<Config, 'domain' | 'acme' | 'cert'>): boolean {
  return config.cert === undefined && (config.acme || config.domain.length > 0);
}
