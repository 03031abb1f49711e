/**
 * A type and a sentence about it, as the editor draws them on hover and beside the completion list.
 */
import type { ApiMember } from './cloud-api.ts';

export interface Explanation {
  readonly code: string;
  readonly doc: string;
}

export function explanationOf({ name, type, doc }: ApiMember): Explanation {
  const lines = type.split('\n').map((line) => `${name}${line}`);
  return { code: lines.join('\n'), doc };
}

export function drawExplanation({ code, doc }: Explanation): HTMLElement {
  const box = document.createElement('div');
  box.className = 'cm-explanation';
  const type = document.createElement('pre');
  type.textContent = code;
  const sentence = document.createElement('p');
  sentence.textContent = doc;
  box.append(type, sentence);
  return box;
}
