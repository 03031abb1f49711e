/**
 * Light, dark, or as the system. Its menu comes after the first picture.
 */
import { Moon, Sun } from 'lucide-react';
import { Suspense, lazy } from 'react';
import type { ComponentType, ReactElement } from 'react';
import { IconButton } from '../design/primitives/Button.tsx';
import { useTheme } from '../design/theme.ts';

async function loadThemeMenu(): Promise<{ default: ComponentType<{ children: ReactElement }> }> {
  try {
    const { ThemeMenu: component } = await import('./ThemeMenu.tsx');
    return { default: component };
  } catch {
    // The server went away just then: a button without a menu is better than no page.
    return { default: ({ children }) => children };
  }
}

const ThemeMenu = lazy(loadThemeMenu);

export function ThemeSwitch() {
  const theme = useTheme();
  const button = (
    <IconButton label="Theme" data-testid="theme">
      {theme === 'dark' ? <Moon size={16} aria-hidden /> : <Sun size={16} aria-hidden />}
    </IconButton>
  );
  return (
    <Suspense fallback={button}>
      <ThemeMenu>{button}</ThemeMenu>
    </Suspense>
  );
}
