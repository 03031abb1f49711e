/**
 * Commands or choices behind one button.
 */
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import styles from './Menu.module.css';

interface MenuProps<T extends string> {
  readonly label: string;
  readonly items: readonly { readonly id: T; readonly title: string; readonly icon?: ReactNode }[];
  /** The item that is on, where the items are a choice. */
  readonly chosen?: T | undefined;
  readonly onChoose: (id: T) => void;
  /** The button that opens it. */
  readonly children: ReactNode;
}

export function Menu<T extends string>({ label, items, chosen, onChoose, children }: MenuProps<T>) {
  return (
    <MenuTrigger>
      {children}
      <Popover offset={4} placement="bottom end" className={styles['popover'] ?? ''}>
        <AriaMenu
          aria-label={label}
          className={styles['menu'] ?? ''}
          selectionMode={chosen === undefined ? 'none' : 'single'}
          selectedKeys={chosen === undefined ? [] : [chosen]}
          onAction={(key) => {
            const item = items.find(({ id }) => id === key);
            if (item !== undefined) onChoose(item.id);
          }}
        >
          {items.map(({ id, title, icon }) => (
            <MenuItem key={id} id={id} textValue={title} className={styles['item'] ?? ''}>
              {icon}
              <span className={styles['title']}>{title}</span>
              {chosen === id ? <Check size={14} aria-hidden className={styles['check']} /> : null}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
