/**
 * The first screen: three examples that run at once, an empty canvas, and the DAGs on the server.
 */
import type { DagDetail, DagName, Example, InvocationStatus } from '@stormglass/core';
import { Plus } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { listDags } from '../api/dags.ts';
import { listExamples } from '../api/examples.ts';
import { newestInvocations } from '../api/invocations.ts';
import type { ApiProblem } from '../api/request.ts';
import { Button } from '../design/primitives/Button.tsx';
import { Notice } from '../design/primitives/Notice.tsx';
import { Shortcut } from '../design/primitives/Shortcut.tsx';
import { createDocument } from '../document/open-document.ts';
import { storedNames } from '../document/stored-document.ts';
import { ConnectionBadge } from '../live/ConnectionBadge.tsx';
import { dagAddress } from '../run/run-address.ts';
import { DagList } from './DagList.tsx';
import { ExampleCards } from './ExampleCards.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';
import { Wordmark } from './Wordmark.tsx';
import { usePageTitle } from './use-page-title.ts';
import styles from './StartScreen.module.css';

const IDLE_AFTER_MS = 600;

interface Offer {
  readonly examples: readonly Example[] | undefined;
  readonly dags: readonly DagDetail[] | undefined;
  /** Newest first; empty until they are known. */
  readonly runs: readonly InvocationStatus[];
  readonly problem: ApiProblem | undefined;
}

const RUNS_MAX = 50;

const NOTHING_YET: Offer = {
  examples: undefined,
  dags: undefined,
  runs: [],
  problem: undefined,
};

async function askForOffer(): Promise<Offer> {
  const [examples, dags, runs] = await Promise.all([
    listExamples(),
    listDags(),
    newestInvocations(RUNS_MAX),
  ]);
  return {
    runs: runs.ok ? runs.value : [],
    examples: examples.ok ? examples.value : undefined,
    dags: dags.ok ? dags.value : undefined,
    problem: dags.ok ? (examples.ok ? undefined : examples.problem) : dags.problem,
  };
}

function useOffer() {
  const [offer, setOffer] = useState(NOTHING_YET);
  const load = () => void askForOffer().then(setOffer);
  useEffect(() => void askForOffer().then(setOffer), []);
  return { offer, load };
}

function localNames(): readonly DagName[] {
  try {
    return storedNames(localStorage);
  } catch {
    return [];
  }
}

/** `onIdle` is called once there is nothing left to do here. */
export function StartScreen({ onIdle }: { readonly onIdle: () => void }) {
  usePageTitle();
  const whenIdle = useEffectEvent(onIdle);
  useEffect(() => {
    const timer = setTimeout(whenIdle, IDLE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const { offer, load } = useOffer();
  const [, navigate] = useLocation();
  const { dags, examples, runs, problem } = offer;

  function startEmpty() {
    const taken = new Set((dags ?? []).map(({ name }) => name));
    navigate(dagAddress(createDocument(taken)));
  }

  return (
    <div className={styles['screen']}>
      <header className={styles['top']}>
        <Wordmark />
        <span className={styles['space']} />
        <ConnectionBadge />
        <ThemeSwitch />
      </header>
      <main className={styles['main']}>
        <div className={styles['hero']}>
          <div>
            <h1 className={styles['title']}>Draw it. Run it. See every read.</h1>
            <p className={styles['lead']}>
              Functions with state on a real cluster. Watch each one find its keys in a cache, miss,
              or reach upstream, and see which version it got, and why.
            </p>
            <p className={styles['hint']}>
              Open an example and press <Shortcut keys="$mod+Enter" />: it runs at once.
            </p>
          </div>
          <Button variant="primary" data-testid="start-empty" onPress={startEmpty}>
            <Plus size={16} aria-hidden />
            Start empty
          </Button>
        </div>
        {problem === undefined ? null : (
          <Notice
            tone="danger"
            actions={
              <Button size="small" onPress={load}>
                Retry
              </Button>
            }
          >
            {problem.detail}
          </Notice>
        )}
        <section aria-labelledby="examples-title">
          <h2 id="examples-title" className={styles['section']}>
            Start from an example
          </h2>
          <ExampleCards examples={examples} isMissing={problem !== undefined} />
        </section>
        <section aria-labelledby="dags-title">
          <h2 id="dags-title" className={styles['section']}>
            Your DAGs
          </h2>
          <DagList dags={dags} runs={runs} localNames={localNames()} onChanged={load} />
        </section>
      </main>
    </div>
  );
}
