/**
 * A simulation's history in the form that the independent checkers read: what every function and
 * client was given and handed over, who triggers whom, and what was left at rest.
 */
import {
  EMPTY_HISTORY,
  type Attempt,
  type Effect,
  type FunctionSession,
  type Held,
  type Invocation,
  type Operation,
  type RecordedHistory,
  type RestingPlace,
  type Status,
  type WriteOperation as RecordedWrite,
} from '@stormglass/checker';
import {
  LWW_WRITER,
  valueOf,
  versionOf,
  type Capsule,
  type CapsuleOrAbsent,
  type InvocationId,
  type Key,
  type RegisterWrite,
} from '@stormglass/core';
import type {
  AtBorder,
  AttemptEntry,
  FlushEntry,
  GotEntry,
  History,
  PutEntry,
  WroteEntry,
} from './history.ts';
import { GivenReads, sessionName, type OpenRead } from './given-reads.ts';
import type { Scenario } from './scenario.ts';
import { stepOfTry } from './tries.ts';

export function recordedHistory(history: History, scenario: Scenario): RecordedHistory {
  const dots = new Set<string>();
  const given = new GivenReads(scenario, nameOf);
  const sessions = new Map<string, OpenSession>();
  const clientWrites = new Map<string, RecordedWrite>();
  const places = new Map<string, Held[]>();
  const leftovers: RecordedHistory['leftovers'][number][] = [];
  const puts: PutEntry[] = [];
  for (const entry of history) {
    if (entry.kind === 'got') {
      const { id, operations } = sessionAt(sessions, entry);
      const read = readOf(entry);
      operations.push(read);
      given.onAnswer(id, read);
      given.noteNames(entry.capsule);
    } else if (entry.kind === 'called') given.onCalled(entry);
    else if (entry.kind === 'seen') {
      for (const [place, read] of given.onSeen(entry)) {
        sessionAt(sessions, place).operations.push(read);
      }
    } else if (entry.kind === 'wrote') {
      const { id, operations } = sessionAt(sessions, entry);
      operations.push(writeOf(entry, { dots, name: `${id}[${operations.length}]` }));
      given.noteNames(entry.capsule);
    } else if (entry.kind === 'flush') noteFlush(sessions, scenario, history, entry);
    else if (entry.kind === 'sent') {
      for (const write of sentWrites(entry.key, entry.capsule))
        clientWrites.set(write.value, write);
    } else if (entry.kind === 'put') puts.push(entry);
    else if (entry.kind === 'held') {
      const held = places.get(entry.place);
      const one = { key: entry.key, ...shown(entry.capsule) };
      if (held === undefined) places.set(entry.place, [one]);
      else held.push(one);
    } else if (entry.kind === 'leftover') {
      const counts = new Map(Object.entries({ pins: entry.pinned, calls: entry.calls }));
      leftovers.push({ place: entry.worker, counts });
    }
  }
  const ungiven = given.ungiven();
  const clients = [...clientWrites.values()].map((write) => ({
    ...write,
    status: isAcknowledged(write, puts) ? ('ok' as const) : ('unknown' as const),
  }));
  return {
    ...EMPTY_HISTORY,
    isComplete: true,
    invocations: invocationsOf(history, scenario),
    sessions: [
      ...[...sessions.values()].map((session) => withoutReads(session, ungiven)),
      { kind: 'client', id: 'client', level: 'lww', isContinued: false, operations: clients },
    ],
    atRest: [...places].map(([place, held]): RestingPlace => ({ place, held })),
    leftovers,
  };
}

interface OpenSession extends FunctionSession {
  readonly operations: Operation[];
}

const withoutReads = (session: OpenSession, reads: ReadonlySet<Operation>): FunctionSession =>
  session.operations.some((one) => reads.has(one))
    ? { ...session, operations: session.operations.filter((one) => !reads.has(one)) }
    : session;

function sessionAt(sessions: Map<string, OpenSession>, entry: AtBorder): OpenSession {
  const id = sessionName(entry);
  const known = sessions.get(id);
  if (known !== undefined) return known;
  const { invocation, attempt, node } = entry;
  const session: OpenSession = {
    kind: 'function',
    id,
    invocation,
    attempt,
    node,
    operations: [],
  };
  sessions.set(id, session);
  return session;
}

/** What it shows: the writes side by side, tombstones too; what was merged shows as a state. */
function shown(capsule: CapsuleOrAbsent): Pick<Held, 'values' | 'state' | 'version' | 'isPick'> {
  if (capsule === 'absent') return { values: [], version: new Map(), isPick: false };
  const version = versionOf(capsule);
  if (capsule.kind === 'register') {
    return { values: capsule.writes.map((write) => nameOf(write)), version, isPick: false };
  }
  const state = Number(valueOf(capsule) ?? 0);
  return Number.isFinite(state) ? { state, version, isPick: false } : { version, isPick: false };
}

function readOf({ atUs, key, capsule, isTogether }: GotEntry): OpenRead {
  return { kind: 'read', atUs, key, isTogether, ...shown(capsule) };
}

