/**
 * Invocations that were answered with 202 before they had ended. Each is durable before that answer,
 * and how it ended before anybody can ask: so it runs, takes effect once and can be asked for
 * although every process dies in between. It lies here until the book forgets it.
 */
import {
  argumentMap,
  consistencyLevels,
  dag,
  invocationAnswer,
  requestIdentity,
  type InvocationAnswer,
  type InvocationId,
  type RequestIdentity,
} from '@stormglass/core';
import { INVOCATIONS_MAX, type Store } from '@stormglass/runtime';
import { storedCodec } from '@stormglass/runtime/node';
import * as z from 'zod';
import type { Cluster, InvocationOutcome, InvokeRequest } from '../cluster-port.ts';
import { InvocationSlots } from './invocation-slots.ts';
import { answerOfOutcome } from './outcome-of-answer.ts';

const PREFIX = 'accepted/';
/** Accepted ones that wait for the scheduler; more are not accepted. */
const WAITING_MAX = 10_000;
/** Characters of the arguments of all that wait; more are not accepted. */
const WAITING_CHARACTERS_MAX = 256 * 1024 * 1024;

const target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dag'), dag }),
  z.object({ kind: z.literal('function'), name: z.string() }),
]);

const acceptedInvocation = z.object({
  id: z.string(),
  /** As it was when it was invoked. */
  target,
  /** Milliseconds since 1970. */
  startedAtMs: z.number(),
  consistency: z.enum(consistencyLevels),
  /** What is to be run; `undefined` when it has ended. */
  request: z
    .object({
      arguments: argumentMap,
      identity: requestIdentity,
      sessionToken: z.string().optional(),
      store: z.string().optional(),
      timeoutMs: z.number().optional(),
      trace: z.boolean(),
    })
    .optional(),
  answer: invocationAnswer.optional(),
});
export type AcceptedInvocation = z.infer<typeof acceptedInvocation>;

const codec = storedCodec((value) => acceptedInvocation.parse(value));

/**
 * What an accepted request is called by when its client has not named it. No header can hold a line
 * break, so no client's key is the same.
 */
export const acceptedIdentity = (id: InvocationId): RequestIdentity => ({
  key: `accepted\n${id}`,
  digests: new Map(),
});

type Accepted = Omit<AcceptedInvocation, 'request'>;

const CANCELLED_BEFORE_IT_RAN: InvocationOutcome = {
  ok: false,
  failure: { type: 'cancelled', detail: 'It was cancelled before it ran.' },
  attempts: 0,
  durationUs: 0,
};

function charactersOf({ arguments: args }: InvokeRequest): number {
  let characters = 0;
  for (const byParameter of args.values()) {
    for (const argument of byParameter.values()) {
      if ('value' in argument) characters += argument.value.length;
    }
  }
  return characters;
}

export class AcceptedInvocations {
  readonly #cluster: Pick<Cluster, 'invoke' | 'cancel' | 'release' | 'ownStore'>;
  readonly #slots: InvocationSlots;
  #waitingCharacters = 0;
  readonly #accepted = new Map<
    InvocationId,
    { readonly accepted: Accepted; readonly durable: Promise<void> }
  >();

  /** @param slots invocations that the cluster takes at a time */
  constructor(
    cluster: Pick<Cluster, 'invoke' | 'cancel' | 'release' | 'ownStore'>,
    slots = INVOCATIONS_MAX,
  ) {
    this.#cluster = cluster;
    this.#slots = new InvocationSlots(slots);
  }

  /** So many wait for their turn that no more can be promised one. */
  get isFull(): boolean {
    return this.#slots.waiting >= WAITING_MAX || this.#waitingCharacters >= WAITING_CHARACTERS_MAX;
  }

  /** Those of earlier servers, in the order of their start. */
  async load(): Promise<readonly AcceptedInvocation[]> {
    const range = { prefix: PREFIX, limit: Number.MAX_SAFE_INTEGER };
    const found = (await this.#store.scan(range)).map(({ bytes }) => codec.decode(bytes));
    for (const accepted of found) this.#remember(accepted, Promise.resolve());
    return found.toSorted((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
  }

  /** Resolves when it is durable; only then may it be answered. Known ones stay as they are. */
  accept(accepted: AcceptedInvocation): Promise<void> {
    const known = this.#accepted.get(accepted.id);
    if (known !== undefined) return known.durable;
    const durable = this.#save(accepted);
    this.#remember(accepted, durable);
    durable.catch(() => this.#accepted.delete(accepted.id));
    return durable;
  }

  /** Runs it; one that was accepted when it is its turn, and its end is durable before this resolves. */
  readonly invoke = async (request: InvokeRequest): Promise<InvocationOutcome> => {
    const outcome = this.#accepted.has(request.invocation)
      ? await this.#invokeAccepted(request)
      : await this.#invokeNow(request);
    if (this.#accepted.has(request.invocation)) await this.ended(answerOfOutcome(request, outcome));
    return outcome;
  };

  /** See {@link Cluster.cancel}; one that waits for its turn ends, too. */
  cancel(id: InvocationId): void {
    if (!this.#slots.withdraw(id)) this.#cluster.cancel(id);
  }

  /** Resolves when it is durable that one that was accepted has ended so. */
  async ended(answer: InvocationAnswer): Promise<void> {
    const known = this.#accepted.get(answer.invocation);
    if (known !== undefined) await this.#save({ ...known.accepted, answer });
  }

  /** Nobody can ask for it any more. */
  async forget(id: InvocationId): Promise<void> {
    if (this.#accepted.delete(id)) await this.#store.remove([`${PREFIX}${id}`]);
  }

  async #invokeNow(request: InvokeRequest): Promise<InvocationOutcome> {
    this.#slots.enter();
    try {
      return await this.#cluster.invoke(request);
    } finally {
      this.#slots.leave();
    }
  }

  async #invokeAccepted(request: InvokeRequest): Promise<InvocationOutcome> {
    const characters = charactersOf(request);
    this.#waitingCharacters += characters;
    const hasEntered = await this.#slots.enterAccepted(request.invocation);
    this.#waitingCharacters -= characters;
    if (!hasEntered) {
      if (request.identity !== undefined) this.#cluster.release(request.identity);
      return CANCELLED_BEFORE_IT_RAN;
    }
    try {
      return await this.#cluster.invoke(request);
    } finally {
      this.#slots.leaveAccepted();
    }
  }

  get #store(): Store {
    return this.#cluster.ownStore;
  }

  #remember({ request: _request, ...accepted }: AcceptedInvocation, durable: Promise<void>): void {
    this.#accepted.set(accepted.id, { accepted, durable });
  }

  #save(accepted: AcceptedInvocation): Promise<void> {
    return this.#store.save([{ key: `${PREFIX}${accepted.id}`, bytes: codec.encode(accepted) }]);
  }
}
