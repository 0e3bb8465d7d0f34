/** Where in the way of a call something is the matter. */
export const layers = {
  server: 'Server',
  ports: 'Ports',
  address: 'Address',
  web: 'Web',
  certificate: 'Certificate',
  clock: 'Clock',
  relay: 'Relay',
  system: 'System',
  data: 'Data',
} as const;
export type Layer = keyof typeof layers;

/** `failure`: some or all calls will not work as they should. `warning`: they do, but something is not as it was meant. */
export type Severity = 'failure' | 'warning';

export interface Diagnosis {
  readonly layer: Layer;
  readonly severity: Severity;
  /** What is the matter, in one sentence. `{words}` in braces are filled in by what was found. */
  readonly what: string;
  /** The one thing to do about it. */
  readonly fix: string;
}

/**
 * Everything that `callbox doctor` can find, in the order in which a call meets it. `docs/troubleshooting.md` is made from
 * this table.
 */
export const diagnosisTable = {
  'not-running': {
    layer: 'server',
    severity: 'failure',
    what: 'The server is not running on this machine.',
    fix: 'Start it with the same options that you gave to the doctor: npx callbox.',
  },
  'not-ready': {
    layer: 'server',
    severity: 'failure',
    what: 'The server runs, but it is not ready to serve.',
    fix: 'Read its last lines of log; if they do not tell why, end it and start it again.',
  },
  'port-taken': {
    layer: 'ports',
    severity: 'failure',
    what: '{transport} port {port} is in use by {holder}.',
    fix: 'End that program, or choose another port with {flag}.',
  },
  'port-forbidden': {
    layer: 'ports',
    severity: 'failure',
    what: '{transport} port {port} is reserved for the administrator.',
    fix: 'Choose one above 1023 with {flag}, or let Node use it: sudo setcap cap_net_bind_service=+ep "$(command -v node)".',
  },
  'address-missing': {
    layer: 'ports',
    severity: 'failure',
    what: 'The address {address} to listen on is none of this machine.',
    fix: 'Leave out --host, or give it one of the addresses of this machine: {addresses}.',
  },
  'relay-ports-taken': {
    layer: 'ports',
    severity: 'failure',
    what: 'The ports of relayed media are in use by other programs.',
    fix: 'Choose a range that nobody uses, above the ports that the system gives out, with --relay-ports.',
  },
  'relay-ports-shared': {
    layer: 'ports',
    severity: 'warning',
    what: 'The system gives ports of relayed media to other programs.',
    fix: 'Choose a range above {lastEphemeral} with --relay-ports.',
  },
  'name-unknown': {
    layer: 'address',
    severity: 'failure',
    what: 'The name {name} has no address.',
    fix: 'Where your domain is managed, add an A record for {name} that holds {address}.',
  },
  'name-elsewhere': {
    layer: 'address',
    severity: 'failure',
    what: '{name} does not lead to this server.',
    fix: 'Where your domain is managed, let the A record of {name} hold {address}; a change takes up to an hour to be seen.',
  },
  'name-private': {
    layer: 'address',
    severity: 'warning',
    what: '{name} leads to a private address from here, which nobody on the internet can reach.',
    fix: 'Unless only the name list of this network says so, let the A record of {name} hold {address}.',
  },
  'no-hairpin': {
    layer: 'address',
    severity: 'warning',
    what: 'This machine cannot reach itself by {name}: your router sends nothing back inside.',
    fix: 'Ask from outside: open {url}/check on a phone without Wi-Fi. For people in this network, let {name} lead to {local} in your router’s own name list.',
  },
  'public-address-unknown': {
    layer: 'address',
    severity: 'warning',
    what: 'The relay tells guests the private address {relayed}, by which the internet cannot reach it.',
    fix: 'Start the server with --public-address {address}.',
  },
  'public-address-wrong': {
    layer: 'address',
    severity: 'warning',
    what: 'The relay tells guests the address {relayed}, but {name} holds another.',
    fix: 'Start the server with --public-address {address}, or correct the A record of {name}.',
  },
  'port-closed': {
    layer: 'web',
    severity: 'failure',
    what: 'TCP port {port} of {name} is closed to connections.',
    fix: 'Let TCP port {port} through to this machine: in its firewall (ufw allow {port}/tcp), the router’s port forwarding or the cloud’s security group.',
  },
  'cdn-in-front': {
    layer: 'web',
    severity: 'failure',
    what: '{product} answers in place of this server under {name}; it passes pages, but no relay.',
    fix: 'Let {name} lead straight to this machine: at Cloudflare, set the record to “DNS only”; elsewhere, take {name} out of the CDN or balancer.',
  },
  'proxy-cannot-reach': {
    layer: 'web',
    severity: 'failure',
    what: 'A proxy answers under {name}, but does not reach this server.',
    fix: 'Let the proxy pass everything to http://127.0.0.1:{port}; docs/operator.md has the lines for nginx and Caddy.',
  },
  'proxy-without-websocket': {
    layer: 'web',
    severity: 'failure',
    what: 'The proxy under {name} does not pass WebSocket.',
    fix: 'Let it pass upgrades; in nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade".',
  },
  'no-tls': {
    layer: 'certificate',
    severity: 'failure',
    what: 'There is no HTTPS on port {port} of {name}.',
    fix: 'Give the address with its right port, or let the proxy there speak TLS.',
  },
  'certificate-expired': {
    layer: 'certificate',
    severity: 'failure',
    what: 'The certificate of {name} has run out.',
    fix: 'Renew it, and give the new files to --cert and --key; with --domain {name} the server renews it by itself.',
  },
  'certificate-not-yet-valid': {
    layer: 'certificate',
    severity: 'failure',
    what: 'The certificate of {name} is not valid yet.',
    fix: 'Set the clock of this machine right (sudo timedatectl set-ntp true); if it is right, the certificate was made for later.',
  },
  'certificate-wrong-name': {
    layer: 'certificate',
    severity: 'failure',
    what: 'The certificate is not for {name}.',
    fix: 'Use a certificate for {name}: start the server with --domain {name}, or give it the right files with --cert and --key.',
  },
  'certificate-chain-incomplete': {
    layer: 'certificate',
    severity: 'failure',
    what: 'The certificate of {name} comes without its chain, so phones and programs refuse it.',
    fix: 'Give --cert the file with the whole chain (fullchain.pem, not cert.pem).',
  },
  'certificate-self-signed': {
    layer: 'certificate',
    severity: 'warning',
    what: 'This server made the certificate of {name} itself, so browsers warn about it.',
    fix: 'Start the server with --domain {name}: it then obtains one that browsers trust.',
  },
  'certificate-unknown-authority': {
    layer: 'certificate',
    severity: 'warning',
    what: 'The certificate of {name} is from an authority that this machine does not know.',
    fix: 'Use a certificate from a public authority (--domain {name}), or see that every guest’s device knows yours.',
  },
  'certificate-ends-soon': {
    layer: 'certificate',
    severity: 'warning',
    what: 'The certificate of {name} runs out soon and has not been renewed.',
    fix: 'Renew it now; if the server obtains it by itself, its log says why it could not.',
  },
  'clock-wrong': {
    layer: 'clock',
    severity: 'failure',
    what: 'The clock here and the one under {name} differ.',
    fix: 'Set both right: sudo timedatectl set-ntp true.',
  },
  'no-relay': {
    layer: 'relay',
    severity: 'warning',
    what: 'Guests are told of no relay, so only networks that can reach each other can call.',
    fix: 'Run the relay here (--roles with turn), or say where it is with --turn-url.',
  },
  'relay-closed': {
    layer: 'relay',
    severity: 'failure',
    what: 'The relay takes nobody new: it is drained, or has sent all that it may this month.',
    fix: 'Ask callbox status which it is, then raise --relay-budget or start the server again.',
  },
  'relay-dead': {
    layer: 'relay',
    severity: 'failure',
    what: 'The relay does not answer over {transport} even on this machine.',
    fix: 'Let the firewall of this machine pass {transport} port {port} (ufw allow {port}/{protocol}); if it does, start the server again.',
  },
  'relay-refuses': {
    layer: 'relay',
    severity: 'failure',
    what: 'The relay refuses the credentials that this server makes.',
    fix: 'Give the same --turn-secret to the relay and to the signaling, and set the clocks of both machines right.',
  },
  'foreign-relay-dead': {
    layer: 'relay',
    severity: 'failure',
    what: 'A relay of others that guests are told of does not relay: {url}.',
    fix: 'See whether it runs, and whether firewalls on the way let this machine through to it; or take it out of --ice-server.',
  },
  'foreign-relay-alone': {
    layer: 'relay',
    severity: 'failure',
    what: 'Two guests who are both relayed by a relay of others do not reach each other: {url}.',
    fix: 'Tell that relay its public address and its own (its external-ip, in most), and let what it sends to its public address come back to it.',
  },
  'foreign-relay-refuses': {
    layer: 'relay',
    severity: 'failure',
    what: 'A relay of others that guests are told of refuses their credentials: {url}.',
    fix: 'Give --ice-server the user or the secret that the relay there knows; with a secret, set the clocks of both machines right.',
  },
  'relay-full': {
    layer: 'relay',
    severity: 'failure',
    what: 'The relay takes nobody more.',
    fix: 'Widen --relay-ports, or wait until others are done; callbox sessions lists who uses it.',
  },
  'relay-does-not-relay': {
    layer: 'relay',
    severity: 'failure',
    what: 'The relay grants everything, but no packet comes through it.',
    fix: 'Start the server again; if it stays so, take back --deny-peer and other rules that shut out its own addresses.',
  },
  'udp-blocked': {
    layer: 'relay',
    severity: 'failure',
    what: 'UDP does not reach the relay under {name}: calls through it will be slow and break up.',
    fix: 'Let UDP port {port} through to this machine: in its firewall (ufw allow {port}/udp), the router’s port forwarding or the cloud’s security group. Balancers and CDNs pass no UDP.',
  },
  'turn-tcp-blocked': {
    layer: 'relay',
    severity: 'warning',
    what: 'TCP port {port} of the relay is closed under {name}.',
    fix: 'Let TCP port {port} through to this machine, as UDP port {port} is.',
  },
  'one-port-no-relay': {
    layer: 'relay',
    severity: 'failure',
    what: 'Port {port} of {name} serves the pages, but does not pass the relay.',
    fix: 'Let connections to port {port} come through unopened (a TCP proxy instead of an HTTP one), or say that a proxy is in front with --trusted-proxy.',
  },
  'relay-tls-blocked': {
    layer: 'relay',
    severity: 'failure',
    what: 'The relay cannot be reached over TLS on port {port} of {name}.',
    fix: 'Let TLS on port {port} end at this server instead of a proxy, or say that a proxy is in front with --trusted-proxy.',
  },
  'datagrams-dropped': {
    layer: 'system',
    severity: 'warning',
    what: 'The system throws datagrams away because its buffers are too small.',
    fix: 'Allow larger ones: sudo sysctl -w net.core.rmem_max=4194304, and the same line in /etc/sysctl.d/callbox.conf; then start the server again.',
  },
  'few-files': {
    layer: 'system',
    severity: 'warning',
    what: 'The server may open only {limit} files and connections at once.',
    fix: 'Allow more: LimitNOFILE=65536 in the systemd unit, or ulimit -n 65536 before it is started.',
  },
  'little-memory': {
    layer: 'system',
    severity: 'warning',
    what: 'Only {free} of memory are left.',
    fix: 'End other programs or add memory: the server wants 150 MB, and more with many calls.',
  },
  'data-readable': {
    layer: 'data',
    severity: 'failure',
    what: 'Other people on this machine can read the server’s secrets.',
    fix: 'Take that from them: chmod -R go= {directory}.',
  },
  'data-unusable': {
    layer: 'data',
    severity: 'failure',
    what: 'The server cannot use its data directory {directory}.',
    fix: 'Choose another with --data-dir, or give this one to the account that runs the server.',
  },
} as const satisfies Readonly<Record<string, Diagnosis>>;

export type DiagnosisId = keyof typeof diagnosisTable;

/** A diagnosis that holds here and now. */
export interface Finding {
  readonly id: DiagnosisId;
  readonly layer: Layer;
  readonly severity: Severity;
  readonly what: string;
  /** What was seen that says so. */
  readonly evidence: string;
  readonly fix: string;
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Makes a finding of a diagnosis. */
export function find(
  id: DiagnosisId,
  evidence: string,
  values: Readonly<Record<string, string | number>> = {},
): Finding {
  const { layer, severity, what, fix } = diagnosisTable[id];
  return { id, layer, severity, what: fill(what, values), evidence, fix: fill(fix, values) };
}
