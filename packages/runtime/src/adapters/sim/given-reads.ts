/**
 * What user code was given of what a cache had answered: the value of a get, the siblings, the
 * argument of a call. Where it was given something although no cache was asked, something between
 * the two answered; that counts as a read, by the value alone.
 */
import type { Operation, ReadOperation } from '@stormglass/checker';
import {
  parseCallAddress,
  type CapsuleOrAbsent,
  type EncodedValue,
  type InvocationId,
  type Key,
  type RegisterWrite,
} from '@stormglass/core';
import type { AtBorder, CalledEntry, SeenEntry } from './history.ts';
import type { InvokeStep, Scenario } from './scenario.ts';
import { stepOfTry } from './tries.ts';

/** A read of which it is not known yet what was given of it. */
export type OpenRead = { -readonly [Field in keyof ReadOperation]: ReadOperation[Field] };

type PlacedRead = readonly [place: AtBorder, read: Operation];

/** A key that user code asked for, and what it was given. */
interface Given {
  readonly key: Key;
  readonly value: ReadOperation['given'];
}

export class GivenReads {
  /** How a write is named in the record, by the value that it wrote. */
  readonly #nameOf: (write: RegisterWrite) => string;
  readonly #names = new Map<EncodedValue, string>();
  readonly #scenario: Scenario;
  #steps: ReadonlyMap<InvocationId, InvokeStep> | undefined;
  /** Session → what a cache has answered last, until user code gets it. */
  readonly #answered = new Map<string, readonly OpenRead[]>();

  constructor(scenario: Scenario, nameOf: (write: RegisterWrite) => string) {
    this.#scenario = scenario;
    this.#nameOf = nameOf;
  }

  onAnswer(session: string, read: OpenRead): void {
    const together = read.isTogether === true ? this.#answered.get(session) : undefined;
    this.#answered.set(session, together === undefined ? [read] : [...together, read]);
  }

  noteNames(capsule: CapsuleOrAbsent): void {
    if (capsule === 'absent' || capsule.kind !== 'register') return;
    for (const write of capsule.writes) {
      if (write.value !== null) this.#names.set(write.value, this.#nameOf(write));
    }
  }

  onSeen({ atUs, call, operation, keys, values }: SeenEntry): readonly PlacedRead[] {
    const place = parseCallAddress(call);
    const [asked] = keys;
    if (place === undefined || asked === undefined) return [];
    if (operation === 'siblings') {
      const all = values.flatMap((value) => value ?? []);
      this.#give(place, [{ key: asked, value: all }]);
      return [];
    }
    const given = keys.map((key, index): Given => ({ key, value: values[index] ?? null }));
    if (this.#give(place, given)) return [];
    const { invocation, attempt, node } = place;
    const at = { atUs, invocation, attempt, node };
    return keys.map((key, index): PlacedRead => {
      const read = this.#readOf(atUs, key, values[index]);
      return [at, { ...read, isTogether: index > 0 }];
    });
  }

  /** Arguments that refer to keys were read before the call, in the order of the parameters. */
  onCalled({ call, function: name, values }: CalledEntry): void {
    const place = parseCallAddress(call);
    if (place === undefined || !this.#answered.has(sessionName(place))) return;
    const bound = this.#stepOf(place.invocation)?.arguments?.get(place.node);
    const declared = this.#scenario.functions.find((one) => one.name === name);
    const given = (declared?.parameters ?? []).flatMap((parameter, index): readonly Given[] => {
      const argument = bound?.get(parameter);
      return argument !== undefined && 'ref' in argument
        ? [{ key: argument.ref, value: values[index] ?? null }]
        : [];
    });
    this.#give(place, given);
  }

  /**
   * What caches have answered to calls that did not go on: they were cancelled, or their worker had
   * crashed, so no user code was given it. An attempt that is over may be told anything.
   */
  ungiven(): ReadonlySet<Operation> {
    return new Set([...this.#answered.values()].flat());
  }

  /** False when that is not what a cache has answered. */
  #give(place: Omit<AtBorder, 'atUs'>, given: readonly Given[]): boolean {
    const session = sessionName(place);
    const reads = this.#answered.get(session);
    if (reads?.length !== given.length) return false;
    if (!reads.every(({ key }, index) => key === given[index]?.key)) return false;
    this.#answered.delete(session);
    for (const [index, read] of reads.entries()) read.given = given[index]?.value;
    return true;
  }

  #readOf(atUs: number, key: Key, value: EncodedValue | undefined): ReadOperation {
    const read = { kind: 'read', atUs, key, isPick: true } as const;
    if (value === undefined) return { ...read, values: [] };
    const name = this.#names.get(value);
    return name === undefined ? { ...read, state: Number(value) } : { ...read, values: [name] };
  }

  #stepOf(invocation: InvocationId): InvokeStep | undefined {
    this.#steps ??= new Map(
      this.#scenario.clients
        .flat()
        .flatMap((step) => (step.do === 'invoke' ? [[step.invocation, step] as const] : [])),
    );
    return this.#steps.get(stepOfTry(invocation));
  }
}

export const sessionName = ({ invocation, attempt, node }: Omit<AtBorder, 'atUs'>): string =>
  `${invocation}.${attempt}.${node}`;
