/**
 * Operands of `cloud.merge`. User code holds opaque frozen objects; what they stand for is kept here.
 */
import { freeze, privateTable } from './primordials.ts';

/**
 * The kind of lattice and its content as texts: a number, elements, or names and values in turn.
 */
export interface Operand {
  readonly kind: 'counter' | 'set' | 'map' | 'max';
  readonly texts: readonly (number | string)[];
}

const operands = privateTable<Operand>();

export function makeOperand(kind: Operand['kind'], texts: readonly (number | string)[]): object {
  const operand = freeze({ __proto__: null, kind });
  operands.set(operand, { kind, texts });
  return operand;
}

export function operandOf(value: unknown): Operand | undefined {
  return operands.get(value);
}
