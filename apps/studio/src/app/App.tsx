/**
 * The routes: the start screen, and a DAG with or without a run on it.
 */
import { Route, Switch } from 'wouter';
import { EditorScreen } from './EditorScreen.tsx';
import { NotFound } from './NotFound.tsx';
import { StartScreen } from './StartScreen.tsx';

export function App() {
  return (
    <Switch>
      <Route path="/">
        <StartScreen />
      </Route>
      <Route path="/d/:dag/*?">{({ dag }) => <EditorScreen name={dag} />}</Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
