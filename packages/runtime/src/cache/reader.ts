/**
 * Answers `cache.get`: asks core's read decision what to do, does it, asks again with what that
 * brought, and tells the decision as the `cache.read` event. No read is decided here.
 */
import {
  cacheAddress,
  dependenciesOf,
  isMismatch,
  NO_DEPENDENCIES,
  siblingsOf,
  toVersionVector,
  valueOf,
  versionOf,
  type CacheId,
  type CapsuleOrAbsent,
  type ConsistencyLevel,
  type Dependencies,
  type Failure,
  type Key,
  type MessageOf,
  type ProtocolStrategies,
  type ReadDecision,
  type ReadRule,
  type RestartReason,
  type Session,
  type VectorClock,
} from '@stormglass/core';
import {
  STORE_TIMEOUT_MS,
  UNMET_RETRY_MS,
  UNMET_TIMEOUT_MS,
  UPSTREAM_TIMEOUT_MS,
} from '../limits.ts';
import type { Cancel } from '../ports/timers.ts';
import type { CacheState } from './cache-state.ts';
import { brokenReason } from './broken-reason.ts';
import { storageSilent } from './storage-silent.ts';

type Served = Extract<ReadDecision, { act: 'serve' }>;
type Decision<Act extends ReadDecision['act']> = Extract<ReadDecision, { act: Act }>;

/** One `cache.get` or `cache.pin` under way. */
interface Request {
  readonly message: MessageOf<'cache.get' | 'cache.pin'>;
  readonly found: (CapsuleOrAbsent | undefined)[];
  session: Session;
  waitingFor: number;
  isAnswered: boolean;
}

/** One key of a request. */
interface Read {
  readonly request: Request;
  readonly index: number;
  readonly key: Key;
  readonly startedUs: number;
  upstream: CapsuleOrAbsent | 'unreachable' | undefined;
  upstreamFrom: CacheId | undefined;
  /** The upstream answers one by one. */
  readonly older: CapsuleOrAbsent[];
  storeAsked: boolean;
  /** What this cache held before it fetched anything for this read. */
  held: VectorClock | undefined;
  isAsked: boolean;
  cancel: Cancel | undefined;
}

interface UpstreamFetch {
  readonly read: Read;
  readonly waitingFor: Set<number>;
}

export const readsCut = (level: ConsistencyLevel): boolean =>
  level === 'multi-key-causal' || level === 'causal' || level === 'causal-cut';

const pinsVersions = (level: ConsistencyLevel): boolean =>
  level === 'repeatable-read' || level === 'causal' || level === 'causal-cut';

export class Reader {
  readonly #state: CacheState;
  readonly #upstream = new Map<number, UpstreamFetch>();

  constructor(state: CacheState) {
    this.#state = state;
  }

