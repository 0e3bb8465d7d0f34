// node tools/api-report.mjs [--check]: what a page can use of @callbox/client, as text in packages/client/API.md. Whoever changes
// it sees so in the diff of the commit; with --check a report that is out of date fails. Reads what `tsc -b` has written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { parseSync, Visitor } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = join(root, 'packages/client/dist/index.d.ts');
const reportFile = join(root, 'packages/client/API.md');
const heading = `# The API of @callbox/client

Written by \`npm run api-report\`, and checked by \`npm test\`: every name that a page can import, and the types of this repository that
those are made of. What each is for stands beside it in the source.`;

const modules = new Map();

/** A file of declarations: what it declares and imports by name, and what it passes on. */
function readModule(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, text, { lang: 'dts' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const module = {
    file,
    text,
    comments,
    declarations: new Map(),
    imports: new Map(),
    exports: new Map(),
    stars: [],
  };
  for (const statement of program.body) readStatement(module, statement);
  modules.set(file, module);
  return module;
}

function readStatement(module, statement) {
  const source = statement.source?.value;
  if (statement.type === 'ImportDeclaration') {
    for (const { local, imported } of statement.specifiers) {
      module.imports.set(local.name, { source, name: imported?.name ?? '*' });
    }
  } else if (statement.type === 'ExportAllDeclaration') {
    module.stars.push(source);
  } else if (statement.type === 'ExportNamedDeclaration' && statement.declaration === null) {
    for (const { local, exported } of statement.specifiers) {
      module.exports.set(exported.name, { source, name: local.name });
    }
  } else {
    const declaration = statement.declaration ?? statement;
    const nodes = declaration.declarations ?? [declaration];
    for (const { id } of nodes) {
      if (id === undefined || id === null) continue;
      module.declarations.set(id.name, { node: statement, name: id.name });
      if (statement.type === 'ExportNamedDeclaration') module.exports.set(id.name, { name: id.name });
    }
  }
}

/** The file that an import names; null for one that is not of this repository. */
function resolveSource(from, source) {
  if (source.startsWith('.')) return join(dirname(from), source.replace(/\.(ts|js)$/, '.d.ts'));
  const [scope, name] = source.split('/');
  const file = join(root, 'packages', name ?? '', 'dist/index.d.ts');
  return scope === '@callbox' && existsSync(file) ? file : null;
}

/** All names that a file exports, each with where it is declared. */
function listExports(file) {
  const module = readModule(file);
  const found = new Map();
  for (const source of module.stars) {
    const other = resolveSource(file, source);
    if (other !== null) for (const [name, place] of listExports(other)) found.set(name, place);
  }
  for (const name of module.exports.keys()) found.set(name, findDeclaration(file, name));
  return found;
}

/** Where a name that a file exports is declared; null for one that is not of this repository. */
function findDeclaration(file, name) {
  const module = readModule(file);
  const exported = module.exports.get(name);
  if (exported?.source !== undefined) {
    const other = resolveSource(file, exported.source);
    return other === null ? null : findDeclaration(other, exported.name);
  }
  if (exported !== undefined) return findName(module, exported.name);
  for (const source of module.stars) {
    const other = resolveSource(file, source);
    const place = other === null ? null : findDeclaration(other, name);
    if (place !== null) return place;
  }
  return null;
}

/** What a name means inside a file. */
function findName(module, name) {
  if (module.declarations.has(name)) return { file: module.file, name };
  const imported = module.imports.get(name);
  if (imported === undefined) return null;
  const other = resolveSource(module.file, imported.source);
  return other === null ? null : findDeclaration(other, imported.name);
}

/** The names that a declaration is made of. */
function listReferences(node) {
  const names = new Set();
  const take = (found) => {
    let name = found;
    while (name?.type === 'TSQualifiedName') name = name.left;
    if (name?.type === 'Identifier') names.add(name.name);
  };
  new Visitor({
    TSTypeReference: ({ typeName }) => take(typeName),
    TSTypeQuery: ({ exprName }) => take(exprName),
    TSInterfaceHeritage: ({ expression }) => take(expression),
  }).visit({ type: 'Program', body: [node], sourceType: 'module', hashbang: null, start: 0, end: 0 });
  return names;
}

/** The text of a declaration without its comments. */
function printDeclaration({ file, name }) {
  const { text, comments, declarations } = readModule(file);
  const { node } = declarations.get(name);
  const inside = comments.filter(({ start, end }) => start >= node.start && end <= node.end);
  let printed = '';
  let at = node.start;
  for (const { start, end } of inside) {
    printed += text.slice(at, start).trimEnd();
    at = end;
  }
  return printed + text.slice(at, node.end);
}

/** Whether a sentence stands before it. */
function isDocumented({ file, name }) {
  const { text, comments, declarations } = readModule(file);
  const { node } = declarations.get(name);
  return comments.some(
    ({ type, value, end }) =>
      type === 'Block' &&
      value.startsWith('*') &&
      end <= node.start &&
      text.slice(end, node.start).trim() === '',
  );
}

const keyOf = ({ file, name }) => `${relative(root, file)} ${name}`;

function collect() {
  const exported = [...listExports(entry)]
    .filter(([, place]) => place !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const seen = new Set(exported.map(([, place]) => keyOf(place)));
  const parts = [];
  const pending = exported.map(([, place]) => place);
  for (let place = pending.shift(); place !== undefined; place = pending.shift()) {
    const module = readModule(place.file);
    for (const name of listReferences(module.declarations.get(place.name).node)) {
      const found = findName(module, name);
      if (found === null || seen.has(keyOf(found))) continue;
      seen.add(keyOf(found));
      parts.push(found);
      pending.push(found);
    }
  }
  parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { exported: exported.map(([, place]) => place), parts };
}

async function writeReport({ exported, parts }) {
  const options = (await resolveConfig(reportFile)) ?? {};
  const block = async (places) => {
    const code = places.map(printDeclaration).join('\n\n');
    return `\`\`\`ts\n${await format(code, { ...options, parser: 'typescript' })}\`\`\``;
  };
  const markdown = `${heading}\n\n## To be imported\n\n${await block(exported)}\n\n## What they are made of\n\n${await block(parts)}\n`;
  return format(markdown, { ...options, parser: 'markdown' });
}

const found = collect();
const silent = found.exported.filter((place) => !isDocumented(place));
for (const place of silent) console.error(`no sentence says what ${keyOf(place)} is`);
const report = await writeReport(found);
const before = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : '';
if (!process.argv.includes('--check')) {
  writeFileSync(reportFile, report);
} else if (report !== before) {
  console.error(
    'packages/client/API.md is not what the package exports: run npm run api-report and look at the difference',
  );
  process.exitCode = 1;
}
if (silent.length > 0) process.exitCode = 1;
