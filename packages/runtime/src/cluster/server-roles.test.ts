// Starting the server's roles on stores that an earlier start has written.
import type { FunctionDefinition } from '@stormglass/core';
import { expect, test } from 'vitest';
import type { Codec } from '../ports/codec.ts';
import type { Store } from '../ports/store.ts';
import type { Role } from '../ports/transport.ts';
import { RoleStage } from '../testkit/role-stage.ts';
import { createServerRoles, startServerRoles, type ServerRoles } from './server-roles.ts';

/** Every answer takes many turns, as that of a disk does. */
function slowStore(entries: Map<string, Uint8Array>): Store {
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    load: async (key) => {
      await turns();
      return entries.get(key);
    },
    save: async (saved) => {
      await turns();
      for (const { key, bytes } of saved) entries.set(key, bytes);
    },
    remove: async (keys) => {
      for (const key of keys) entries.delete(key);
    },
    scan: async ({ prefix }) => {
      await turns();
      return [...entries].flatMap(([key, bytes]) =>
        key.startsWith(prefix) ? [{ key, bytes }] : [],
      );
    },
    close: async () => undefined,
  };
}

/** Maps as arrays of pairs, which `parse` alone would not take. */
const codecOf = <T>(parse: (value: unknown) => T): Codec<T> => ({
  encode: (value) =>
    new TextEncoder().encode(
      JSON.stringify(value, (_key, held: unknown) =>
        held instanceof Map ? { pairs: [...held] } : held,
      ),
    ),
  decode: (bytes) =>
    parse(
      JSON.parse(new TextDecoder().decode(bytes), (_key, held: { pairs?: [string, unknown][] }) =>
        held?.pairs === undefined ? held : new Map(held.pairs),
      ),
    ),
});

async function startOn(
  disks: ReadonlyMap<string, Map<string, Uint8Array>>,
  incarnation: number,
): Promise<ServerRoles> {
  const { ports } = new RoleStage();
  const byAddress = new Map<string, Role>();
  const roles = createServerRoles({
    ports: {
      ...ports,
      transport: { send: (to, message) => byAddress.get(to)?.receive(message) },
    },
    stores: new Map([...disks].map(([id, entries]) => [id, slowStore(entries)])),
    codecOf,
    incarnation,
    onStoreFailure: (_storage, cause) => {
      throw cause;
    },
    onDrained: () => undefined,
  });
  for (const role of roles.all) byAddress.set(role.address, role);
  await startServerRoles(roles);
  return roles;
}

const definition = (name: string): FunctionDefinition => ({
  name,
  version: 0,
  language: 'javascript',
  source: '',
  javascript: '',
  parameters: [],
  timeoutMs: 1_000,
  memoryMb: 8,
});

test('what was registered before is known once the roles have started', async () => {
  const disks = new Map(['s1', 's2'].map((id) => [id, new Map<string, Uint8Array>()]));
  const first = await startOn(disks, 1);
  for (const name of ['f', 'g', 'h']) {
    const { failure } = await first.client.register({
      what: 'put-function',
      definition: definition(name),
    });
    expect(failure).toBeUndefined();
  }
  const dag = { name: 'd', nodes: [{ id: 'a', function: 'f' }], edges: [], version: 0 };
  expect((await first.client.register({ what: 'put-dag', dag })).failure).toBeUndefined();
  const { registry } = (await startOn(disks, 2)).scheduler;
  expect(registry.functions().map(({ name }) => name)).toEqual(
    expect.arrayContaining(['f', 'g', 'h']),
  );
  expect(registry.dag('d')).toMatchObject({ version: 1 });
});
