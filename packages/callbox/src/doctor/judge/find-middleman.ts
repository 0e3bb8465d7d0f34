/** How CDNs and balancers betray themselves: a header, and what stands in it. */
const marks: readonly (readonly [product: string, header: string, value: RegExp])[] = [
  ['Cloudflare', 'cf-ray', /./],
  ['Cloudflare', 'server', /^cloudflare/i],
  ['Amazon CloudFront', 'x-amz-cf-id', /./],
  ['Amazon CloudFront', 'via', /cloudfront/i],
  ['An Amazon load balancer', 'server', /^awselb/i],
  ['A Google load balancer', 'via', /^1\.1 google$/i],
  ['Fastly', 'x-served-by', /^cache-/i],
  ['Fastly', 'x-fastly-request-id', /./],
  ['Akamai', 'server', /^akamai/i],
  ['Azure Front Door', 'x-azure-ref', /./],
  ['Bunny', 'server', /^bunnycdn/i],
  ['Vercel', 'x-vercel-id', /./],
];

export interface Middleman {
  readonly product: string;
  /** The header that says so. */
  readonly evidence: string;
}

/**
 * Says which CDN or balancer an answer came through, if it shows. A proxy of one's own, nginx or Caddy, is none: it can
 * stand on the same machine, where the relay is reached beside it.
 */
export function findMiddleman(headers: Readonly<Record<string, string>>): Middleman | undefined {
  for (const [product, header, value] of marks) {
    const said = headers[header];
    if (said !== undefined && value.test(said)) return { product, evidence: `${header}: ${said}` };
  }
  return undefined;
}
