import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the tests need beside Node and git: how to see that it is here, its Debian package, and what fails without it. */
const needs = [
  { package: 'chromium', isHere: hasChromium, for: 'calls' },
  { package: 'firefox-esr', isHere: () => hasProgram('firefox-esr', 'firefox'), for: 'calls of Firefox' },
  {
    package: 'coturn',
    isHere: () => hasProgram('turnutils_uclient'),
    for: 'conformance against another server',
  },
  {
    package: 'pebble',
    isHere: () => hasProgram('pebble') && hasProgram('pebble-challtestsrv'),
    for: 'certificates from an authority',
  },
  { package: 'nginx', isHere: () => hasProgram('nginx'), for: 'pages behind nginx' },
  {
    package: 'libnginx-mod-stream',
    isHere: () => existsSync('/usr/lib/nginx/modules/ngx_stream_module.so'),
    for: 'one port behind nginx',
  },
  { package: 'caddy', isHere: () => hasProgram('caddy'), for: 'pages behind Caddy' },
  { package: 'iproute2', isHere: () => hasProgram('ip'), for: 'networks of the tests’ own' },
  { package: 'iptables', isHere: () => hasProgram('iptables'), for: 'blocked ports' },
  { package: 'tcpdump', isHere: () => hasProgram('tcpdump'), for: 'proof that nothing leaves' },
  { package: 'tinyproxy', isHere: () => hasProgram('tinyproxy'), for: 'guests behind an HTTP proxy' },
  {
    package: 'libnss3-tools',
    isHere: () => hasProgram('certutil'),
    for: 'authorities that a browser trusts',
  },
  { package: 'procps', isHere: () => hasProgram('ps'), for: 'measuring processes' },
  { package: 'fonts-noto-cjk', isHere: hasChineseFont, for: 'pictures with Chinese in them' },
];

const attempts = 5;
/** Seconds that apt-get waits by itself for another that holds the package database. */
const lockTimeoutSeconds = 120;

/** Installs what is missing of the system's programs, where this process may. It holds the process up meanwhile. */
export async function installSystemPrograms() {
  const missing = await findMissing();
  if (missing.length > 0 && isRoot() && hasProgram('apt-get')) {
    await installByApt(missing.map((need) => need.package));
  }
}

/** One line for each of the system's programs that is missing: what it is and what cannot be tested. */
export async function listMissingPrograms() {
  return (await findMissing()).map((need) => `${need.package} is missing: no ${need.for}`);
}

async function findMissing() {
  const missing = [];
  for (const need of needs) {
    if (!(await need.isHere())) missing.push(need);
  }
  return missing;
}

/** Whether this process may change the machine. */
export function isRoot() {
  return process.getuid?.() === 0;
}

async function installByApt(packages) {
  console.log(`Installing ${packages.join(', ')} …`);
  const lock = ['-o', `DPkg::Lock::Timeout=${lockTimeoutSeconds}`, '-o', 'Acquire::Retries=3'];
  // The lists of a bare image are missing or old. Where they cannot be had, those that are here may still do.
  await retry(() => apt([...lock, 'update', '-q']));
  await retry(() => apt([...lock, 'install', '-q', '-y', '--no-install-recommends', ...packages]));
}

/** A mirror that stumbles, or a list that another holds (for which apt-get does not wait), is tried again. */
async function retry(run) {
  for (let attempt = 1; ; attempt += 1) {
    const { status, output } = run();
    if (status === 0) return;
    console.log(output.trim().split('\n').slice(-5).join('\n'));
    if (attempt === attempts) return;
    await sleep(attempt * 5_000);
  }
}

function apt(parameters) {
  const result = spawnSync('apt-get', parameters, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}

function hasProgram(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return names.some((name) =>
    folders.some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}

async function hasChromium() {
  if (hasProgram('chromium', 'chromium-browser', 'google-chrome')) return true;
  // One of this repository's packages, which are installed only after this file is read.
  const { chromium } = await import('playwright-core');
  return existsSync(chromium.executablePath());
}

function hasChineseFont() {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true;
  const found = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  return found.status === 0 && found.stdout.trim() !== '';
}
