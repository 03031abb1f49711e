/**
 * Why a read returned the version that it did (studio.md 3.5): first a sentence, then the proof.
 * Everything comes from the recorded event; the page only compares the versions in it.
 */
import type { NodeId } from '@stormglass/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '../design/primitives/Button.tsx';
import { ClockGlyph } from '../clock-glyph/ClockGlyph.tsx';
import { sentenceWithTimes } from '../clock-glyph/clock-entries.ts';
import { ClockTable } from '../clock-glyph/ClockTable.tsx';
import { bytesText, countText, durationText } from '../run/format-amount.ts';
import { Mark } from '../run/marks/Mark.tsx';
import type { NodeRun, ReadRecord } from '../run/node-run.ts';
import { markOfRead, outcomeWord, sourceWords } from '../run/read-outcome.ts';
import { runStore, useRun } from '../run/run-store.ts';
import { consideredOf } from './considered.ts';
import { NoRunYet } from './NoRunYet.tsx';
import styles from './Inspector.module.css';

interface WhyTabProps {
  readonly node: NodeId;
  readonly run: NodeRun | undefined;
}

export function WhyTab({ node, run }: WhyTabProps) {
  const selectedSeq = useRun((state) => state.selectedSeq);
  if (run === undefined) return <NoRunYet what="reads, each with its reason" />;
  const { reads } = run;
  const chosen = Math.max(
    0,
    reads.findIndex((read) => read.seq === selectedSeq),
  );
  const read = reads[chosen];
  if (read === undefined) {
    return <p className={styles['empty']}>{node} read no key, so there is nothing to explain.</p>;
  }
  const go = (index: number) => {
    runStore.selectRecord(reads[index]?.seq);
  };
  return (
    <div className={styles['tab']} data-testid="why">
      <div className={styles['line']}>
        <span className={styles['quiet']}>
          read {chosen + 1} of {reads.length}
        </span>
        <span className={styles['actions']}>
          <IconButton
            label="Previous read"
            isDisabled={chosen === 0}
            onPress={() => {
              go(chosen - 1);
            }}
          >
            <ChevronLeft size={16} aria-hidden />
          </IconButton>
          <IconButton
            label="Next read"
            isDisabled={chosen === reads.length - 1}
            onPress={() => {
              go(chosen + 1);
            }}
          >
            <ChevronRight size={16} aria-hidden />
          </IconButton>
        </span>
      </div>
      <Explanation read={read} node={node} />
    </div>
  );
}

interface ExplanationProps {
  readonly read: ReadRecord;
  readonly node: NodeId;
}

function Explanation({ read, node }: ExplanationProps) {
  return (
    <article aria-label={`Why ${node} read this version of ${read.key}`} className={styles['why']}>
      <h3 className={styles['heading']}>
        {node} read <code>{read.key}</code>
      </h3>
      <dl className={styles['proof']}>
        <dt>returned</dt>
        <dd>
          <span className={styles['line']}>
            <Mark kind={markOfRead(read)} size={13} />
            <span>
              {outcomeWord(read)} {sourceWords(read)}
            </span>
          </span>
          <ClockGlyph version={read.version} reference={read.required} referenceName="required" />
          <span className={styles['quiet']}>
            {durationText(read.durationUs)} · {bytesText(read.bytes)}
            {read.siblings > 1 && ` · ${countText(read.siblings, 'concurrent value')}`}
          </span>
        </dd>
        <dt>because</dt>
        <dd className={styles['because']}>{sentenceWithTimes(read.because)}</dd>
        <dt>rule</dt>
        <dd>
          <code>{read.rule}</code>
        </dd>
        <dt>required</dt>
        <dd>
          {read.required === undefined ? (
            <span className={styles['quiet']}>nothing: any version would have done</span>
          ) : (
            <ClockGlyph version={read.required} reference={read.version} referenceName="returned" />
          )}
        </dd>
        <dt>found</dt>
        <dd>
          {read.found === undefined ? (
            <span className={styles['quiet']}>no version of this key in cache {read.worker}</span>
          ) : (
            <ClockGlyph
              version={read.found}
              reference={read.required ?? read.version}
              referenceName={read.required === undefined ? 'returned' : 'required'}
            />
          )}
        </dd>
        <dt>considered</dt>
        <dd>
          <ol className={styles['considered']}>
            {consideredOf(read).map((option) => (
              <li key={option.where} data-taken={option.isTaken}>
                <span className={styles['line']}>
                  <Mark kind={option.mark} />
                  <span>{option.where}</span>
                  <strong>{option.isTaken ? 'taken' : 'refused'}</strong>
                </span>
                <span className={styles['quiet']}>{option.words}</span>
              </li>
            ))}
          </ol>
        </dd>
        <dt>where</dt>
        <dd className={styles['quiet']}>
          executor {read.executor ?? read.worker}, cache {read.worker}, attempt {read.attempt},
          event {read.seq}
        </dd>
      </dl>
      <div className={styles['sideways']} role="group" aria-label="Writer by writer" tabIndex={0}>
        <ClockTable
          version={read.version}
          reference={read.required ?? read.found}
          referenceName={read.required === undefined ? 'found' : 'required'}
        />
      </div>
    </article>
  );
}
