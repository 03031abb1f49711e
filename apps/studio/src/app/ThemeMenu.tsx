/**
 * The menu of the theme switch.
 */
import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactElement } from 'react';
import { Menu } from '../design/primitives/Menu.tsx';
import { chooseTheme, useThemeChoice } from '../design/theme.ts';

const items = [
  { id: 'system', title: 'As the system', icon: <Monitor size={16} aria-hidden /> },
  { id: 'light', title: 'Light', icon: <Sun size={16} aria-hidden /> },
  { id: 'dark', title: 'Dark', icon: <Moon size={16} aria-hidden /> },
] as const;

export function ThemeMenu({ children }: { readonly children: ReactElement }) {
  const choice = useThemeChoice();
  return (
    <Menu label="Theme" items={items} chosen={choice} onChoose={chooseTheme}>
      {children}
    </Menu>
  );
}
