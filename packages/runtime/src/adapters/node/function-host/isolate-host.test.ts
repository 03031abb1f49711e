import { describeFunctionHostContract } from '../../../testkit/describe-function-host-contract.ts';
import { defineFunction } from './testkit/define-function.ts';
import { createIsolateHost } from './isolate-host.ts';

describeFunctionHostContract('isolated-vm', {
  makeHost: () => createIsolateHost({ executor: 'w1/e1' }),
  define: defineFunction,
});
