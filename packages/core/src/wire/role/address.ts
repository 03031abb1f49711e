/**
 * Addresses of roles: `<role>` or `<role>/<id>`.
 */
import type { CacheId, ExecutorId, StorageId } from '../../ids.ts';

export type Address = string;

export const SCHEDULER: Address = 'scheduler';
export const CLIENT: Address = 'client';
export const cacheAddress = (cache: CacheId): Address => `cache/${cache}`;
export const executorAddress = (executor: ExecutorId): Address => `executor/${executor}`;
export const storageAddress = (storage: StorageId): Address => `storage/${storage}`;
