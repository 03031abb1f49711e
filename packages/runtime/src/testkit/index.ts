/**
 * What tests of roles and adapters stand on.
 */
export { RoleStage } from './role-stage.ts';
