// npm start: from a fresh clone to a running server. Installs and builds what is missing, then runs the program here.
// npm start -- --port 9000 hands options to the program.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Callbox needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(1);
}

const { arePackagesCurrent, installPackages } = await import('./install-packages.mjs');
if (!arePackagesCurrent()) {
  console.log('Installing what Callbox is made of. This happens once and takes about a minute.');
  if (!(await installPackages())) {
    console.error('The packages could not be installed: npm has said why above. A second try may help.');
    process.exit(1);
  }
}

const { isBuildCurrent } = await import('./build-stamp.mjs');
if (!isBuildCurrent()) {
  console.log('Building. This happens after a change and takes a few seconds.');
  const { build } = await import('./build.mjs');
  if (!build()) {
    console.error('The build failed: what is above says where.');
    process.exit(1);
  }
}

if (process.env.npm_lifecycle_event === 'start') endWithParent();
await import('../packages/callbox/dist/main.js');

/** npm runs this under a shell that dies of a SIGTERM without passing it on; the server would live on unseen. */
function endWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 100);
  timer.unref();
}
