/**
 * Asking the host, and promises for what it answers later.
 */
import { decode } from './decode.ts';
import { request } from './host.ts';
import { asArray, ErrorConstructor, list, PromiseConstructor } from './primordials.ts';
import { asRefusal } from './refusal.ts';

type Texts = readonly (string | undefined)[];

/** Makes of a tag and its texts what user code gets. */
export type Read<Value> = (tag: string, texts: Texts) => Value;

interface Pending {
  readonly slot: number;
  readonly resolve: (tag: string, texts: Texts) => void;
}

/** By ticket. */
const pending = { __proto__: null } as unknown as Record<number, Pending>;

const none: Texts = list();

function tail(reply: Texts): Texts {
  const texts = list<string | undefined>();
  for (let index = 1; index < reply.length; index += 1) texts[index - 1] = reply[index];
  return texts;
}

function one(text: string): Texts {
  const texts = list<string>();
  texts[0] = text;
  return texts;
}

/** A refusal rejects with an error whose stack shows where the user asked. */
export function ask<Value>(
  slot: number,
  operation: string,
  texts: readonly (number | string | undefined)[],
  read: Read<Value>,
): Promise<Value> {
  const reply = request(slot, operation, texts);
  return new PromiseConstructor<Value>((resolve, reject) => {
    const asked = typeof reply === 'number' ? new ErrorConstructor() : undefined;
    const answer = (tag: string, values: Texts): void => {
      if (tag === 'refused') {
        const error = asked ?? new ErrorConstructor();
        reject(asRefusal(error, values[0] ?? 'internal', values[1] ?? ''));
        return;
      }
      try {
        resolve(read(tag, values));
      } catch (error) {
        reject(error);
      }
    };
    if (typeof reply === 'number') pending[reply] = { slot, resolve: answer };
    else if (reply === undefined) answer('done', none);
    else if (typeof reply === 'string') answer('value', one(reply));
    else answer(reply[0], tail(reply));
  });
}

/** The slot of the call that waits under this ticket. */
export function slotOf(ticket: number): number {
  return pending[ticket]?.slot ?? 0;
}

export function answerTicket(ticket: number, tag: string, texts: Texts): void {
  const waiting = pending[ticket];
  if (waiting === undefined) return;
  delete pending[ticket];
  waiting.resolve(tag, texts);
}

export function dropTicket(ticket: number): void {
  delete pending[ticket];
}

function decodeOptional(text: string | undefined): unknown {
  return text === undefined ? undefined : decode(text);
}

export const readOne: Read<unknown> = (_tag, texts) => decodeOptional(texts[0]);

/** A single absent value arrives as `done`. */
export const readAll: Read<unknown[]> = (tag, texts) => {
  const values = list<unknown>();
  if (tag === 'done') values[0] = undefined;
  for (let index = 0; index < texts.length; index += 1)
    values[index] = decodeOptional(texts[index]);
  return asArray(values);
};

export const readNothing: Read<void> = () => undefined;

export interface Message {
  readonly from: string;
  readonly message: unknown;
}

export const readMessage: Read<Message | undefined> = (tag, texts) =>
  tag === 'message' ? { from: texts[0] ?? '', message: decodeOptional(texts[1]) } : undefined;
