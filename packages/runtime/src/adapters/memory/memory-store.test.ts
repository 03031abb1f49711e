import { describeStoreContract } from '../../testkit/describe-store-contract.ts';
import { memoryStore } from './memory-store.ts';

describeStoreContract('in memory', async () => {
  const store = memoryStore();
  return { store, dispose: () => store.close() };
});
