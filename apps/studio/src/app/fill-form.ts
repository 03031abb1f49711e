/**
 * Puts an example's arguments and level into the run form, unless the person has typed something there
 * before.
 */
import type { DagName, Example } from '@stormglass/core';
import { fieldId, typedText } from '../run/invocation-form.ts';
import { changeForm, formOf, openForm } from '../run/run-form-store.ts';

export function fillForm(dag: DagName, example: Example): void {
  openForm(dag);
  const form = formOf(dag);
  if (form.texts.size > 0) return;
  const texts = Object.entries(example.arguments).flatMap(([node, values]) =>
    Object.entries(values).map(([parameter, value]): [string, string] => [
      fieldId(node, parameter),
      typedText(value),
    ]),
  );
  changeForm(dag, { texts: new Map(texts), level: form.level ?? example.consistency });
}
