/**
 * The routes: the start screen, and a DAG with or without a run on it.
 */
import { lazy } from 'react';
import { Route, Switch } from 'wouter';
import { NotFound } from './NotFound.tsx';
import { Region } from './Region.tsx';
import { StartScreen } from './StartScreen.tsx';

const loadEditor = async () => {
  const { EditorScreen } = await import('./EditorScreen.tsx');
  return { default: EditorScreen };
};

const EditorScreen = lazy(loadEditor);

export function App() {
  return (
    <Switch>
      <Route path="/">
        <StartScreen onIdle={() => void loadEditor().catch(() => undefined)} />
      </Route>
      <Route path="/d/:dag/*?">
        {({ dag }) => (
          <Region>
            <EditorScreen name={dag} />
          </Region>
        )}
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
