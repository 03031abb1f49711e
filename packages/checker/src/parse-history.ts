/**
 * The JSON form of a recorded history, parsed strictly. The names are those of the types; what a
 * recorder does not know it leaves out.
 */
import {
  levels,
  type Answer,
  type Attempt,
  type CacheEntry,
  type Effect,
  type Invocation,
  type Leftovers,
  type Operation,
  type RecordedHistory,
  type RestingPlace,
  type Session,
  type Version,
} from './history.ts';
import {
  count,
  finite,
  flag,
  HistoryFormatError,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  pairOf,
  text,
  type Fields,
  type Reader,
} from './json-shape.ts';

const version: Reader<Version> = mapOf(count);
const versions = mapOf(version);
const level = oneOf(...levels);
const status = oneOf('ok', 'failed', 'unknown');

const effect: Reader<Effect> = (json, where) =>
  objectOf((fields): Effect => {
    const kind = fields.need('kind', oneOf('put', 'delete', 'counter', 'set', 'map', 'max'));
    switch (kind) {
      case 'put':
      case 'delete':
        return { kind };
      case 'map':
        return { kind, fields: fields.optional('fields', mapOf(text)) };
      case 'counter':
        return { kind, add: fields.need('add', finite) };
      case 'set': {
        const add = fields.optional('add', listOf(text)) ?? [];
        return { kind, add, remove: fields.optional('remove', listOf(text)) ?? [] };
      }
      case 'max':
        return { kind, value: fields.need('value', finite) };
    }
  })(json, where);

const dot = objectOf((fields) => ({
  writer: fields.need('writer', text),
  count: fields.need('count', count),
}));

const stamp = objectOf((fields) => ({
  time: fields.need('time', finite),
  writer: fields.need('writer', text),
}));

const given: Reader<string | null | readonly string[]> = (json, where) =>
  json === null ? null : Array.isArray(json) ? listOf(text)(json, where) : text(json, where);

/** `value` alone is what a plain get returned: one of the siblings, or null for absent. */
function shownValues(fields: Fields): { values?: readonly string[]; isPick: boolean } {
  const values = fields.optional('values', listOf(text));
  if (values !== undefined) return { values, isPick: fields.optional('isPick', flag) ?? false };
  if (!fields.has('value')) return { isPick: true };
  const value = fields.need('value', (json, where) => (json === null ? [] : [text(json, where)]));
  return { values: value, isPick: fields.optional('isPick', flag) ?? true };
}

const operation: Reader<Operation> = objectOf((fields): Operation => {
  const kind = fields.need('kind', oneOf('read', 'write'));
  const common = {
    key: fields.need('key', text),
    status: fields.optional('status', status),
    atUs: fields.optional('atUs', finite),
  };
  if (kind === 'read') {
    return {
      kind,
      ...common,
      ...shownValues(fields),
      isTogether: fields.optional('isTogether', flag),
      state: fields.optional('state', finite),
      given: fields.optional('given', given),
      version: fields.optional('version', version),
      source: fields.optional('source', text),
      rule: fields.optional('rule', text),
    };
  }
  return {
    kind,
    ...common,
    value: fields.need('value', text),
    effect: fields.optional('effect', effect) ?? { kind: 'put' },
    text: fields.optional('text', text),
    rank: fields.optional('rank', stamp),
    dot: fields.optional('dot', dot),
    context: fields.optional('context', version),
    dependencies: fields.optional('dependencies', versions),
    stamp: fields.optional('stamp', stamp),
  };
});

const session: Reader<Session> = objectOf((fields): Session => {
  const id = fields.need('id', text);
  const operations = fields.need('operations', listOf(operation));
  if (!fields.has('invocation')) {
    const isContinued = fields.optional('isContinued', flag) ?? false;
    const asked = fields.optional('level', level) ?? 'lww';
    fields.optional('kind', oneOf('client'));
    return { kind: 'client', id, level: asked, isContinued, operations };
  }
  fields.optional('kind', oneOf('function'));
  return {
    kind: 'function',
    id,
    invocation: fields.need('invocation', text),
    attempt: fields.optional('attempt', count) ?? 1,
    node: fields.need('node', text),
    cache: fields.optional('cache', text),
    operations,
  };
});

const attempt: Reader<Attempt> = objectOf((fields) => ({
  number: fields.need('number', count),
  status: fields.need('status', oneOf('committed', 'abandoned', 'unknown')),
}));

const answer: Reader<Answer> = objectOf((fields) => ({
  status: fields.need('status', oneOf('ok', 'failed')),
  attempt: fields.optional('attempt', count),
  results: fields.optional('results', text),
}));

const invocation: Reader<Invocation> = objectOf((fields) => ({
  id: fields.need('id', text),
  level: fields.need('level', level),
  continues: fields.optional('continues', text),
  edges: fields.optional('edges', listOf(pairOf(text))) ?? [],
  attempts: fields.need('attempts', listOf(attempt)),
  asked: fields.optional('asked', count) ?? 1,
  answers: fields.optional('answers', listOf(answer)) ?? [],
}));

const cacheEntry: Reader<CacheEntry> = objectOf((fields) => ({
  key: fields.need('key', text),
  version: fields.need('version', version),
  dependencies: fields.optional('dependencies', versions) ?? new Map(),
}));

const cacheSnapshot = objectOf((fields) => ({
  cache: fields.need('cache', text),
  atUs: fields.optional('atUs', finite),
  entries: fields.need('entries', listOf(cacheEntry)),
}));

const restingPlace: Reader<RestingPlace> = objectOf((fields) => ({
  place: fields.need('place', text),
  held: fields.need(
    'held',
    listOf(
      objectOf((held) => ({
        key: held.need('key', text),
        ...shownValues(held),
        state: held.optional('state', finite),
        version: held.optional('version', version),
      })),
    ),
  ),
}));

const leftovers: Reader<Leftovers> = objectOf((fields) => ({
  place: fields.need('place', text),
  counts: fields.need('counts', mapOf(count)),
}));

const history: Reader<RecordedHistory> = objectOf((fields) => ({
  isComplete: fields.optional('isComplete', flag) ?? false,
  initial: fields.optional('initial', mapOf(text)) ?? new Map(),
  invocations: fields.optional('invocations', listOf(invocation)) ?? [],
  sessions: fields.need('sessions', listOf(session)),
  caches: fields.optional('caches', listOf(cacheSnapshot)) ?? [],
  atRest: fields.optional('atRest', listOf(restingPlace)) ?? [],
  leftovers: fields.optional('leftovers', listOf(leftovers)) ?? [],
}));

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new HistoryFormatError(`not JSON: ${reason}`);
  }
}

/** Throws a HistoryFormatError that says what is wrong, and where, when the text is no history. */
export function parseHistory(json: string): RecordedHistory {
  return history(parsedJson(json), 'history');
}
