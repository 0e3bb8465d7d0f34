import { describe } from 'vitest';
import { declareTurnSuite } from './declare-turn-suite.ts';
import { externalServer } from './servers/external.ts';

const server = externalServer(process.env);

describe.runIf(server !== undefined)('the server that TURN_SERVER names', () => {
  if (server !== undefined) declareTurnSuite(server);
});
