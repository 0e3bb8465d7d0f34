import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = [process.execPath, 'node_modules/vitest/vitest.mjs'];

/**
 * Makes of steps what can run beside each other.
 *
 * @param isolation what runs a command in a network of its own, or null where nothing can.
 * @param isSplit whether a step may become several jobs.
 * @param resultsFolder where vitest writes its reports.
 * @returns jobs, those that take longest first: each with the step it is of, a name, a command, the file of its report or
 *   null, the cores it keeps busy, and its place among the others (`isFirst`, `isAlone`, `isLast`).
 */
export function listJobs(steps, { isolation, isSplit, resultsFolder }) {
  const jobs = steps.flatMap((step) =>
    partsOf(step, isSplit && isolation !== null).map((part) => {
      const { name, parameters = [], ...rest } = part;
      const report =
        step.vitest === undefined ? null : join(resultsFolder, `${name.replace(/\W+/g, '-')}.json`);
      // What would have been split may meet others at a port, or itself keep all cores busy: it runs alone.
      const isWhole = step.parts !== undefined || step.folder !== undefined;
      const cores = isWhole && part.parameters === undefined ? Infinity : (part.cores ?? 1);
      const base =
        step.vitest === undefined
          ? [...step.command, ...parameters]
          : vitestCommand([...step.vitest, ...parameters], report);
      return {
        isFirst: false,
        isAlone: false,
        isLast: false,
        seconds: 10,
        ...rest,
        step,
        name,
        report,
        cores,
        command: [...(part.isolated && isolation !== null ? [isolation] : []), ...base],
      };
    }),
  );
  return jobs.sort((one, other) => other.seconds - one.seconds);
}

/** The jobs of one step. */
function partsOf(step, isSplit) {
  const { parts, folder, files = {}, ...whole } = step;
  if (!isSplit) return [whole];
  if (parts !== undefined) {
    return Object.entries(parts).map(([name, parameters]) => ({
      ...whole,
      isolated: true,
      name: `${step.name} ${name}`,
      parameters,
    }));
  }
  if (folder === undefined) return [whole];
  const found = listFiles(step.vitest, folder);
  const lost = Object.keys(files).filter((file) => !found.includes(file));
  if (lost.length > 0)
    throw new Error(`the step ${step.name} names files that are no more: ${lost.join(', ')}`);
  return found.map((file) => ({
    ...whole,
    isolated: true,
    name: `${step.name} ${file.replace(/\.test\.ts$/, '')}`,
    parameters: [`${folder}/${file}`],
    ...files[file],
  }));
}

/** The test files of a configuration of vitest, from a folder on. */
function listFiles(configuration, folder) {
  const [program, ...parameters] = [...vitest, 'list', '--filesOnly', '--json', ...configuration];
  const { status, stdout, stderr } = spawnSync(program, parameters, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the test files of ${folder} cannot be listed: ${stderr}`);
  return JSON.parse(stdout).map(({ file }) => relative(join(root, folder), file));
}

function vitestCommand(parameters, report) {
  return [
    ...vitest,
    'run',
    ...parameters,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
}
