/**
 * Frames of a link as bytes: a header of four bytes, then MessagePack. The header's top bit says
 * that the sender starts a new dictionary of record structures, the rest is the length of the body.
 *
 * Objects of a fixed shape travel as records: their field names are sent once a connection. Maps
 * and Sets stay Maps and Sets, so a dictionary whose keys come from users is a Map. A field that is
 * `undefined` arrives as `undefined`.
 */
import { assert } from '@stormglass/core';
import { Packr, RESERVE_START_SPACE, Unpackr, type Options } from 'msgpackr';

/** Larger frames are refused at both ends. */
export const FRAME_BYTES_MAX = 64 * 1024 * 1024;

const HEADER_BYTES = 4;
const NEW_DICTIONARY = 0x8000_0000;

assert(FRAME_BYTES_MAX < NEW_DICTIONARY, 'The length of a frame fits beside the dictionary bit');

export class FrameTooLarge extends Error {
  override readonly name = 'FrameTooLarge';
  readonly bytes: number;

  constructor(bytes: number, bytesMax: number) {
    super(`A frame of ${bytes} bytes is over the limit of ${bytesMax}`);
    this.bytes = bytes;
  }
}

// `sequential` keeps the record structures from frame to frame. A fresh object each: msgpackr
// writes into it.
const codecOptions = (): Options => ({
  sequential: true,
  mapsAsObjects: false,
  moreTypes: true,
  copyBuffers: true,
});

/** One a connection and direction: what it sends depends on what it has sent. */
export class FrameEncoder {
  readonly #bytesMax: number;
  #packr = new Packr(codecOptions());
  #isNewDictionary = true;

  constructor(bytesMax = FRAME_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /**
   * Throws {@link FrameTooLarge}, or what a value throws that is no plain data; the next frame is
   * not affected.
   */
  encode(frame: unknown): Buffer {
    try {
      const bytes = this.#packr.pack(frame, RESERVE_START_SPACE | HEADER_BYTES);
      const length = bytes.length - HEADER_BYTES;
      if (length > this.#bytesMax) throw new FrameTooLarge(length, this.#bytesMax);
      bytes.writeUInt32BE(this.#isNewDictionary ? length + NEW_DICTIONARY : length);
      this.#isNewDictionary = false;
      return bytes;
    } catch (cause) {
      // The structures of this frame are noted here, but the other end will never hear of them.
      this.#packr = new Packr(codecOptions());
      this.#isNewDictionary = true;
      throw cause;
    }
  }
}

/** The other end of a {@link FrameEncoder}. After an error it is of no use any more. */
export class FrameDecoder {
  readonly #bytesMax: number;
  #unpackr = new Unpackr(codecOptions());
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes that have to be here before there is anything to do. */
  #needed = HEADER_BYTES;

  constructor(bytesMax = FRAME_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /**
   * The frames that this chunk completes, in order. Throws {@link FrameTooLarge} as soon as a
   * header announces too much, and an `Error` for bytes that are no frame. Nothing returned refers
   * to the chunk.
   */
  decode(chunk: Buffer): unknown[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: unknown[] = [];
    if (this.#length < this.#needed) return frames;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#length);
    let position = 0;
    this.#needed = HEADER_BYTES;
    while (bytes.length - position >= HEADER_BYTES) {
      const header = bytes.readUInt32BE(position);
      const isNewDictionary = header >= NEW_DICTIONARY;
      const length = isNewDictionary ? header - NEW_DICTIONARY : header;
      if (length > this.#bytesMax) throw new FrameTooLarge(length, this.#bytesMax);
      const end = position + HEADER_BYTES + length;
      if (end > bytes.length) {
        this.#needed = HEADER_BYTES + length;
        break;
      }
      if (isNewDictionary) this.#unpackr = new Unpackr(codecOptions());
      frames.push(this.#unpackr.unpack(bytes.subarray(position + HEADER_BYTES, end)));
      position = end;
    }
    // A copy, so that a few bytes do not keep a large chunk alive.
    this.#chunks = position === bytes.length ? [] : [Buffer.from(bytes.subarray(position))];
    this.#length = bytes.length - position;
    return frames;
  }
}
