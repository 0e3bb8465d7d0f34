// Installs the system's programs that the tests need: a process of its own, beside which the first steps run.
import { installSystemPrograms } from './system-programs.mjs';

await installSystemPrograms();
