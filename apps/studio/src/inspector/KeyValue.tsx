/**
 * The value of a key at one version: events carry no values, so it is asked for, and shown only as what
 * it is — the store's present value, of this version or of a later one.
 */
import type { Key, KeyDetail, VersionVector } from '@stormglass/core';
import { useEffect, useState } from 'react';
import { getKey } from '../api/keys.ts';
import type { Answer } from '../api/request.ts';
import { ClockGlyph } from '../clock-glyph/ClockGlyph.tsx';
import { compareVersions, orderingWords } from '../clock-glyph/clock-entries.ts';
import styles from './Inspector.module.css';

interface KeyValueProps {
  readonly keyName: Key;
  readonly version: VersionVector;
}

export function KeyValue({ keyName, version }: KeyValueProps) {
  const [answer, setAnswer] = useState<Answer<KeyDetail> | undefined>();
  useEffect(() => {
    let isCurrent = true;
    void getKey(keyName).then((next) => {
      if (isCurrent) setAnswer(next);
    });
    return () => {
      isCurrent = false;
    };
  }, [keyName]);

  if (answer === undefined) return <p className={styles['quiet']}>Asking the store…</p>;
  if (!answer.ok) {
    const isAbsent = answer.problem.type === 'key-not-found';
    return (
      <p className={styles['quiet']}>
        {isAbsent ? 'The key is absent from the store now.' : answer.problem.detail}
      </p>
    );
  }
  const { value } = answer.value;
  const ordering = compareVersions(answer.value.version, version);
  return (
    <figure className={styles['value']}>
      <figcaption className={styles['caption']}>
        {ordering === 'same' ? (
          <span className={styles['quiet']}>the value of this version</span>
        ) : (
          <>
            <span className={styles['quiet']}>the store now, {orderingWords[ordering].words}:</span>
            <ClockGlyph
              version={answer.value.version}
              reference={version}
              referenceName="this run"
            />
          </>
        )}
      </figcaption>
      <pre className={styles['json']} tabIndex={0}>
        {JSON.stringify(value, undefined, 2) ?? 'nothing'}
      </pre>
    </figure>
  );
}
