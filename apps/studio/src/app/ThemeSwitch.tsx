/**
 * Light, dark, or as the system.
 */
import { Monitor, Moon, Sun } from 'lucide-react';
import { IconButton } from '../design/primitives/Button.tsx';
import { Menu } from '../design/primitives/Menu.tsx';
import { chooseTheme, useTheme, useThemeChoice } from '../design/theme.ts';

const items = [
  { id: 'system', title: 'As the system', icon: <Monitor size={16} aria-hidden /> },
  { id: 'light', title: 'Light', icon: <Sun size={16} aria-hidden /> },
  { id: 'dark', title: 'Dark', icon: <Moon size={16} aria-hidden /> },
] as const;

export function ThemeSwitch() {
  const choice = useThemeChoice();
  const theme = useTheme();
  return (
    <Menu label="Theme" items={items} chosen={choice} onChoose={chooseTheme}>
      <IconButton label="Theme" data-testid="theme">
        {theme === 'dark' ? <Moon size={16} aria-hidden /> : <Sun size={16} aria-hidden />}
      </IconButton>
    </Menu>
  );
}
