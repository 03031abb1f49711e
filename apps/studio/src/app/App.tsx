/**
 * The routes: the start screen, and a DAG with or without a run on it.
 */
import { lazy } from 'react';
import { Route, Switch } from 'wouter';
import { NotFound } from './NotFound.tsx';
import { Region } from './Region.tsx';

const loadEditor = async () => {
  const { EditorScreen } = await import('./EditorScreen.tsx');
  return { default: EditorScreen };
};

const EditorScreen = lazy(loadEditor);

const StartScreen = lazy(async () => {
  const { StartScreen: component } = await import('./StartScreen.tsx');
  return { default: component };
});

export function App() {
  return (
    <Switch>
      <Route path="/">
        <Region>
          <StartScreen onIdle={() => void loadEditor().catch(() => undefined)} />
        </Region>
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
