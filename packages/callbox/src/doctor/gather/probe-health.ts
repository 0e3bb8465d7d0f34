import type { HealthFact } from '../facts.ts';
import { fetchAnswer, reasonOf, type Answer } from './fetch-answer.ts';

function readHealth({ status, body }: Answer): HealthFact {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { kind: 'stranger', status };
  }
  if (typeof parsed !== 'object' || parsed === null || !('status' in parsed)) {
    return { kind: 'stranger', status };
  }
  if (status !== 200) return { kind: 'unready', status };
  const roles = 'roles' in parsed && Array.isArray(parsed.roles) ? parsed.roles : undefined;
  if (roles === undefined) return { kind: 'stranger', status };
  return {
    kind: 'callbox',
    instance: 'instance' in parsed && typeof parsed.instance === 'string' ? parsed.instance : undefined,
    roles: roles.map(String),
  };
}

/** Asks whoever listens there whether it is a Callbox, and well. */
export async function probeHealth(
  base: string,
  timeoutMs: number,
): Promise<{ readonly health: HealthFact; readonly answer: Answer | undefined }> {
  try {
    const answer = await fetchAnswer({ url: `${base}/healthz`, timeoutMs });
    return { health: readHealth(answer), answer };
  } catch (error) {
    return { health: { kind: 'silent', reason: reasonOf(error) }, answer: undefined };
  }
}
