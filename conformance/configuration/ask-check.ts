/** An ICE server as browsers are told of it. */
export interface ToldServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** What the check page of this origin, and the doctor, are told. */
export async function askCheck(signalPort: number, origin?: string): Promise<readonly ToldServer[]> {
  const url = `http://127.0.0.1:${signalPort}/check/ice-servers`;
  const response = await fetch(url, { headers: origin === undefined ? {} : { origin } });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return ((await response.json()) as { readonly iceServers: readonly ToldServer[] }).iceServers;
}
