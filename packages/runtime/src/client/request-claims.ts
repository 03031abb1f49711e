/**
 * Requests that clients have named by keys, while they run: the first with a key runs, those that
 * come meanwhile join it, and what storage has kept is answered again.
 */
import {
  differingParts,
  type Failure,
  type InvocationAnswer,
  type InvocationId,
  type KeptAnswer,
  type RequestIdentity,
} from '@stormglass/core';

export type Claim =
  /** The first: it has to be invoked with its identity now, or released. */
  | { readonly state: 'new' }
  /** `answer` is `undefined` when the first was released: claim again. */
  | {
      readonly state: 'running';
      readonly invocation: InvocationId;
      readonly answer: Promise<InvocationAnswer | undefined>;
    }
  | { readonly state: 'answered'; readonly answer: InvocationAnswer }
  /** Another request has this key; `differs` names the parts that are not the same. */
  | { readonly state: 'reused'; readonly differs: readonly string[] };

interface Holder {
  readonly identity: RequestIdentity;
  readonly invocation: InvocationId;
  readonly kept: Promise<KeptAnswer | undefined>;
  readonly answer: PromiseWithResolvers<InvocationAnswer | undefined>;
}

export class RequestClaims {
  readonly #recall: (key: string) => Promise<KeptAnswer | undefined>;
  readonly #holders = new Map<string, Holder>();

  /** @param recall what is durable for a key */
  constructor(recall: (key: string) => Promise<KeptAnswer | undefined>) {
    this.#recall = recall;
  }

  /** @param invocation what it will be called if it is the first */
  async claim(identity: RequestIdentity, invocation: InvocationId): Promise<Claim> {
    const { key } = identity;
    const holder = this.#holders.get(key);
    if (holder !== undefined) return join(holder, identity);
    const answer = Promise.withResolvers<InvocationAnswer | undefined>();
    const kept = this.#recall(key);
    this.#holders.set(key, { identity, invocation, kept, answer });
    const found = await kept;
    if (found === undefined) return { state: 'new' };
    this.settle(key, found.answer);
    return compare(found.identity, identity, { state: 'answered', answer: found.answer });
  }

  /** The first with this key is over, and so are those that joined it. */
  settle(key: string, answer: InvocationAnswer | undefined): void {
    const holder = this.#holders.get(key);
    this.#holders.delete(key);
    holder?.answer.resolve(answer);
  }
}

/** Why another request with a known key is not run. */
export const keyReused = (key: string, differs: readonly string[]): Failure => ({
  type: 'idempotency-key-reused',
  differs,
  detail:
    `The key ${JSON.stringify(key)} belongs to a request with other ${differs.join(', ')}. ` +
    'Use a new key for a new request.',
});

const join = async (holder: Holder, identity: RequestIdentity): Promise<Claim> => {
  const kept = await holder.kept;
  if (kept !== undefined) {
    return compare(kept.identity, identity, { state: 'answered', answer: kept.answer });
  }
  const { invocation, answer } = holder;
  return compare(holder.identity, identity, {
    state: 'running',
    invocation,
    answer: answer.promise,
  });
};

const compare = (known: RequestIdentity, identity: RequestIdentity, same: Claim): Claim => {
  const differs = differingParts(known, identity);
  return differs.length === 0 ? same : { state: 'reused', differs };
};
