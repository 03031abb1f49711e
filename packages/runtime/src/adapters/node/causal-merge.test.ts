import { toldEvent, type RuntimeEvent, type ToldEvent } from '@stormglass/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CausalKnowledge, ToldCauses, type Causes } from './causal-knowledge.ts';
import { CausalMerge } from './causal-merge.ts';
import { EventOutbox } from './event-outbox.ts';

const named = (id: string): RuntimeEvent => ({
  kind: 'cluster.changed',
  change: 'storage-joined',
  id,
});
const timed = (id: string): ToldEvent => toldEvent(0, named(id));
const idOf = (told: ToldEvent): string => {
  const event = told.event();
  return event.kind === 'cluster.changed' ? event.id : '?';
};

function mergeInto(admitted: string[], heldMax?: number): CausalMerge {
  return new CausalMerge({ admit: (event) => admitted.push(idOf(event)), heldMax });
}

describe('CausalMerge', () => {
  test('an effect that overtook its cause waits for it', () => {
    const admitted: string[] = [];
    const merge = mergeInto(admitted);
    for (const source of ['w1.1', 'w2.1']) merge.open(source);
    merge.offer('w2.1', 0, [timed('effect')], new Map([['w1.1', 2]]));
    expect(admitted).toEqual([]);
    merge.offer('w1.1', 0, [timed('other')]);
    expect(merge.held).toBe(1);
    merge.offer('w1.1', 1, [timed('cause')]);
    expect(admitted).toEqual(['other', 'cause', 'effect']);
    expect(merge.held).toBe(0);
  });

  test('what a source learns holds up its later events, not its earlier ones', () => {
    const admitted: string[] = [];
    const merge = mergeInto(admitted);
    for (const source of ['w1.1', 'w2.1']) merge.open(source);
    merge.offer('w2.1', 0, [timed('before')]);
    merge.require('w2.1', new Map([['w1.1', 1]]));
    merge.offer('w2.1', 1, [timed('after')]);
    expect(admitted).toEqual(['before']);
    merge.offer('w1.1', 0, [timed('cause')]);
    expect(admitted).toEqual(['before', 'cause', 'after']);
  });

  test('nobody waits for what a lost source never sent, but still for what it did send', () => {
    const admitted: string[] = [];
    const merge = mergeInto(admitted);
    for (const source of ['w1.1', 'w2.1', 'w3.1']) merge.open(source);
    merge.offer('w2.1', 0, [timed('second')], new Map([['w1.1', 1]]));
    merge.offer('w3.1', 0, [timed('third')], new Map([['w2.1', 9]]));
    merge.lose('w2.1');
    expect(admitted).toEqual([]);
    merge.lose('w1.1');
    expect(admitted).toEqual(['second', 'third']);
  });

  test('a source that was never here is no reason to wait', () => {
    const admitted: string[] = [];
    const merge = mergeInto(admitted);
    merge.open('w1.2');
    merge.offer('w1.2', 0, [timed('event')], new Map([['w1.1', 100]]));
    expect(admitted).toEqual(['event']);
  });

  test('too many waiting events are admitted all the same', () => {
    const admitted: string[] = [];
    const merge = mergeInto(admitted, 3);
    for (const source of ['w1.1', 'w2.1']) merge.open(source);
    merge.offer('w2.1', 0, ['a', 'b', 'c'].map(timed), new Map([['w1.1', 1]]));
    expect(admitted).toEqual([]);
    merge.offer('w2.1', 3, [timed('d')]);
    expect(admitted).toEqual(['a', 'b', 'c', 'd']);
  });

  test('an event emitted while another is admitted comes after it', () => {
    const admitted: string[] = [];
    const merge: CausalMerge = new CausalMerge({
      admit: (event) => {
        admitted.push(idOf(event));
        if (idOf(event) === 'a') merge.offer('server', 0, [timed('reaction')]);
      },
    });
    for (const source of ['server', 'w1.1']) merge.open(source);
    merge.offer('w1.1', 0, [timed('a'), timed('b')]);
    expect(admitted).toEqual(['a', 'b', 'reaction']);
  });
});

/** What a process puts on a link, in order. */
type Sent =
  | {
      readonly type: 'events';
      readonly first: number;
      readonly events: readonly ToldEvent[];
      readonly causes: Causes | undefined;
    }
  | {
      readonly type: 'message';
      readonly past: ReadonlySet<string>;
      readonly causes: Causes | undefined;
    };

/** A worker as worker.ts wires it, on links that the test drains in any order. */
class TestProcess {
  readonly name: string;
  readonly knowledge: CausalKnowledge;
  readonly outbox: EventOutbox;
  readonly links = new Map<string, { readonly told: ToldCauses; readonly queue: Sent[] }>();
  /**
   * The true causal past: every event that happened before now, as far as this process was reached
   * by it.
   */
  readonly past = new Set<string>();
  endOfTurn: (() => void)[] = [];
  isAlive = true;
  #emitted = 0;

  constructor(name: string, others: readonly string[]) {
    this.name = name;
    this.knowledge = new CausalKnowledge(name);
    for (const other of others) {
      const told = new ToldCauses(this.knowledge);
      this.links.set(other, { told, queue: [] });
    }
    const toServer = this.links.get('server')!;
    this.outbox = new EventOutbox({
      knowledge: this.knowledge,
      clock: { nowUs: () => 0, wallMs: () => 0 },
      send: (first, events) =>
        toServer.queue.push({
          type: 'events',
          first,
          events: events.map(({ at, event }) => toldEvent(at, event)),
          causes: toServer.told.next(),
        }),
      atTurnEnd: (callback) => this.endOfTurn.push(callback),
    });
  }

