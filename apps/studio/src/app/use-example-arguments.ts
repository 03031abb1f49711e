/**
 * An example that is opened by its address runs at once, like one opened from the start screen: its
 * arguments are asked for where nothing was ever typed.
 */
import type { DagName } from '@stormglass/core';
import { useEffect } from 'react';
import { listExamples } from '../api/examples.ts';
import { formOf, openForm } from '../run/run-form-store.ts';
import { fillForm } from './fill-form.ts';

export function useExampleArguments(dag: DagName): void {
  useEffect(() => {
    openForm(dag);
    if (formOf(dag).texts.size > 0) return;
    void listExamples().then((answer) => {
      // An example is installed under its own name.
      const example = answer.ok ? answer.value.find(({ id }) => id === dag) : undefined;
      if (example !== undefined) fillForm(dag, example);
    });
  }, [dag]);
}
