/**
 * The form before a run: which parameters have to be given, what the typed text means, and the body to
 * send. Pure.
 */
import type { DagDetail, DagInvocationBody, FunctionSummary, NodeId } from '@stormglass/core';
import type { ApiProblem } from '../api/request.ts';
import type { NodeRun } from './node-run.ts';

export interface ArgumentField {
  readonly id: string;
  readonly node: NodeId;
  readonly parameter: string;
  readonly isRequired: boolean;
}

export const fieldId = (node: NodeId, parameter: string): string => `${node}-${parameter}`;

/** One field for each parameter that no edge binds, in the order of the nodes and of the signature. */
export function argumentFieldsOf(
  dag: Pick<DagDetail, 'nodes' | 'edges'>,
  functions: ReadonlyMap<string, FunctionSummary>,
): readonly ArgumentField[] {
  const bound = new Set(dag.edges.map((edge) => fieldId(edge.to, edge.parameter)));
  return dag.nodes.flatMap((node) => {
    const summary = functions.get(node.function);
    return (summary?.parameters ?? [])
      .map((parameter) => ({
        id: fieldId(node.id, parameter),
        node: node.id,
        parameter,
        isRequired: summary?.optional.includes(parameter) !== true,
      }))
      .filter((field) => !bound.has(field.id));
  });
}

export type Typed =
  | { readonly is: 'empty' }
  | { readonly is: 'reference'; readonly key: string }
  | { readonly is: 'json'; readonly value: unknown; readonly kind: string }
  | { readonly is: 'text'; readonly value: string };

/** JSON where it parses as JSON, else plain text; `{"$ref": key}` is read from the store by the server. */
export function readTyped(text: string): Typed {
  const trimmed = text.trim();
  if (trimmed === '') return { is: 'empty' };
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    return { is: 'text', value: text };
  }
  const key = referenceKey(value);
  return key === undefined ? { is: 'json', value, kind: kindOf(value) } : { is: 'reference', key };
}

/** The shortest text that {@link readTyped} reads as this value. */
export function typedText(value: unknown): string {
  if (typeof value === 'string') {
    const typed = readTyped(value);
    if (typed.is === 'text') return value;
  }
  return JSON.stringify(value);
}

function referenceKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return undefined;
  return Object.keys(value).length === 1 && typeof value.$ref === 'string' ? value.$ref : undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value;
}

/** What the field says about the text that is in it. */
export function typedHint(typed: Typed): string {
  switch (typed.is) {
    case 'empty':
      return '';
    case 'reference':
      return 'key';
    case 'json':
      return typed.kind;
    case 'text':
      return 'text';
  }
}

export type FieldErrors = ReadonlyMap<string, string>;

export type FormAnswer =
  | { readonly ok: true; readonly arguments: NonNullable<DagInvocationBody['arguments']> }
  | { readonly ok: false; readonly errors: FieldErrors };

/**
 * The arguments to send, or for each field that is missing why. Empty optional fields keep their
 * default.
 */
export function argumentsOf(
  fields: readonly ArgumentField[],
  texts: ReadonlyMap<string, string>,
): FormAnswer {
  const errors = new Map<string, string>();
  const nodes = new Map<NodeId, Map<string, unknown>>();
  for (const field of fields) {
    const typed = readTyped(texts.get(field.id) ?? '');
    if (typed.is === 'empty') {
      if (field.isRequired)
        errors.set(field.id, `${field.parameter} of ${field.node} is required.`);
      continue;
    }
    const given = nodes.get(field.node) ?? new Map<string, unknown>();
    given.set(field.parameter, typed.is === 'reference' ? { $ref: typed.key } : typed.value);
    nodes.set(field.node, given);
  }
  if (errors.size > 0) return { ok: false, errors };
  return {
    ok: true,
    arguments: Object.fromEntries(
      [...nodes].map(([node, given]) => [node, Object.fromEntries(given)]),
    ),
  };
}

/** What was given to a run, as text for the fields; values that the trace holds cut short are left out. */
export function textsOfRun(
  fields: readonly ArgumentField[],
  nodes: ReadonlyMap<NodeId, Pick<NodeRun, 'arguments'>>,
): ReadonlyMap<string, string> {
  return new Map(
    fields.flatMap(({ id, node, parameter }): readonly [string, string][] => {
      const given = new Map(Object.entries(nodes.get(node)?.arguments ?? {})).get(parameter);
      if (given === undefined) return [];
      try {
        return [[id, typedText(JSON.parse(given))]];
      } catch {
        return [];
      }
    }),
  );
}

/**
 * The part of a refusal that belongs to fields: `missing-argument` names one, `invalid-request` points
 * at several.
 */
export function fieldErrorsOf(problem: ApiProblem, fields: readonly ArgumentField[]): FieldErrors {
  const errors = new Map<string, string>();
  const node = problem['node'];
  const parameter = problem['parameter'];
  if (typeof node === 'string' && typeof parameter === 'string') {
    const id = fieldId(node, parameter);
    if (fields.some((field) => field.id === id)) errors.set(id, problem.detail);
  }
  for (const { field: pointer, message } of problem.errors ?? []) {
    const [, root, pointedNode, pointedParameter] = pointer.split('/');
    if (root !== 'arguments' || pointedNode === undefined || pointedParameter === undefined)
      continue;
    const id = fieldId(pointedNode, pointedParameter);
    if (fields.some((field) => field.id === id)) errors.set(id, message);
  }
  return errors;
}