  /** The id lists the whole past, for the oracle. */
  emit(pasts: Map<string, ReadonlySet<string>>): void {
    const id = `${this.name}#${(this.#emitted += 1)}`;
    pasts.set(id, new Set(this.past));
    this.past.add(id);
    this.outbox.emit(named(id), 0);
  }

  send(to: string): void {
    const { told, queue } = this.links.get(to)!;
    queue.push({ type: 'message', past: new Set(this.past), causes: told.next() });
  }

  turnEnds(): void {
    for (const callback of this.endOfTurn.splice(0)) callback();
  }

  hear(from: string, message: Extract<Sent, { type: 'message' }>): void {
    if (message.causes !== undefined) {
      // Not for the server: what its log waits for is told there, and nowhere else.
      if (from !== 'server') this.links.get(from)!.told.heard(message.causes);
      this.outbox.learn(message.causes);
    }
    for (const id of message.past) this.past.add(id);
  }
}

const WORKERS = ['w1.1', 'w2.1', 'w3.1'] as const;
const worker = fc.constantFrom(...WORKERS);
const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('emit' as const), at: worker }) },
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      at: worker,
      to: fc.constantFrom(...WORKERS, 'server'),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      at: worker,
      to: fc.constantFrom(...WORKERS, 'server'),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('turn' as const), at: worker }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('server' as const), at: worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), at: worker }) },
);

/** The server as server-hub.ts wires it. */
class TestServer {
  readonly admitted: string[] = [];
  readonly merge = mergeInto(this.admitted);
  readonly knowledge = new CausalKnowledge('server');
  readonly own = new ToldCauses(this.knowledge, 'server');
  readonly told = new Map(WORKERS.map((name) => [name, new ToldCauses(this.knowledge)]));
  readonly past = new Set<string>();
  #emitted = 0;

  constructor() {
    for (const source of ['server', ...WORKERS]) this.merge.open(source);
  }

  emit(pasts: Map<string, ReadonlySet<string>>): void {
    const id = `server#${this.#emitted + 1}`;
    pasts.set(id, new Set(this.past));
    this.past.add(id);
    const causes = this.own.next();
    this.knowledge.countEmitted(1);
    this.merge.offer('server', this.#emitted, [timed(id)], causes);
    this.#emitted += 1;
  }

  hear(from: (typeof WORKERS)[number], sent: Sent): void {
    const causes = new Map(sent.causes);
    if (sent.type === 'events') {
      this.merge.offer(from, sent.first, sent.events, sent.causes);
      causes.set(from, sent.first + sent.events.length);
    } else {
      if (sent.causes !== undefined) this.merge.require(from, sent.causes);
      for (const id of sent.past) this.past.add(id);
    }
    this.told.get(from)!.heard(causes);
    this.knowledge.learn(causes);
  }
}

test('however links race and workers die, causes come first and no event is held for ever', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 250, size: 'max' }), (steps) => {
      const server = new TestServer();
      const pasts = new Map<string, ReadonlySet<string>>();
      const processes = new Map(
        WORKERS.map((name) => [
          name,
          new TestProcess(name, [...WORKERS.filter((other) => other !== name), 'server']),
        ]),
      );
      const serverQueues = new Map(WORKERS.map((name) => [name, [] as Sent[]]));
      const deliverToServer = (name: (typeof WORKERS)[number]): boolean => {
        const sent = processes.get(name)!.links.get('server')!.queue.shift();
        if (sent !== undefined) server.hear(name, sent);
        return sent !== undefined;
      };
      for (const { do: action, at, ...rest } of steps) {
        const process = processes.get(at)!;
        const to = 'to' in rest ? rest.to : 'server';
        if (action === 'server') {
          server.emit(pasts);
          const causes = server.told.get(at)!.next();
          serverQueues.get(at)!.push({ type: 'message', past: new Set(server.past), causes });
          continue;
        }
        if (action === 'deliver') {
          if (to === 'server') deliverToServer(at);
          else if (to === at) {
            const message = serverQueues.get(at)!.shift();
            if (message?.type === 'message' && process.isAlive) process.hear('server', message);
          } else {
            const sent = process.links.get(to)!.queue.shift();
            const receiver = processes.get(to)!;
            if (sent?.type === 'message' && receiver.isAlive) receiver.hear(at, sent);
          }
          continue;
        }
        if (!process.isAlive || to === at) continue;
        if (action === 'emit') process.emit(pasts);
        else if (action === 'send') process.send(to);
        else if (action === 'turn') process.turnEnds();
        else {
          // What is on the way still arrives; what is pending is lost.
          process.isAlive = false;
        }
      }
      for (const process of processes.values()) if (process.isAlive) process.turnEnds();
      for (const name of WORKERS) {
        while (deliverToServer(name));
        if (!processes.get(name)!.isAlive) server.merge.lose(name);
      }

      expect(server.merge.held).toBe(0);
      const position = new Map(server.admitted.map((id, index) => [id, index]));
      expect(position.size).toBe(server.admitted.length);
      for (const [id, past] of pasts) {
        const own = position.get(id);
        const process = processes.get(id.split('#')[0] as (typeof WORKERS)[number]);
        if (own === undefined) {
          expect(process?.isAlive).toBe(false);
          continue;
        }
        for (const cause of past) {
          const before = position.get(cause);
          if (before !== undefined) expect(before).toBeLessThan(own);
        }
      }
    }),
    { numRuns: 400 },
  );
});
