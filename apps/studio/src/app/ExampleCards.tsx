/**
 * The examples that come with the server. Pressing one installs it and opens it.
 */
import type { Example } from '@stormglass/core';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useLocation } from 'wouter';
import { installExample } from '../api/examples.ts';
import { dagAddress } from '../run/run-address.ts';
import { ExampleThumbnail } from './ExampleThumbnail.tsx';
import { fillForm } from './fill-form.ts';
import styles from './StartScreen.module.css';

function ExampleCard({ example }: { readonly example: Example }) {
  const [, navigate] = useLocation();
  const [isOpening, setOpening] = useState(false);
  const [error, setError] = useState<string>();

  async function open() {
    setOpening(true);
    setError(undefined);
    const answer = await installExample(example.id);
    setOpening(false);
    if (!answer.ok) {
      setError(answer.problem.detail);
      return;
    }
    fillForm(answer.value.dag, example);
    navigate(dagAddress(answer.value.dag));
  }

  return (
    <li className={styles['cardItem']}>
      <AriaButton
        className={styles['card'] ?? ''}
        data-testid={`example-${example.id}`}
        isDisabled={isOpening}
        onPress={() => void open()}
      >
        <ExampleThumbnail id={example.id} />
        <span className={styles['cardTitle']}>
          {example.title}
          <ArrowRight size={16} aria-hidden />
        </span>
        <span className={styles['cardText']}>{isOpening ? 'Setting it up…' : example.summary}</span>
      </AriaButton>
      {error === undefined ? null : (
        <p role="alert" className={styles['cardError']}>
          {error}
        </p>
      )}
    </li>
  );
}

interface ExampleCardsProps {
  /** `undefined` until they are known. */
  readonly examples: readonly Example[] | undefined;
  /** They could not be asked for; the reason is said elsewhere. */
  readonly isMissing: boolean;
}

export function ExampleCards({ examples, isMissing }: ExampleCardsProps) {
  if (examples === undefined) {
    if (isMissing) return <p className={styles['quiet']}>They appear when the server answers.</p>;
    return (
      <ul className={styles['cards']} aria-busy>
        {['first', 'second', 'third'].map((slot) => (
          <li key={slot} className={styles['cardWaiting']} />
        ))}
      </ul>
    );
  }
  return (
    <ul className={styles['cards']}>
      {examples.map((example) => (
        <ExampleCard key={example.id} example={example} />
      ))}
    </ul>
  );
}
