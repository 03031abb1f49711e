/**
 * What tests of roles and adapters stand on.
 */
export { memoryStore } from '../adapters/memory/memory-store.ts';
export { RoleStage } from './role-stage.ts';
