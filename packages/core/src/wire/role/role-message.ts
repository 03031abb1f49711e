/**
 * The one union of messages between roles. Inside a process they pass as plain objects; at a
 * process border they are parsed by this schema.
 */
import * as z from 'zod';
import { fromStorage } from './from-storage.ts';
import { toCache } from './to-cache.ts';
import { toClient } from './to-client.ts';
import { toExecutor } from './to-executor.ts';
import { toScheduler } from './to-scheduler.ts';
import { toStorage } from './to-storage.ts';

export const roleMessage = z.discriminatedUnion('type', [
  ...toStorage,
  ...fromStorage,
  ...toCache,
  ...toExecutor,
  ...toScheduler,
  ...toClient,
]);
export type RoleMessage = z.infer<typeof roleMessage>;
export type MessageOf<Type extends RoleMessage['type']> = Extract<RoleMessage, { type: Type }>;