/** No two writes have the same name: an LWW write is named by its stamp, others by their dot. */
const nameOf = ({ writer, counter, timestamp, value }: RegisterWrite): string =>
  `${value ?? 'deletion'} of ${counter === undefined ? `${writer} at ${timestamp}` : `${writer} ${counter}`}`;

interface Naming {
  /** Of all writes until now. */
  readonly dots: Set<string>;
  /** For what has no name of its own. */
  readonly name: string;
}

function writeOf({ atUs, key, capsule, write }: WroteEntry, naming: Naming): RecordedWrite {
  const { operation } = write;
  if (capsule.kind === 'register') {
    // None is new where a later write of the session did not come out on top of an earlier one.
    const made = capsule.writes.find((one) => !naming.dots.has(nameOf(one)));
    if (made !== undefined) {
      naming.dots.add(nameOf(made));
      return { ...registerWrite(key, made), text: textOf(write), atUs };
    }
  }
  const effect: Effect =
    operation === 'delete'
      ? { kind: 'delete' }
      : operation === 'merge'
        ? effectOf(write.operand)
        : { kind: 'put' };
  const text = textOf(write);
  return {
    kind: 'write',
    atUs,
    key,
    value: naming.name,
    text,
    effect,
    ...rankOfFields(capsule, write),
    ...mergedDot(capsule, naming),
  };
}

/** What a put was handed, as it was handed over. */
const textOf = (write: WroteEntry['write']): string | undefined =>
  write.operation === 'put' ? write.value : undefined;

type Operand = Extract<WroteEntry['write'], { operation: 'merge' }>['operand'];

function effectOf(operand: Operand): Effect {
  switch (operand.kind) {
    case 'counter':
      return { kind: 'counter', add: operand.add };
    case 'set':
      return { kind: 'set', add: operand.elements, remove: [] };
    case 'map':
      return { kind: 'map', fields: new Map(operand.fields) };
    case 'max':
      return { kind: 'max', value: operand.max };
  }
}

/** Which of two merges of a field of a map is the newer one. */
function rankOfFields(capsule: Capsule, write: WroteEntry['write']): Pick<RecordedWrite, 'rank'> {
  if (capsule.kind !== 'map' || write.operation !== 'merge' || write.operand.kind !== 'map') {
    return {};
  }
  const [[name] = ['']] = write.operand.fields;
  const field = capsule.fields.get(name);
  return field === undefined ? {} : { rank: { time: field.timestamp, writer: field.writer } };
}

/** The count that nobody had before is the dot of this merge; the rest is what it came upon. */
function mergedDot(
  capsule: Capsule,
  { dots }: Naming,
): Pick<RecordedWrite, 'dot' | 'context' | 'dependencies'> {
  if (capsule.kind === 'register') return {};
  for (const [writer, count] of capsule.clock) {
    const name = `${writer} ${count}`;
    if (dots.has(name)) continue;
    dots.add(name);
    const context = new Map(capsule.clock).set(writer, count - 1);
    return { dot: { writer, count }, context, dependencies: capsule.dependencies };
  }
  return {};
}

/** An LWW write replaces every smaller one, and nothing else. */
function registerWrite(key: Key, made: RegisterWrite): RecordedWrite {
  const { writer, counter, timestamp, context, dependencies, value } = made;
  const effect: Effect = value === null ? { kind: 'delete' } : { kind: 'put' };
  const rank = { time: timestamp, writer };
  const text = value ?? undefined;
  const common = { kind: 'write', key, value: nameOf(made), text, effect, rank } as const;
  if (counter !== undefined) {
    return { ...common, dot: { writer, count: counter }, context, dependencies };
  }
  return {
    ...common,
    dot: { writer: LWW_WRITER, count: timestamp },
    context: new Map([[LWW_WRITER, timestamp - 1]]),
    dependencies,
    stamp: rank,
  };
}

function sentWrites(key: Key, capsule: Capsule): readonly RecordedWrite[] {
  return capsule.kind === 'register' ? capsule.writes.map((made) => registerWrite(key, made)) : [];
}

/** Storage told a client of a version that contains it. */
function isAcknowledged({ key, dot }: RecordedWrite, puts: readonly PutEntry[]): boolean {
  return puts.some(
    (put) =>
      put.key === key &&
      put.failure === undefined &&
      dot !== undefined &&
      (put.version[dot.writer] ?? 0) >= dot.count,
  );
}

/** From when it is asked for, what was written until then may be visible; when it is done, it is. */
function noteFlush(
  sessions: ReadonlyMap<string, OpenSession>,
  scenario: Scenario,
  history: History,
  { invocation, attempt, node, isDone }: FlushEntry,
): void {
  const start = history.find(
    (entry): entry is AttemptEntry => entry.kind === 'attempt' && entry.invocation === invocation,
  );
  const before = ancestorsOf(node, edgesOf(scenario, start?.dag));
  for (const session of sessions.values()) {
    if (session.invocation !== invocation || session.attempt !== attempt) continue;
    if (!before.has(session.node)) continue;
    for (const [index, operation] of session.operations.entries()) {
      if (operation.kind === 'read' || operation.status === 'ok') continue;
      const status: Status = isDone ? 'ok' : 'unknown';
      session.operations[index] = { ...operation, status };
    }
  }
}

