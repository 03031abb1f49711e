/**
 * Answers `cache.write`: turns a put, delete or merge into a capsule that only the session sees
 * until it commits (protocols.md decision 5), with the dot, context and dependencies of section
 * 2.8.
 */
import {
  EMPTY_CLOCK,
  applyMerge,
  covers,
  deletion,
  dependenciesOf,
  isMismatch,
  joinClocks,
  LWW_WRITER,
  mismatchFailure,
  newestTimestamp,
  NO_DEPENDENCIES,
  ordersAcrossKeys,
  registerOf,
  seenOf,
  toVersionVector,
  toVersionVectors,
  valueOf,
  versionOf,
  type Capsule,
  type CapsuleOrAbsent,
  type Dependencies,
  type Failure,
  type HybridTimestamp,
  type Key,
  type MessageOf,
  type RuntimeEvent,
  type Session,
  type VectorClock,
} from '@stormglass/core';
import type { Cancel } from '../ports/timers.ts';
import { DEPENDENCIES_TOLD_MAX, STORE_TIMEOUT_MS } from '../limits.ts';
import type { Attempt } from './attempts.ts';
import type { CacheState } from './cache-state.ts';
import { tooManyDependencies } from './carried-dependencies.ts';
import { localCopyOf } from './lane.ts';
import { storageSilent } from './storage-silent.ts';

type WriteMessage = MessageOf<'cache.write'>;

export class Writer {
  readonly #state: CacheState;

  constructor(state: CacheState) {
    this.#state = state;
  }

