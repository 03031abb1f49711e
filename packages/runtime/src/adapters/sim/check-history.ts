/**
 * What must hold in every history, whatever the seed: the independent checkers, over what was
 * recorded at the border of the simulated system, and what only a simulation can see.
 */
import { checkHistory as checkRecorded } from '@stormglass/checker';
import { checkCacheReads } from './check-cache-reads.ts';
import type { History } from './history.ts';
import { recordedHistory } from './recorded-history.ts';
import type { Scenario } from './scenario.ts';
import type { Violation } from './violation.ts';

/** One sentence for each thing that went wrong; empty when nothing did. */
export const checkHistory = (history: History, scenario: Scenario): readonly string[] =>
  findViolations(history, scenario).map(({ sentence }) => sentence);

/** At causal-cut the product pins what an attempt has read, so more is asked of it. */
export const findViolations = (history: History, scenario: Scenario): readonly Violation[] => [
  ...silences(history),
  ...checkRecorded(recordedHistory(history, scenario), { isCutPinned: true }).map(
    ({ class: kind, key, sentence }) => ({ kind, key, sentence }),
  ),
  ...checkCacheReads(history, scenario),
];

/** Nobody waits in vain, unless the server died meanwhile. */
const silences = (history: History): readonly Violation[] =>
  history.flatMap((entry): readonly Violation[] => {
    if (entry.kind !== 'unanswered' || entry.why === 'server-lost') return [];
    const what = entry.invocation ?? `a request for ${entry.key}`;
    const sentence = `Client ${entry.client} waited for the answer to ${what} in vain`;
    return [{ kind: 'answers', key: entry.key, sentence }];
  });
