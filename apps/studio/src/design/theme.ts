/**
 * Light, dark, or what the system says. `data-theme` on the root element is always one of the two.
 */
import { createStore, useStore } from 'zustand';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];
export type Theme = 'light' | 'dark';

interface ThemeState {
  readonly choice: ThemeChoice;
  readonly theme: Theme;
}

const STORED_AS = 'stormglass.theme';
const darkSystem = matchMedia('(prefers-color-scheme: dark)');

function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORED_AS);
    return themeChoices.find((choice) => choice === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function themeOf(choice: ThemeChoice): Theme {
  if (choice !== 'system') return choice;
  return darkSystem.matches ? 'dark' : 'light';
}

const themeStore = createStore<ThemeState>(() => {
  const choice = storedChoice();
  return { choice, theme: themeOf(choice) };
});

export const useTheme = (): Theme => useStore(themeStore, (state) => state.theme);
export const useThemeChoice = (): ThemeChoice => useStore(themeStore, (state) => state.choice);

export function chooseTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(STORED_AS, choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  themeStore.setState({ choice, theme: themeOf(choice) });
}

/** Sets the theme on the page now and whenever it changes. Called once, before anything is drawn. */
export function applyTheme(): void {
  const show = ({ theme }: ThemeState) => {
    document.documentElement.dataset['theme'] = theme;
  };
  show(themeStore.getState());
  themeStore.subscribe(show);
  darkSystem.addEventListener('change', () => {
    const { choice } = themeStore.getState();
    themeStore.setState({ theme: themeOf(choice) });
  });
}
