import { cp, mkdir, mkdtemp, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

const repository = join(import.meta.dirname, '../..');

/**
 * Makes a program like this repository's, but with a newer build of the pages: every part has another name, and those of the
 * older build are not there any more. @returns its `main.js`.
 */
export async function makeNewerBuild(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'callbox-newer-'));
  const program = join(root, 'packages/callbox');
  const pages = join(root, 'apps/web/dist');
  await mkdir(program, { recursive: true });
  await cp(join(repository, 'packages/callbox/dist'), join(program, 'dist'), { recursive: true });
  await cp(join(repository, 'packages/callbox/package.json'), join(program, 'package.json'));
  await cp(join(repository, 'apps/web/dist'), pages, { recursive: true });
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  const assets = join(pages, 'assets');
  const names = await readdir(assets);
  const newer = new Map(names.map((name) => [name, name.replace(extname(name), `-newer${extname(name)}`)]));
  for (const [name, other] of newer) await rename(join(assets, name), join(assets, other));
  const texts = [
    ...[...newer.values()].filter((name) => /\.(?:js|css)$/.test(name)).map((name) => join(assets, name)),
    join(pages, 'index.html'),
    join(pages, 'parts.json'),
  ];
  for (const file of texts) {
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      [...newer].reduce((changed, [name, other]) => changed.replaceAll(name, other), text),
    );
  }
  return join(program, 'dist/main.js');
}
