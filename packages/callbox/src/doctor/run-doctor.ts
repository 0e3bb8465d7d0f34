import type { Config } from '../config/config.ts';
import { gatherFacts, type GatherOptions } from './gather/gather-facts.ts';
import { judge } from './judge/judge.ts';
import { parsePublicName } from './parse-public-name.ts';
import { renderReport, type RenderOptions } from './render-report.ts';
import { createReport, type Report } from './report.ts';

export interface DoctorOptions extends Partial<GatherOptions>, RenderOptions {
  /** The address by which guests open the server; without it and a `domain` only this machine is looked at. */
  readonly url: string | undefined;
  /** Whether a program reads it. */
  readonly json: boolean;
  readonly write: (text: string) => void;
}

const defaultTimeoutMs = 5_000;

/** The address that the configuration itself tells of. */
function findUrl({ domain, port, basePath, roles }: Config): string | undefined {
  const [name] = domain;
  if (name === undefined || !roles.includes('web')) return undefined;
  return `https://${name}${port === 443 ? '' : `:${port}`}${basePath}`;
}

/** Looks at the server from this machine and through its public name. Throws a `ConfigError` for an address that is none. */
export async function examine(
  config: Config,
  url: string | undefined,
  options: Partial<GatherOptions> = {},
): Promise<Report> {
  const address = url ?? findUrl(config);
  const name = address === undefined ? undefined : parsePublicName(address);
  const facts = await gatherFacts(config, name, { timeoutMs: defaultTimeoutMs, ...options });
  return createReport(facts, judge(facts));
}

/** Runs `callbox doctor`. Resolves with the exit code: 1 if there is a failure. */
export async function runDoctor(config: Config, options: DoctorOptions): Promise<number> {
  const report = await examine(config, options.url, options);
  options.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report, options));
  return report.findings.some(({ severity }) => severity === 'failure') ? 1 : 0;
}
