/**
 * Starts the studio in the page.
 */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './design/tokens.css';
import './design/base.css';
import { App } from './app/App.tsx';
import { applyTheme } from './design/theme.ts';
import { openStream } from './live/stream.ts';

applyTheme();
openStream();

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
