import { COTURN_DIFFERENCES } from './coturn-differences.ts';
import { declareTurnSuite } from './declare-turn-suite.ts';
import { startCoturn } from './servers/coturn.ts';
import { describeWithPrograms } from './servers/describe-with-programs.ts';

/** The suite proves itself against a server that the world has used for years. */
describeWithPrograms(['turnserver'], () => {
  declareTurnSuite({
    name: 'coturn with users',
    start: () => startCoturn('users'),
    features: ['second-user', 'ipv6-listener', 'ipv6-relay', 'denied-peers'],
    differences: COTURN_DIFFERENCES,
  });
  declareTurnSuite({
    name: 'coturn with a shared secret',
    start: () => startCoturn('shared-secret'),
    features: ['shared-secret'],
    only: 'shared-secret',
    differences: COTURN_DIFFERENCES,
  });
});
