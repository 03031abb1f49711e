/**
 * After a restart: what earlier servers have accepted is known again, and what had not ended is run.
 */
import type { ServerContext } from '../server-context.ts';
import type { AcceptedInvocation } from './accepted-invocations.ts';
import { outcomeOfAnswer } from './outcome-of-answer.ts';

type Surroundings = Pick<ServerContext, 'accepted' | 'book' | 'cluster'>;

/** Resolves when all of them are known; those that run may still run. */
export async function resumeAccepted(surroundings: Surroundings): Promise<void> {
  for (const one of await surroundings.accepted.load()) await resume(surroundings, one);
}

/** It may have taken effect without the server learning of it: storage knows. */
async function resume(
  { accepted, book, cluster }: Surroundings,
  { request, answer, ...ended }: AcceptedInvocation,
): Promise<void> {
  if (answer !== undefined) book.restore(ended, outcomeOfAnswer(answer));
  if (request === undefined) return;
  const { id, target, startedAtMs, consistency } = ended;
  const { arguments: args, identity, ...options } = request;
  const claim = await cluster.claim(identity, id);
  if (claim.state === 'new') {
    const claimed = { identity, id };
    book.start(target, args, { ...options, consistency, claimed, startedAtMs });
  } else if (claim.state === 'answered') {
    await accepted.ended(claim.answer);
    book.restore(ended, outcomeOfAnswer(claim.answer));
  }
}
