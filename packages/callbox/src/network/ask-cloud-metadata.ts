import { isIP } from 'node:net';

/** The link-local address at which clouds answer questions of their machines. */
const metadataOrigin = 'http://169.254.169.254';
const timeoutMs = 1_500;

interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where a token must be had first, and in which header it is shown (Amazon's IMDSv2). */
  readonly token?: {
    readonly path: string;
    readonly ask: Readonly<Record<string, string>>;
    readonly show: string;
  };
}

/** How each cloud is asked for the public IPv4 address of the machine. */
const questions: readonly Question[] = [
  // Amazon, and those that answer like it.
  {
    path: '/latest/meta-data/public-ipv4',
    token: {
      path: '/latest/api/token',
      ask: { 'X-aws-ec2-metadata-token-ttl-seconds': '60' },
      show: 'X-aws-ec2-metadata-token',
    },
  },
  { path: '/latest/meta-data/public-ipv4' },
  // Google
  {
    path: '/computeMetadata/v1/instance/network-interfaces/0/access-configs/0/external-ip',
    headers: { 'Metadata-Flavor': 'Google' },
  },
  // Azure
  {
    path: '/metadata/instance/network/interface/0/ipv4/ipAddress/0/publicIpAddress?api-version=2021-02-01&format=text',
    headers: { Metadata: 'true' },
  },
  // DigitalOcean
  { path: '/metadata/v1/interfaces/public/0/ipv4/address' },
  // Hetzner
  { path: '/hetzner/v1/metadata/public-ipv4' },
];

async function readText(url: string, init: RequestInit): Promise<string | undefined> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
  const text = (await response.text()).trim();
  return response.ok ? text : undefined;
}

async function ask(origin: string, { path, headers = {}, token }: Question): Promise<string | undefined> {
  try {
    const shown =
      token === undefined
        ? undefined
        : await readText(`${origin}${token.path}`, { method: 'PUT', headers: { ...token.ask } });
    if (token !== undefined && shown === undefined) return undefined;
    const shownHeader = token === undefined || shown === undefined ? {} : { [token.show]: shown };
    const text = await readText(`${origin}${path}`, { headers: { ...headers, ...shownHeader } });
    return text !== undefined && isIP(text) !== 0 ? text : undefined;
  } catch {
    // Another cloud, or none.
    return undefined;
  }
}

/** Asks the cloud in which this machine runs for its public address: all that are known, at once. Never rejects. */
export async function askCloudMetadata(origin: string = metadataOrigin): Promise<readonly string[]> {
  const answers = await Promise.all(questions.map((question) => ask(origin, question)));
  return answers.filter((answer) => answer !== undefined).slice(0, 1);
}