  onWrite(message: WriteMessage): void {
    const isHere =
      message.session.writes.has(message.key) ||
      this.#state.versions.peek(message.key) !== undefined;
    // A put needs to know nothing; a delete and a merge must know the kind and the epoch of what is there.
    const isEnough = isHere || message.write.operation === 'put';
    if (isEnough && !this.#lacksReplaced(message)) {
      this.#write(message);
      return;
    }
    let cancel: Cancel | undefined = this.#state.ports.timers.after(STORE_TIMEOUT_MS, () => {
      cancel = undefined;
      this.#refuse(message, storageSilent(message.key));
    });
    this.#state.fetches.fetch(message.key, false, () => {
      if (cancel === undefined) return;
      cancel();
      this.#write(message);
    });
  }

  /**
   * Of what the write replaces only the clock is known, as it was read at another cache or in an
   * earlier session, and at this level nothing else came along. What that version depends on has to
   * be taken over (I), from a version that covers it.
   */
  #lacksReplaced({ session, key }: WriteMessage): boolean {
    if (session.level !== 'single-key-causal') return false;
    const needed = seenOf(session, key);
    const attempt = this.#state.attempts.find(session.invocation, session.attempt);
    const here = [
      session.writes.get(key),
      attempt && this.#seenHere(session, key, attempt),
      this.#state.versions.peek(key)?.fresh,
    ];
    return !here.some((capsule) => covers(clockOfHeld(capsule), needed));
  }

  #write(message: WriteMessage): void {
    const { session, key } = message;
    // Whoever asked is cancelled, and a lane would stay taken.
    if (this.#state.attempts.hasEnded(session.invocation, session.attempt)) return;
    const own = session.writes.get(key);
    const fresh = this.#make(message, own);
    if ('type' in fresh) {
      this.#refuse(message, fresh);
      return;
    }
    const made = this.#state.withoutStable(this.#withPublished(message, fresh));
    const { strategies } = this.#state;
    const written = own === undefined ? made : strategies.joinCapsules(own, made);
    if (isMismatch(written)) {
      this.#refuse(message, mismatchFailure(key, written.mismatch));
      return;
    }
    const tooMany = tooManyDependencies(session, key, written);
    if (tooMany !== undefined) {
      this.#refuse(message, tooMany);
      return;
    }
    const recorded = strategies.recordWrite(session, { key, capsule: made });
    const touched = recorded.touched.includes(this.#state.id)
      ? recorded.touched
      : [...recorded.touched, this.#state.id];
    if (message.trace) this.#tell(message, made, written);
    this.#state.ports.transport.send(message.from, {
      type: 'cache.wrote',
      request: message.request,
      session: { ...recorded, touched },
    });
  }

  #make(message: WriteMessage, own: Capsule | undefined): Capsule | Failure {
    const { session, key, write } = message;
    const local = this.#state.versions.peek(key)?.fresh;
    const held = own ?? (local === 'absent' ? undefined : local);
    const attempt = this.#state.openAttempt(session);
    const timestamp = this.#state.tick(newestSeen(session, key));
    const dependencies = ordersAcrossKeys(session.level) ? session.past : NO_DEPENDENCIES;
    if (write.operation === 'merge') {
      const lane = this.#state.attempts.laneOf(attempt, message.node);
      const merged = applyMerge(held, write.operand, {
        writer: lane.writer,
        counter: lane.nextCounter(),
        timestamp,
        dependencies,
        total: lane.totalOf(key, epochOf(held)),
      });
      if (!isMismatch(merged) && merged.kind === 'counter') lane.add(key, merged);
      return isMismatch(merged) ? mismatchFailure(key, merged.mismatch) : merged;
    }
    if (held !== undefined && held.kind !== 'register') {
      if (write.operation === 'put') {
        return mismatchFailure(key, { held: held.kind, offered: 'register' });
      }
      const lane = this.#state.attempts.laneOf(attempt, message.node);
      const by = { writer: lane.writer, counter: lane.nextCounter(), timestamp, dependencies, key };
      return deletion(held, by);
    }
    return this.#makeRegister(message, own, timestamp);
  }

  /**
   * What a writer merges into a key includes what it has merged before (a_latest, 2.4). Of a put the
   * context says that already: see {@link Lane.contextBeyond}.
   */
  #withPublished({ session, node, key }: WriteMessage, fresh: Capsule): Capsule {
    if (fresh.kind === 'register') return fresh;
    const attempt = this.#state.attempts.find(session.invocation, session.attempt);
    const lanes = attempt?.lanes.get(node) ?? [];
    const lane = lanes.find(({ writer }) => versionOf(fresh).has(writer));
    if (lane === undefined) return fresh;
    return this.#state.strategies.published(lane.published(key), fresh);
  }

  #makeRegister(
    message: WriteMessage,
    own: Capsule | undefined,
    timestamp: HybridTimestamp,
  ): Capsule {
    const { session, key, write } = message;
    const attempt = this.#state.openAttempt(session);
    const seen =
      write.operation === 'delete'
        ? this.#joinedHere(own, key)
        : (own ?? this.#seenHere(session, key, attempt));
    const seenClock = seenOf(session, key);
    const input = {
      level: session.level,
      value: write.operation === 'put' ? write.value : null,
      seen,
      seenClock,
      past: session.level === 'single-key-causal' ? NO_DEPENDENCIES : session.past,
      key,
      timestamp,
    };
    const { writer } = this.#state.attempts;
    const { registerWrite } = this.#state.strategies;
    const plain = registerWrite({ ...input, writer, counter: 0 });
    if (plain.counter === undefined) return registerOf(plain);
    const known = seen === undefined ? seenClock : joinClocks(versionOf(seen), seenClock);
    const local = this.#state.versions.peek(key)?.fresh;
    const copy = localCopyOf(local);
    const lane = this.#state.attempts.laneOf(
      attempt,
      message.node,
      (candidate) => candidate.contextBeyond(key, known, copy) !== undefined,
    );
    const beyond = lane.contextBeyond(key, known, copy) ?? EMPTY_CLOCK;
    const isReplacedUnseen =
      beyond.size > 0 ||
      (session.level === 'single-key-causal' && !covers(clockOfHeld(seen), seenClock));
    const replaced =
      !isReplacedUnseen || local === undefined || local === 'absent'
        ? NO_DEPENDENCIES
        : dependenciesOf(local);
    return registerOf(
      registerWrite({
        ...input,
        seenClock: joinClocks(seenClock, beyond),
        replaced,
        writer: lane.writer,
        counter: lane.nextCounter(),
      }),
    );
  }

  /** A delete removes what is here, read or not: whoever deletes a key means all of it. */
  #joinedHere(own: Capsule | undefined, key: Key): Capsule | undefined {
    const fresh = this.#state.versions.peek(key)?.fresh;
    if (fresh === undefined || fresh === 'absent') return own;
    const joined = own === undefined ? fresh : this.#state.strategies.joinCapsules(own, fresh);
    return isMismatch(joined) ? own : joined;
  }

  /**
   * The version itself of what the session has read, where it is at hand. LWW keeps no read set:
   * what this cache holds is what its author can have seen.
   */
  #seenHere(session: Session, key: Key, attempt: Attempt): Capsule | undefined {
    if (session.level === 'lww') {
      const fresh = this.#state.versions.peek(key)?.fresh;
      return fresh === 'absent' ? undefined : fresh;
    }
    const pinned = attempt.pins.get(key);
    if (pinned === undefined || pinned === 'absent') return undefined;
    // A pin may also be there for a dependency, which nobody has read.
    return covers(seenOf(session, key), versionOf(pinned)) ? pinned : undefined;
  }

  #refuse(message: WriteMessage, failure: Failure): void {
    this.#state.ports.transport.send(message.from, {
      type: 'cache.wrote',
      request: message.request,
      session: message.session,
      failure,
    });
  }

  #tell(message: WriteMessage, made: Capsule, written: Capsule): void {
    const { session, key } = message;
    const before = session.writes.get(key) ?? this.#state.versions.peek(key)?.fresh;
    this.#state.ports.events.emit({
      kind: 'cache.write',
      invocation: session.invocation,
      attempt: session.attempt,
      node: message.node,
      worker: this.#state.id,
      executor: message.executor,
      key,
      version: toVersionVector(versionOf(written)),
      ...toldDependencies(dependenciesOf(made)),
      before:
        before === undefined || before === 'absent'
          ? undefined
          : toVersionVector(versionOf(before)),
      operation: message.write.operation,
      bytes: valueOf(made)?.length ?? 0,
    });
  }
}

/**
 * What the session wrote on another worker, or read there, is older than what it writes now,
 * however far behind the clock of this one is.
 */
function newestSeen({ writes, reads }: Session, key: Key): HybridTimestamp {
  const own = writes.get(key);
  const read = reads.get(key)?.version.get(LWW_WRITER) ?? 0;
  return own === undefined ? read : Math.max(read, newestTimestamp(own));
}

/** Of very many the last, and how many there are. */
function toldDependencies(
  dependencies: Dependencies,
): Pick<Extract<RuntimeEvent, { kind: 'cache.write' }>, 'dependencies' | 'dependencyCount'> {
  const { size } = dependencies;
  if (size <= DEPENDENCIES_TOLD_MAX) return { dependencies: toVersionVectors(dependencies) };
  const last = dependencies.entries().drop(size - DEPENDENCIES_TOLD_MAX);
  return { dependencies: toVersionVectors(new Map(last)), dependencyCount: size };
}

const clockOfHeld = (held: CapsuleOrAbsent | undefined): VectorClock =>
  held === undefined || held === 'absent' ? EMPTY_CLOCK : versionOf(held);

const epochOf = (held: Capsule | undefined): HybridTimestamp =>
  held === undefined || held.kind === 'register' ? 0 : held.epoch;
