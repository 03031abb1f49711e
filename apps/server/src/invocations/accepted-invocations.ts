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
import type { Store } from '@stormglass/runtime';
import { storedCodec } from '@stormglass/runtime/node';
import * as z from 'zod';
import type { Cluster, InvocationOutcome, InvokeRequest } from '../cluster-port.ts';
import { answerOfOutcome } from './outcome-of-answer.ts';

const PREFIX = 'accepted/';

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

export class AcceptedInvocations {
  readonly #cluster: Pick<Cluster, 'invoke' | 'ownStore'>;
  readonly #accepted = new Map<
    InvocationId,
    { readonly accepted: Accepted; readonly durable: Promise<void> }
  >();

  constructor(cluster: Pick<Cluster, 'invoke' | 'ownStore'>) {
    this.#cluster = cluster;
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

  /** Runs it; of one that was accepted, its end is durable before this resolves. */
  readonly invoke = async (request: InvokeRequest): Promise<InvocationOutcome> => {
    const outcome = await this.#cluster.invoke(request);
    if (this.#accepted.has(request.invocation)) await this.ended(answerOfOutcome(request, outcome));
    return outcome;
  };

  /** Resolves when it is durable that one that was accepted has ended so. */
  async ended(answer: InvocationAnswer): Promise<void> {
    const known = this.#accepted.get(answer.invocation);
    if (known !== undefined) await this.#save({ ...known.accepted, answer });
  }

  /** Nobody can ask for it any more. */
  async forget(id: InvocationId): Promise<void> {
    if (this.#accepted.delete(id)) await this.#store.remove([`${PREFIX}${id}`]);
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
