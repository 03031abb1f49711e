/**
 * One at a time for each key of a client's requests: who decides whether it was answered, and who
 * asks for the answer.
 */
export class RequestTurns {
  /** The first of each has the turn. */
  readonly #queues = new Map<string, (() => void)[]>();

  /** Runs `turn` when it is its turn, at once if nobody has it; {@link leave} ends it. */
  take(key: string, turn: () => void): void {
    const queue = this.#queues.get(key);
    if (queue !== undefined) {
      queue.push(turn);
      return;
    }
    this.#queues.set(key, [turn]);
    turn();
  }

  leave(key: string): void {
    const queue = this.#queues.get(key);
    queue?.shift();
    const next = queue?.[0];
    if (next === undefined) this.#queues.delete(key);
    else next();
  }
}
