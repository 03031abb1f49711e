/**
 * What user code was given of a key that is only ever merged into: the join of all that the version
 * contains. White box: a version says which merges those are.
 */
import { isSum } from './check-effects.ts';
import type { Effect, ReadOperation, Stamp, WriteOperation } from './history.ts';
import { isBefore, NO_ATTEMPT, type IndexedHistory, type Op } from './indexed-history.ts';
import { covers, isLaterStamp } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export function givenOfMerged(
  indexed: IndexedHistory,
  read: Op,
  given: ReadOperation['given'] | null,
): Violation | undefined {
  const kind = onlyKind(indexed.writesOfKey.get(read.key) ?? []);
  const parts = kind === undefined ? undefined : partsOf(indexed, read);
  if (kind === undefined || parts === undefined) return undefined;
  // Of what is merged there are no siblings: it is the only one.
  const [one = null] = typeof given === 'string' || given === null ? [given] : (given ?? []);
  if (isJoin[kind](one === null ? undefined : parsed(one), parts)) return undefined;
  const list = [...parts.certain, ...parts.possible].map(({ value }) => value).join(', ');
  const sentence = `${say(read)} and was given ${one ?? 'nothing'}, which is not the join of ${list || 'nothing'}`;
  return violation('wrong-value', sentence, [read]);
}

type MergedKind = Exclude<Effect['kind'], 'put' | 'delete'>;

/** None where a put or a delete has ever come between. */
function onlyKind(writes: readonly Op[]): MergedKind | undefined {
  let kind: MergedKind | undefined;
  for (const { operation } of writes) {
    if (operation.kind === 'read') continue;
    const { effect } = operation;
    if (effect.kind === 'put' || effect.kind === 'delete') return undefined;
    if (kind !== undefined && effect.kind !== kind) return undefined;
    if (effect.kind === 'set' && effect.remove.length > 0) return undefined;
    if (effect.kind === 'map' && effect.fields === undefined) return undefined;
    kind = effect.kind;
  }
  return kind;
}

interface Parts {
  readonly certain: readonly WriteOperation[];
  /** Nobody can tell whether they have happened. */
  readonly possible: readonly WriteOperation[];
}

/** The session's own merges, and those of others that the version counts. */
function partsOf(indexed: IndexedHistory, read: Op): Parts | undefined {
  const { operation } = read;
  if (operation.kind === 'write' || operation.version === undefined) return undefined;
  const certain: WriteOperation[] = [];
  const possible: WriteOperation[] = [];
  for (const write of indexed.writesOfKey.get(read.key) ?? []) {
    if (write.operation.kind === 'read') continue;
    const isOwn = read.attempt !== NO_ATTEMPT && write.attempt === read.attempt;
    if (isOwn && isBefore(indexed, write, read)) certain.push(write.operation);
    else if (write.operation.dot === undefined) return undefined;
    else if (!covers(operation.version, write.operation.dot)) continue;
    else if (write.status === 'ok') certain.push(write.operation);
    else if (write.status === 'unknown') possible.push(write.operation);
  }
  return { certain, possible };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a value, undefined where there was none, is the join of its parts. */
const isJoin: Readonly<Record<MergedKind, (value: unknown, parts: Parts) => boolean>> = {
  counter: (value, { certain, possible }) => {
    if (value === undefined) return certain.length === 0;
    const sum = sumOf(certain.map(additionOf));
    return typeof value === 'number' && isSum(value - sum, possible.map(additionOf));
  },
  set: (value, { certain, possible }) => {
    if (value === undefined) return certain.length === 0;
    const elements = new Set(Array.isArray(value) ? value.map((one) => JSON.stringify(one)) : []);
    const asked = certain.flatMap(elementsOf);
    const allowed = new Set([...asked, ...possible.flatMap(elementsOf)]);
    return (
      asked.every((one) => elements.has(one)) && [...elements].every((one) => allowed.has(one))
    );
  },
  max: (value, { certain, possible }) => {
    const numbers = certain.map(numberOf);
    if (value === undefined) return numbers.length === 0;
    const isThere = [...numbers, ...possible.map(numberOf)].some((one) => one === value);
    return isThere && numbers.every((one) => one <= Number(value));
  },
  map: (value, { certain, possible }) => {
    if (value === undefined) return certain.length === 0;
    const fields = new Map(
      Object.entries(typeof value === 'object' && value !== null ? value : {}),
    );
    const names = new Set([...certain, ...possible].flatMap((one) => [...fieldsOf(one).keys()]));
    return (
      [...fields.keys()].every((name) => names.has(name)) &&
      [...names].every((name) => isJoinOfField(fields.get(name), name, { certain, possible }))
    );
  },
};

/** The newest merge of the field, where an order is known. */
function isJoinOfField(value: unknown, name: string, { certain, possible }: Parts): boolean {
  const setters = certain.filter((one) => fieldsOf(one).has(name));
  const newest = setters.filter(({ rank }) => !setters.some((other) => isNewer(other.rank, rank)));
  if (value === undefined) return newest.length === 0;
  const maybe = possible.filter(
    (one) => fieldsOf(one).has(name) && !newest.some(({ rank }) => isNewer(rank, one.rank)),
  );
  const text = JSON.stringify(value);
  return [...newest, ...maybe].some((one) => sameJson(fieldsOf(one).get(name) ?? '') === text);
}

const isNewer = (one: Stamp | undefined, other: Stamp | undefined): boolean =>
  one !== undefined && other !== undefined && isLaterStamp(one, other);

const sameJson = (text: string): string => JSON.stringify(parsed(text));

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

const additionOf = ({ effect }: WriteOperation): number =>
  effect.kind === 'counter' ? effect.add : 0;

const elementsOf = ({ effect }: WriteOperation): readonly string[] =>
  effect.kind === 'set' ? effect.add.map(sameJson) : [];

const numberOf = ({ effect }: WriteOperation): number => (effect.kind === 'max' ? effect.value : 0);

const fieldsOf = ({ effect }: WriteOperation): ReadonlyMap<string, string> =>
  (effect.kind === 'map' ? effect.fields : undefined) ?? new Map();
