/**
 * Answers `cache.get`: asks core's read decision what to do, does it, asks again with what that
 * brought, and tells the decision as the `cache.read` event. No read is decided here.
 */
import {
  cacheAddress,
  dependenciesOf,
  isMismatch,
  NO_DEPENDENCIES,
  recordRead,
  siblingsOf,
  toVersionVector,
  valueOf,
  type CapsuleOrAbsent,
  type ConsistencyLevel,
  type Dependencies,
  type Failure,
  type MessageOf,
  type ProtocolStrategies,
  type ReadDecision,
  type ReadRule,
  type RestartReason,
} from '@stormglass/core';
import {
  STORE_TIMEOUT_MS,
  UNMET_RETRY_MS,
  UNMET_TIMEOUT_MS,
  UPSTREAM_TIMEOUT_MS,
} from '../limits.ts';
import type { CacheState } from './cache-state.ts';
import { brokenReason } from './broken-reason.ts';
import {
  growOwnSession,
  isTold,
  outcomeOf,
  versionVectorOf,
  type Decision,
  type Read,
  type Request,
  type Served,
} from './read-request.ts';
import { isSameVersion } from './same-version.ts';
import { storageSilent } from './storage-silent.ts';

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
    const startedUs = this.#state.ports.clock.nowUs();
    const reads: Read[] = [];
    const request: Request = {
      message,
      found: message.keys.map(() => undefined),
      reads,
      isInOrder:
        message.type === 'cache.get' && message.keys.length > 1 && readsCut(message.session.level),
      begun: 0,
      isReading: false,
      session: message.session,
      hasOwnSession: false,
      waitingFor: message.keys.length,
      isAnswered: false,
    };
    message.keys.forEach((key, index) =>
      reads.push({
        request,
        index,
        key,
        startedUs,
        upstream: undefined,
        upstreamFrom: undefined,
        older: [],
        storeAsked: false,
        held: undefined,
        hasFetched: false,
        cancel: undefined,
      }),
    );
    if (request.waitingFor === 0) this.#answer(request, {});
    else if (request.isInOrder) this.#bringAll(request);
    else for (const read of reads) this.#advance(read);
  }

  /**
   * What storage has to be asked for comes together, before anything is read: a version that arrives
   * may depend on more than what one that was taken at once has.
   */
  #bringAll(request: Request): void {
    let missing = 1;
    const onHere = (): void => {
      missing -= 1;
      if (missing === 0) this.#readOn(request);
    };
    for (const read of request.reads) {
      if (this.#decide(read)?.act !== 'fetch-store') continue;
      missing += 1;
      this.#fetchStore(read, onHere);
    }
    onHere();
  }

  /** Each key with what those before it have told the session. */
  #readOn(request: Request): void {
    const { reads } = request;
    request.isReading = true;
    while (!request.isAnswered && request.waitingFor === reads.length - request.begun) {
      const read = reads[request.begun];
      if (read === undefined) break;
      request.begun += 1;
      this.#advance(read);
    }
    request.isReading = false;
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

  /** Undefined where nobody waits for it any more. */
  #decide(read: Read): ReadDecision | undefined {
    const { request } = read;
    if (request.isAnswered || this.#hasEnded(request)) return undefined;
    const { session } = request;
    const { strategies } = this.#state;
    const held = this.#state.versions.use(read.key);
    const local = this.#state.localOf(read.key, held, session.level);
    const attempt = this.#state.attempts.find(session.invocation, session.attempt);
    if (attempt?.isBroken === true) {
      this.#answer(request, { restart: brokenReason(this.#state.id) });
      return undefined;
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
    if (!read.hasFetched) read.held = decision.found;
    return decision;
  }

  #advance(read: Read): void {
    const decision = this.#decide(read);
    switch (decision?.act) {
      case undefined:
        break;
      case 'serve':
        this.#serve(read, decision);
        break;
      case 'fetch-upstream':
        this.#fetchUpstream(read, decision);
        break;
      case 'fetch-store':
        this.#fetchStore(read, () => this.#advance(read));
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
    if (isTold(read)) this.#tell(read, decision);
    request.found[read.index] = capsule;
    request.waitingFor -= 1;
    if (request.waitingFor === 0) this.#answer(request, {});
    else if (request.isInOrder && !request.isReading) this.#readOn(request);
  }

  #record(read: Read, capsule: CapsuleOrAbsent): void {
    const { request, key } = read;
    const { level } = request.session;
    const closure = capsule === 'absent' ? NO_DEPENDENCIES : dependenciesOf(capsule);
    const isAhead = request.message.type === 'cache.pin';
    const { id: self, strategies } = this.#state;
    if (strategies.recordRead === recordRead) growOwnSession(request);
    const { hasOwnSession: inPlace } = request;
    const recorded = { key, capsule, self, closure, isAhead, inPlace };
    request.session = strategies.recordRead(request.session, recorded);
    if (level === 'single-key-causal') {
      this.#state.openAttempt(request.session).pins.set(key, capsule);
    } else if (pinsVersions(level)) this.#pin(read, capsule, closure);
  }

  #pin(read: Read, capsule: CapsuleOrAbsent, closure: Dependencies): void {
    const { request, key } = read;
    const { session } = request;
    const attempt = this.#state.openAttempt(session);
    attempt.reads.add(key);
    const before = attempt.pins.get(key);
    attempt.pins.set(key, capsule);
    const { events } = this.#state.ports;
    const isHeard = isTold(read) && events.isListening('cache.pinned');
    if (isHeard && !isSameVersion(before, capsule)) {
      events.emit({
        kind: 'cache.pinned',
        worker: this.#state.id,
        key,
        version: versionVectorOf(capsule),
        invocation: session.invocation,
        attempt: session.attempt,
      });
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
    read.hasFetched = true;
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

  #fetchStore(read: Read, then: () => void): void {
    read.hasFetched = true;
    read.cancel = this.#state.ports.timers.after(STORE_TIMEOUT_MS, () => {
      read.cancel = undefined;
      this.#answer(read.request, { failure: storageSilent(read.key) });
    });
    const wantsCut = readsCut(read.request.session.level);
    this.#state.fetches.fetch(read.key, wantsCut, () => {
      read.cancel?.();
      read.cancel = undefined;
      read.storeAsked = true;
      then();
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
      siblings: siblingCount(capsule),
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

/** As `cloud.siblings` has them: none of a deleted key, one of a merged one. */
const siblingCount = (capsule: CapsuleOrAbsent): number => {
  if (capsule === 'absent') return 0;
  return capsule.kind === 'register' ? siblingsOf(capsule).length : 1;
};
