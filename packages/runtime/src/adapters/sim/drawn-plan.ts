/**
 * Plans: what one function of a drawn DAG does, as plain data, and the function that does it.
 */
import { parseCallAddress, type Key } from '@stormglass/core';
import type { Random } from '../../ports/random.ts';
import { drawChance, drawInteger, drawOne } from './draws.ts';
import type { ScenarioFunction } from './scenario.ts';
import { callId, get, getAll, merge, put, remove, siblings, work } from './script.ts';
import { stepOfTry } from './tries.ts';

/** What a planned function does, in order. */
type Action =
  | { readonly get: Key }
  | { readonly getAll: readonly Key[] }
  | { readonly siblings: Key }
  | { readonly put: Key; readonly value: string }
  | { readonly remove: Key }
  | { readonly add: Key }
  | { readonly workMs: number };

/** Every plan that adds adds to this counter. */
export const COUNTER: Key = 'added';

const isAction = (value: unknown): value is Action => typeof value === 'object' && value !== null;

const actionsIn = (plan: unknown): readonly Action[] =>
  Array.isArray(plan) ? plan.filter(isAction) : [];

/** Does what its argument `plan` says. */
export const perform: ScenarioFunction = {
  name: 'perform',
  parameters: ['home', 'plan', 'left', 'right', 'given'],
  *script(_home, plan) {
    const again = repetitionOf(yield* callId());
    let performed = 0;
    for (const action of actionsIn(plan)) {
      if ('get' in action) yield* get(action.get);
      else if ('getAll' in action) yield* getAll(action.getAll);
      else if ('siblings' in action) yield* siblings(action.siblings);
      else if ('remove' in action) yield* remove(action.remove);
      else if ('put' in action) yield* put(action.put, `${action.value}${again}`);
      else if ('add' in action) yield* merge(action.add, { kind: 'counter', add: 1 });
      else yield* work(action.workMs);
      performed += 1;
    }
    return performed;
  },
};

/** Makes what a later attempt, or a later try of a client, writes another value. */
function repetitionOf(call: string): string {
  const place = parseCallAddress(call);
  if (place === undefined) return '';
  const { invocation, attempt } = place;
  const isFirst = attempt === 1 && stepOfTry(invocation) === invocation;
  return isFirst ? '' : ` of ${invocation}.${attempt}`;
}

/** How much a plan adds to {@link COUNTER}. */
export const additionsIn = (plan: unknown): number =>
  actionsIn(plan).filter((action) => 'add' in action).length;

/**
 * Which keys the functions of one scenario use, each as often as it stands there: two that everybody
 * uses, three alike, or three as with a zipf coefficient around 1.
 */
export const drawKeys = (random: Random): readonly Key[] =>
  drawOne(random, [
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'a', 'a', 'b', 'b', 'c'],
  ]);

/**
 * What programs do with shared keys, in the shapes that are known to go wrong: reading again after
 * having learnt more, following what one value depends on, overwriting what was read.
 */
const shapes: readonly (readonly ('get x' | 'get y' | 'put x' | 'put y' | 'work')[])[] = [
  ['get x', 'work', 'get y', 'get x'],
  ['get x', 'work', 'get y'],
  ['get y', 'get x'],
  ['get x'],
  ['get x', 'put y'],
  ['get y', 'put x'],
  ['get x', 'put x'],
  ['put x', 'put y'],
  ['put x', 'get x', 'put y'],
];

/** Every value that is written is written once, so a value tells which write it is. */
export const drawPlan = (random: Random, keys: readonly Key[], label: string): readonly Action[] =>
  drawChance(random, 0.5) ? drawShaped(random, keys, label) : drawFree(random, keys, label);

function drawShaped(random: Random, keys: readonly Key[], label: string): readonly Action[] {
  const keyOf = new Map([
    ['x', drawOne(random, keys)],
    ['y', drawOne(random, keys)],
  ]);
  return drawOne(random, shapes).map((step, index): Action => {
    const [what, which = ''] = step.split(' ');
    const key = keyOf.get(which);
    if (key === undefined) return { workMs: drawInteger(random, { min: 1, max: 60 }) };
    return what === 'get' ? { get: key } : { put: key, value: `${label}.${index}` };
  });
}

function drawFree(random: Random, keys: readonly Key[], label: string): readonly Action[] {
  const count = drawInteger(random, { min: 1, max: 4 });
  return Array.from({ length: count }, (_, index): Action => {
    const kind = random.next();
    if (kind < 0.4) return { get: drawOne(random, keys) };
    if (kind < 0.48) return { getAll: [drawOne(random, keys), drawOne(random, keys)] };
    if (kind < 0.52) return { siblings: drawOne(random, keys) };
    if (kind < 0.76) return { put: drawOne(random, keys), value: `${label}.${index}` };
    if (kind < 0.8) return { remove: drawOne(random, keys) };
    if (kind < 0.9) return { add: COUNTER };
    return { workMs: drawInteger(random, { min: 1, max: 20 }) };
  });
}
