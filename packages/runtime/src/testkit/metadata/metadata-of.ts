/**
 * What the metadata of a version takes: all of it but the value, encoded as between a worker and
 * the server.
 */
import { dependenciesOf, versionOf, type Capsule } from '@stormglass/core';
import { FrameEncoder } from '../../adapters/node/frame-codec.ts';

export interface MetadataSize {
  readonly bytes: number;
  /** Entries of the version's clock. */
  readonly clockLength: number;
  /** Keys that it depends on. */
  readonly dependencies: number;
}

const withoutValue = (capsule: Capsule): Capsule =>
  capsule.kind === 'register'
    ? { ...capsule, writes: capsule.writes.map((write) => ({ ...write, value: null })) }
    : capsule;

/** Field names are sent once a connection, so the first frame does not count. */
export class MetadataMeter {
  readonly #encoder = new FrameEncoder();
  readonly #emptyBytes: number;

  constructor() {
    const empty = {
      kind: 'register',
      writes: [
        { writer: '', timestamp: 0, context: new Map(), dependencies: new Map(), value: null },
      ],
    };
    const dotted = { ...empty, writes: empty.writes.map((write) => ({ ...write, counter: 0 })) };
    for (const frame of [empty, dotted, empty, dotted]) this.#encoder.encode(frame);
    this.#emptyBytes = this.#encoder.encode({}).length;
  }

  sizeOf(capsule: Capsule): MetadataSize {
    return {
      bytes: this.#encoder.encode(withoutValue(capsule)).length - this.#emptyBytes,
      clockLength: versionOf(capsule).size,
      dependencies: dependenciesOf(capsule).size,
    };
  }
}
