import { expect, test } from 'vitest';
import {
  describeFunctionHostContract,
  HostStage,
} from '../../../testkit/describe-function-host-contract.ts';
import { defineFunction } from './testkit/define-function.ts';
import { createIsolateHost } from './isolate-host.ts';

describeFunctionHostContract('isolated-vm', {
  makeHost: () => createIsolateHost({ executor: 'w1/e1' }),
  define: defineFunction,
});

test('a function whose requests are all answered at once leaves the event loop its turns', async () => {
  const stage = new HostStage(createIsolateHost({ executor: 'w1/e1' }));
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    if (stage.outcomes.size === 0) setImmediate(turn);
  };
  setImmediate(turn);
  const asks = defineFunction(`export default async (cloud) => {
    const end = Date.now() + 400
    while (Date.now() < end) await cloud.put('k', 1)
    return 'done'
  }`);
  expect(await stage.result(asks)).toBe('done');
  expect(turns).toBeGreaterThan(2);
  stage.host.close();
});