  onGet(message: MessageOf<'cache.get' | 'cache.pin'>): void {
    const request: Request = {
      message,
      found: message.keys.map(() => undefined),
      session: message.session,
      waitingFor: message.keys.length,
      isAnswered: false,
    };
    if (request.waitingFor === 0) this.#answer(request, {});
    const startedUs = this.#state.ports.clock.nowUs();
    message.keys.forEach((key, index) =>
      this.#advance({
        request,
        index,
        key,
        startedUs,
        upstream: undefined,
        upstreamFrom: undefined,
        older: [],
        storeAsked: false,
        held: undefined,
        isAsked: false,
        cancel: undefined,
      }),
    );
  }

  onFetched(message: MessageOf<'cache.fetched'>): void {
    const fetch = this.#upstream.get(message.request);
    if (fetch === undefined) return;
    this.#upstream.delete(message.request);
    fetch.waitingFor.delete(message.request);
    const { read } = fetch;
    if (message.found !== undefined) {
      read.upstream = joinFound(read.upstream, message.found, this.#state.strategies);
      read.upstreamFrom ??= message.from.slice(message.from.indexOf('/') + 1);
      read.older.push(message.found);
    }
    if (fetch.waitingFor.size === 0) this.#endUpstream(read);
  }

  /** Whoever asked is cancelled, and a pin would stay for ever. */
  #hasEnded({ session }: Request): boolean {
    return this.#state.attempts.hasEnded(session.invocation, session.attempt);
  }

  #advance(read: Read): void {
    const { request } = read;
    if (request.isAnswered || this.#hasEnded(request)) return;
    const { session } = request;
    const { strategies } = this.#state;
    const held = this.#state.versions.use(read.key);
    const local = this.#state.localOf(read.key, held, session.level);
    const attempt = this.#state.attempts.find(session.invocation, session.attempt);
    if (attempt?.isBroken === true) {
      this.#answer(request, { restart: brokenReason(this.#state.id) });
      return;
    }
    const decision = strategies.decideRead({
      key: read.key,
      session,
      self: this.#state.id,
      local,
      pinned: strategies.pinnedVersion(attempt?.pins.get(read.key), local),
      upstream: read.upstream,
      snapshot: attempt?.snapshot?.get(read.key),
      older: read.older,
      storeAsked: read.storeAsked,
    });
    if (!read.isAsked) {
      read.isAsked = true;
      read.held = decision.found;
    }
    switch (decision.act) {
      case 'serve':
        this.#serve(read, decision);
        break;
      case 'fetch-upstream':
        this.#fetchUpstream(read, decision);
        break;
      case 'fetch-store':
        this.#fetchStore(read);
        break;
      case 'restart':
        this.#retryOrRestart(read, decision);
        break;
    }
  }

  #serve(read: Read, decision: Served): void {
    const { request } = read;
    const { capsule } = decision;
    const { level } = request.session;
    this.#state.observe(capsule);
    if (level !== 'lww' && decision.source !== 'own-write') {
      this.#record(read, decision.read ?? capsule);
    }
    this.#count(read, decision);
    if (request.message.trace) this.#tell(read, decision);
    request.found[read.index] = capsule;
    request.waitingFor -= 1;
    if (request.waitingFor === 0) this.#answer(request, {});
  }

  #record(read: Read, capsule: CapsuleOrAbsent): void {
    const { request, key } = read;
    const { level } = request.session;
    const closure = capsule === 'absent' ? NO_DEPENDENCIES : dependenciesOf(capsule);
    const recorded = { key, capsule, self: this.#state.id, closure };
    request.session = this.#state.strategies.recordRead(request.session, recorded);
    if (level === 'single-key-causal') {
      this.#state.openAttempt(request.session).pins.set(key, capsule);
    } else if (pinsVersions(level)) this.#pin(request, key, capsule, closure);
  }

  #pin(request: Request, key: Key, capsule: CapsuleOrAbsent, closure: Dependencies): void {
    const { session, message } = request;
    const attempt = this.#state.openAttempt(session);
    attempt.reads.add(key);
    if (attempt.pins.get(key) !== capsule) {
      attempt.pins.set(key, capsule);
      if (message.trace) {
        this.#state.ports.events.emit({
          kind: 'cache.pinned',
          worker: this.#state.id,
          key,
          version: versionVectorOf(capsule),
          invocation: session.invocation,
          attempt: session.attempt,
        });
      }
    }
    if (session.level === 'repeatable-read') return;
    // What the version depends on stays reachable for later functions of this attempt (2.7), also
    // where an older version was pinned before (T20), unless that is the one that was read.
    const isExact = session.level === 'causal-cut';
    for (const [dependency] of closure) {
      const cut = this.#state.versions.peek(dependency)?.cut;
      const pinned = attempt.pins.get(dependency);
      if (cut === undefined || cut === pinned) continue;
      if (isExact && attempt.reads.has(dependency)) continue;
      attempt.pins.set(dependency, joinFound(pinned, cut, this.#state.strategies));
    }
  }

  #fetchUpstream(read: Read, decision: Decision<'fetch-upstream'>): void {
    const { session } = read.request;
    const asked = decision.holders.map((holder) => ({ holder, number: this.#state.nextRequest() }));
    const waitingFor = new Set(asked.map(({ number }) => number));
    // All of them first: an answer may come back before `send` returns.
    for (const number of waitingFor) this.#upstream.set(number, { read, waitingFor });
    read.cancel = this.#state.ports.timers.after(UPSTREAM_TIMEOUT_MS, () => {
      for (const number of waitingFor) this.#upstream.delete(number);
      this.#endUpstream(read);
    });
    for (const { holder, number } of asked) {
      this.#state.ports.transport.send(cacheAddress(holder), {
        type: 'cache.fetch',
        request: number,
        from: this.#state.address,
        invocation: session.invocation,
        attempt: session.attempt,
        key: read.key,
      });
    }
  }

  #endUpstream(read: Read): void {
    read.cancel?.();
    read.cancel = undefined;
    read.upstream ??= 'unreachable';
    this.#advance(read);
  }

  #fetchStore(read: Read): void {
    read.cancel = this.#state.ports.timers.after(STORE_TIMEOUT_MS, () => {
      read.cancel = undefined;
      this.#answer(read.request, { failure: storageSilent(read.key) });
    });
    const wantsCut = readsCut(read.request.session.level);
    this.#state.fetches.fetch(read.key, wantsCut, () => {
      read.cancel?.();
      read.cancel = undefined;
      read.storeAsked = true;
      this.#advance(read);
    });
  }

  /**
   * Storage may be behind a requirement for a moment: another node's merge of the same commit is on
   * its way.
   */
  #retryOrRestart(read: Read, decision: Decision<'restart'>): void {
    const waitedMs = (this.#state.ports.clock.nowUs() - read.startedUs) / 1_000;
    if (mayBeMetLater(decision.rule) && waitedMs < UNMET_TIMEOUT_MS) {
      read.cancel = this.#state.ports.timers.after(UNMET_RETRY_MS, () => {
        read.cancel = undefined;
        read.storeAsked = false;
        this.#advance(read);
      });
      return;
    }
    const { because, floors = NO_DEPENDENCIES } = decision;
    const conflicts = floors.size === 0 ? [] : [read.key, ...floors.keys()];
    this.#answer(read.request, { restart: { cause: because, conflicts, floors: new Map(floors) } });
  }

  #answer(request: Request, end: { failure?: Failure; restart?: RestartReason }): void {
    if (request.isAnswered) return;
    request.isAnswered = true;
    this.#state.ports.transport.send(request.message.from, {
      type: 'cache.got',
      request: request.message.request,
      found: request.found.filter((found) => found !== undefined),
      session: request.session,
      ...end,
    });
  }

  #count(read: Read, decision: Served): void {
    const { counts } = this.#state;
    const outcome = outcomeOf(read, decision);
    if (outcome === 'hit') counts.hits += 1;
    else if (outcome === 'miss') counts.misses += 1;
    else counts.upstream += 1;
  }

  #tell(read: Read, decision: Served): void {
    const { message, session } = read.request;
    // Nobody has read anything yet where versions are only pinned.
    if (message.type === 'cache.pin') return;
    const { capsule } = decision;
    const outcome = outcomeOf(read, decision);
    this.#state.ports.events.emit({
      kind: 'cache.read',
      invocation: session.invocation,
      attempt: session.attempt,
      node: message.node,
      worker: this.#state.id,
      executor: message.executor,
      key: read.key,
      outcome,
      version: versionVectorOf(capsule),
      siblings: capsule === 'absent' ? 0 : Math.max(1, siblingsOf(capsule).length),
      rule: decision.rule,
      because: decision.because,
      required: decision.required === undefined ? undefined : toVersionVector(decision.required),
      found: read.held === undefined ? undefined : toVersionVector(read.held),
      from: this.#servedBy(read, outcome),
      bytes: capsule === 'absent' ? 0 : (valueOf(capsule)?.length ?? 0),
      durationUs: this.#state.ports.clock.nowUs() - read.startedUs,
    });
  }

  #servedBy(read: Read, outcome: 'hit' | 'miss' | 'upstream'): string {
    if (outcome === 'hit') return this.#state.id;
    if (outcome === 'miss') return this.#state.ring.ownerOf('user', read.key);
    return read.upstreamFrom ?? this.#state.id;
  }
}

const mayBeMetLater = (rule: ReadRule): boolean =>
  rule === 'causal/unmet' || rule === 'causal-cut/unmet';

const outcomeOf = (read: Read, decision: Served): 'hit' | 'miss' | 'upstream' => {
  if (decision.source === 'upstream') return 'upstream';
  if (decision.source === 'store') return 'miss';
  return decision.source === 'local' && read.storeAsked ? 'miss' : 'hit';
};

const versionVectorOf = (capsule: CapsuleOrAbsent): Readonly<Record<string, number>> =>
  capsule === 'absent' ? {} : toVersionVector(versionOf(capsule));

const joinFound = (
  held: CapsuleOrAbsent | 'unreachable' | undefined,
  found: CapsuleOrAbsent,
  { joinCapsules }: ProtocolStrategies,
): CapsuleOrAbsent => {
  if (held === undefined || held === 'unreachable' || held === 'absent') return found;
  if (found === 'absent') return held;
  const join = joinCapsules(held, found);
  return isMismatch(join) ? found : join;
};
