/**
 * The main screen: the DAG in the middle, functions on the left, the inspector on the right, events below.
 */
// First, so that the studio's own styles win over it.
import '@xyflow/react/dist/style.css';
import { ReactFlowProvider } from '@xyflow/react';
import { Suspense, lazy, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../design/primitives/Button.tsx';
import { loadDialogWindow } from '../design/primitives/Dialog.tsx';
import { useOpenDocument } from '../document/document-store.ts';
import type { DocumentPhase } from '../document/document-store.ts';
import { createDocument, openDocument } from '../document/open-document.ts';
import { placeNodes } from '../canvas/tidy.ts';
import { loadCodeEditor } from '../editor/load-code-editor.ts';
import { loadFunctions } from '../library/function-store.ts';
import { useRunFromAddress } from '../run/use-run-from-address.ts';
import { loadRenameField } from './DagTitle.tsx';
import { loadEventsPanel } from './Dock.tsx';
import { loadSelectionInspector } from './InspectorRegion.tsx';
import { Region } from './Region.tsx';
import { RunSection } from './RunSection.tsx';
import { SaveNotices } from './SaveNotices.tsx';
import { TopBar } from './TopBar.tsx';
import { Workspace } from './Workspace.tsx';
import { useCommandKeys } from './commands.ts';
import { saveEverything } from './save-everything.ts';
import { redoShown, undoShown } from './shown-history.ts';
import { useExampleArguments } from './use-example-arguments.ts';
import { usePageTitle } from './use-page-title.ts';
import { walkRegions } from './walk-regions.ts';
import messageStyles from './Message.module.css';
import styles from './EditorScreen.module.css';

/** Functions may be registered by others: asked for again whenever the page is looked at again. */
function useFreshFunctions(): void {
  useEffect(() => {
    void loadFunctions();
    const onVisible = () => {
      if (document.visibilityState === 'visible') void loadFunctions();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, []);
}

const ClusterStrip = lazy(async () => {
  const { ClusterStrip: component } = await import('../cluster/ClusterStrip.tsx');
  return { default: component };
});

const KeysDialog = lazy(async () => {
  const { KeysDialog: component } = await import('./KeysDialog.tsx');
  return { default: component };
});

async function loadCommandPalette() {
  const { CommandPalette: component } = await import('./palette/CommandPalette.tsx');
  return { default: component };
}

const CommandPalette = lazy(loadCommandPalette);

const IDLE_AFTER_MS = 1_000;
const panelLoaders = [
  loadSelectionInspector,
  loadCodeEditor,
  loadEventsPanel,
  loadDialogWindow,
  loadCommandPalette,
  loadRenameField,
];

/** Large and soon wanted: loaded once the screen has been there for a moment. */
function usePrefetchedEditor(): void {
  useEffect(() => {
    // When the server is away just then, nothing is lost: it is loaded when it is first shown.
    const load = () => void Promise.allSettled(panelLoaders.map((loadPanel) => loadPanel()));
    const timer = setTimeout(load, IDLE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}

interface NotOpenProps {
  readonly name: string;
  readonly phase: Exclude<DocumentPhase, { is: 'open' }>;
}

function NotOpen({ name, phase }: NotOpenProps) {
  if (phase.is === 'closed' || phase.is === 'loading') {
    return <main className={messageStyles['message']} aria-busy aria-label={`Opening ${name}`} />;
  }
  const isMissing = phase.is === 'missing';
  return (
    <main className={messageStyles['message']}>
      <h2 className={messageStyles['title']}>
        {isMissing ? `There is no DAG called ${name}` : `${name} cannot be opened now`}
      </h2>
      <p className={messageStyles['text']}>
        {isMissing
          ? 'It may have been renamed or deleted. You can start an empty one under this name.'
          : phase.problem.detail}
      </p>
      <span className={messageStyles['actions']}>
        {isMissing ? (
          <Button
            variant="primary"
            onPress={() => {
              createDocument(new Set(), name);
              void openDocument(name, placeNodes);
            }}
          >
            Start {name}
          </Button>
        ) : (
          <Button variant="primary" onPress={() => void openDocument(name, placeNodes)}>
            Retry
          </Button>
        )}
        <Link href="/" className={messageStyles['link'] ?? ''}>
          All DAGs
        </Link>
      </span>
    </main>
  );
}

export function EditorScreen({ name }: { readonly name: string }) {
  const phase = useOpenDocument((open) => open.phase);
  const openName = useOpenDocument((open) => open.name);
  const [isShowingKeys, setShowingKeys] = useState(false);
  const [isFinding, setFinding] = useState(false);
  usePageTitle(name);
  useFreshFunctions();
  useRunFromAddress();
  useExampleArguments(name);
  usePrefetchedEditor();
  useEffect(() => {
    // A rename changes the address of what is open already.
    if (openName !== name) void openDocument(name, placeNodes);
    // eslint-disable-next-line react/exhaustive-deps
  }, [name]);
  useCommandKeys({
    save: () => void saveEverything(),
    undo: undoShown,
    redo: redoShown,
    keys: () => setShowingKeys(true),
    palette: () => setFinding(true),
    'next-region': () => walkRegions(1),
    'previous-region': () => walkRegions(-1),
  });
  return (
    <ReactFlowProvider>
      <div className={styles['screen']}>
        <TopBar onShowKeys={() => setShowingKeys(true)} onFind={() => setFinding(true)} />
        {phase.is === 'open' ? (
          <>
            <Region>
              <RunSection />
            </Region>
            <SaveNotices />
            <Region>
              <Workspace dag={name} />
            </Region>
          </>
        ) : (
          <NotOpen name={name} phase={phase} />
        )}
        <footer className={styles['status']} data-region>
          <Region>
            <ClusterStrip />
          </Region>
        </footer>
      </div>
      <Suspense>
        {isFinding ? <CommandPalette dag={name} onClose={() => setFinding(false)} /> : null}
        {isShowingKeys ? <KeysDialog isOpen onClose={() => setShowingKeys(false)} /> : null}
      </Suspense>
    </ReactFlowProvider>
  );
}
