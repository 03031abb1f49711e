/**
 * `console` and `cloud.log`: lines that appear in the trace. Bounded in length here and in number
 * by the host.
 */
import { display, shorten, TEXT_LENGTH_MAX } from './display.ts';
import { log } from './host.ts';
import { freeze } from './primordials.ts';

/** 0 while no call is running. */
let currentSlot = 0;

/**
 * `console` belongs to all calls of the isolate; a line goes to the call that the host entered for.
 */
export function enterSlot(slot: number): void {
  currentSlot = slot;
}

export function writeLine(slot: number, level: string, values: readonly unknown[]): void {
  let text = '';
  for (let index = 0; index < values.length && text.length <= TEXT_LENGTH_MAX; index += 1) {
    text += index === 0 ? display(values[index]) : ` ${display(values[index])}`;
  }
  log(slot, level, shorten(text, TEXT_LENGTH_MAX));
}

function writer(level: string): (...values: readonly unknown[]) => void {
  return freeze((...values: readonly unknown[]) => {
    writeLine(currentSlot, level, values);
  });
}

export const userConsole = freeze({
  debug: writer('debug'),
  log: writer('info'),
  info: writer('info'),
  warn: writer('warn'),
  error: writer('error'),
});
