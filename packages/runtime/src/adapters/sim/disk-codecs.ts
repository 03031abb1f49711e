/**
 * How what storage nodes keep lies on the disks of one simulation.
 */
import {
  answerRecord,
  capsule,
  commitRecord,
  type AnswerRecord,
  type Capsule,
  type CommitRecord,
} from '@stormglass/core';
import type { Codec } from '../../ports/codec.ts';
import { keptDataCodec } from './kept-data-codec.ts';
import { plainDataCodec } from './plain-data-codec.ts';

export interface DiskCodecs {
  readonly value: Codec<Capsule>;
  readonly record: Codec<CommitRecord>;
  readonly answer: Codec<AnswerRecord>;
}

/** As text that is parsed with its schema, or not as bytes at all. */
export const diskCodecs = (isStrict: boolean): DiskCodecs =>
  isStrict
    ? {
        value: plainDataCodec((data) => capsule.parse(data)),
        record: plainDataCodec((data) => commitRecord.parse(data)),
        answer: plainDataCodec((data) => answerRecord.parse(data)),
      }
    : { value: keptDataCodec(), record: keptDataCodec(), answer: keptDataCodec() };
