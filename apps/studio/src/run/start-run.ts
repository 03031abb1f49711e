/**
 * From the form to a running invocation: what is missing is said at its field, then the document is
 * saved, then the invocation starts. Nothing starts when any step refuses.
 */
import type { ConsistencyLevel, DagDetail, DagName, InvocationId } from '@stormglass/core';
import { startInvocation } from '../api/invocations.ts';
import type { Answer, ApiProblem } from '../api/request.ts';
import {
  argumentsOf,
  fieldErrorsOf,
  type ArgumentField,
  type FieldErrors,
} from './invocation-form.ts';
import type { RunForm } from './run-form-store.ts';

export interface RunRequest {
  readonly dag: DagDetail;
  readonly fields: readonly ArgumentField[];
  readonly form: RunForm;
  readonly level: ConsistencyLevel;
  /** The token of the session to continue, when there is one. */
  readonly session: string | undefined;
  /** Saves functions and document; answers with the name under which the server has the DAG. */
  readonly prepare: () => Promise<Answer<DagName>>;
}

export type RunStart =
  | { readonly is: 'started'; readonly invocation: InvocationId; readonly dag: DagName }
  /** Saving was refused; the document and the function say why. */
  | { readonly is: 'unsaved' }
  | { readonly is: 'incomplete'; readonly errors: FieldErrors }
  | { readonly is: 'refused'; readonly problem: ApiProblem };

export async function startRun(request: RunRequest): Promise<RunStart> {
  const { fields, form, level, session } = request;
  const given = argumentsOf(fields, form.texts);
  if (!given.ok) return { is: 'incomplete', errors: given.errors };

  const prepared = await request.prepare();
  if (!prepared.ok) return { is: 'unsaved' };

  const answer = await startInvocation(prepared.value, {
    arguments: given.arguments,
    consistency: level,
    trace: form.traces ? 'full' : 'off',
    ...(session === undefined ? {} : { session }),
  });
  if (answer.ok) {
    return { is: 'started', invocation: answer.value.invocation, dag: prepared.value };
  }
  const errors = fieldErrorsOf(answer.problem, fields);
  if (errors.size > 0) return { is: 'incomplete', errors };
  return { is: 'refused', problem: answer.problem };
}
