/**
 * What one viewer wants, and how far it has got: a place in the event log, nothing more. It holds
 * no records, so a viewer that does not read costs nothing; when the log has gone past it, it is
 * told so and gets an image.
 */
import type { ClusterView, ToldEvent, Up } from '@stormglass/core';
import type { EventLog } from './event-log.ts';

export const RECORDS_IN_FRAME_MAX = 512;
/** Characters; a single larger record still goes, alone. */
const FRAME_LENGTH_MAX = 256 * 1024;
/**
 * Records looked at for one frame, so that a narrow filter over a long past does not hold up the
 * process.
 */
const RECORDS_SCANNED_MAX = 8_192;

export interface ImageSource {
  /** The state after every record of the log. */
  readonly image: () => { readonly seq: number; readonly view: ClusterView };
}

export type Filter = Pick<Up, 'invocation' | 'kinds'>;

function matcher({ invocation, kinds }: Filter): (told: ToldEvent) => boolean {
  const wanted = kinds === undefined ? undefined : new Set(kinds);
  return (told) =>
    (wanted === undefined || wanted.has(told.kind)) &&
    (invocation === undefined || told.invocation === invocation);
}

export class Subscription {
  readonly #log: EventLog;
  readonly #images: ImageSource;
  readonly #filter: Filter;
  readonly #matches: (told: ToldEvent) => boolean;
  /** Everything up to here has been sent, or passed over. */
  #cursor: number;
  #owesImage = false;

  /** @param since replays from after this record; without it only what comes is sent */
  constructor(log: EventLog, images: ImageSource, filter: Filter, since: number | undefined) {
    this.#log = log;
    this.#images = images;
    this.#filter = filter;
    this.#matches = matcher(filter);
    this.#cursor = since ?? log.newest;
    if (this.#cursor > log.newest) {
      // A number of another cluster: what the viewer has means nothing here.
      this.#cursor = log.newest;
      this.#owesImage = filter.invocation === undefined;
    }
  }

  /** The next frame as JSON text; `undefined` when there is nothing to say for now. */
  readonly next = (): string | undefined => {
    if (this.#owesImage) return this.#image();
    if (this.#cursor + 1 < this.#log.oldest) return this.#gap();
    return this.#events();
  };

  #gap(): string {
    const from = this.#cursor + 1;
    if (this.#filter.invocation === undefined) {
      // The image that follows contains everything up to now.
      this.#cursor = this.#log.newest;
      this.#owesImage = true;
    } else {
      this.#cursor = this.#log.oldest - 1;
    }
    return JSON.stringify({ type: 'gap', from, to: this.#cursor });
  }

  #image(): string {
    this.#owesImage = false;
    const { seq, view } = this.#images.image();
    this.#cursor = seq;
    return JSON.stringify({ type: 'image', seq, view });
  }

  #events(): string | undefined {
    while (this.#cursor < this.#log.newest) {
      const texts = this.#scan();
      if (texts.length > 0) return `{"type":"events","events":[${texts.join(',')}]}`;
    }
    return undefined;
  }

  #scan(): readonly string[] {
    const texts: string[] = [];
    const end = Math.min(this.#log.newest, this.#cursor + RECORDS_SCANNED_MAX);
    let length = 0;
    while (this.#cursor < end && texts.length < RECORDS_IN_FRAME_MAX && length < FRAME_LENGTH_MAX) {
      const seq = this.#cursor + 1;
      const told = this.#log.told(seq);
      if (told !== undefined && this.#matches(told)) {
        const text = this.#log.text(seq) ?? '';
        texts.push(text);
        length += text.length;
      }
      this.#cursor = seq;
    }
    return texts;
  }
}