function ancestorsOf(node: string, edges: Invocation['edges']): ReadonlySet<string> {
  const found = new Set([node]);
  for (const reached of found) {
    for (const [from, to] of edges) if (to === reached) found.add(from);
  }
  return found;
}

function edgesOf(scenario: Scenario, dag: string | undefined): Invocation['edges'] {
  const declared = scenario.dags.find(({ name }) => name === dag);
  return declared?.edges.map(({ from, to }) => [from, to] as const) ?? [];
}

/** Those that clients were to ask for, answered or not, and those that somebody else asked for. */
function invocationsOf(history: History, scenario: Scenario): readonly Invocation[] {
  const starts = new Map<InvocationId, AttemptEntry[]>();
  const answers = new Map<InvocationId, (Invocation['answers'][number] & { attempt: number })[]>();
  for (const entry of history) {
    if (entry.kind === 'attempt') {
      const known = starts.get(entry.invocation);
      if (known === undefined) starts.set(entry.invocation, [entry]);
      else known.push(entry);
    } else if (entry.kind === 'answer') {
      const { invocation, attempts: attempt, results, failure } = entry;
      const status = failure === undefined ? ('ok' as const) : ('failed' as const);
      const answer = { status, attempt, results: JSON.stringify([results, failure]) };
      const known = answers.get(invocation);
      if (known === undefined) answers.set(invocation, [answer]);
      else known.push(answer);
    }
  }
  const tries = triesIn(history);
  const excused = new Set(
    history.flatMap((entry) => (entry.kind === 'unanswered' ? [entry.invocation] : [])),
  );
  const invocations = new Map<InvocationId, Invocation>();
  for (const steps of scenario.clients) {
    let last: InvocationId | undefined;
    for (const step of steps) {
      if (step.do !== 'invoke') continue;
      const continues = step.continuesSession === true ? last : undefined;
      const ids = [step.invocation, ...(tries.get(step.invocation) ?? [])];
      // A later try may be told what an earlier one has come to.
      const isAnswered = ids.some((id) => answers.has(id));
      const done = ids.find((id) => answers.get(id)?.[0]?.status === 'ok');
      for (const id of ids) {
        const told = answers.get(id) ?? [];
        const hasLost = done !== undefined && done !== id;
        invocations.set(id, {
          id,
          level: step.level,
          continues,
          edges: edgesOf(scenario, step.dag),
          // One try takes effect, and the answer names it.
          attempts: attemptsOf(starts.get(id) ?? [], hasLost ? 'none' : told[0]),
          // Whoever gave up, or lost the server, may be answered or not.
          asked: told.length === 0 && (isAnswered || excused.has(id)) ? 0 : 1,
          answers: told,
        });
        // Nobody can tell whether a client that lost the server got the token of this answer.
        if (told[0]?.status === 'ok') last = excused.has(id) ? undefined : id;
      }
    }
  }
  for (const [id, attempts] of starts) {
    const [first] = attempts;
    if (invocations.has(id) || first === undefined) continue;
    const told = answers.get(id) ?? [];
    invocations.set(id, {
      id,
      level: first.level,
      edges: edgesOf(scenario, first.dag),
      attempts: attemptsOf(attempts, told[0]),
      asked: told.length,
      answers: told,
    });
  }
  return [...invocations.values()];
}

/** First try → those after it that anything is known of. */
function triesIn(history: History): ReadonlyMap<InvocationId, ReadonlySet<InvocationId>> {
  const tries = new Map<InvocationId, Set<InvocationId>>();
  for (const entry of history) {
    if (entry.kind !== 'attempt' && entry.kind !== 'answer' && entry.kind !== 'unanswered')
      continue;
    const { invocation } = entry;
    const first = invocation === undefined ? undefined : stepOfTry(invocation);
    if (invocation === undefined || first === undefined || first === invocation) continue;
    const known = tries.get(first);
    if (known === undefined) tries.set(first, new Set([invocation]));
    else known.add(invocation);
  }
  return tries;
}

/** The attempt that was answered as done has taken effect, and no other has; of `none`, none has. */
function attemptsOf(
  starts: readonly AttemptEntry[],
  answer: { readonly status: 'ok' | 'failed'; readonly attempt: number } | 'none' | undefined,
): readonly Attempt[] {
  const last = starts.at(-1)?.attempt;
  return starts.map(({ attempt: number }) => {
    if (answer === 'none') return { number, status: 'abandoned' };
    const isCommitted = answer?.status === 'ok' && answer.attempt === number;
    // Where another one began, the one before has not committed.
    const isOpen = answer === undefined && number === last;
    return { number, status: isCommitted ? 'committed' : isOpen ? 'unknown' : 'abandoned' };
  });
}
