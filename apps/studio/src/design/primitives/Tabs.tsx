/**
 * Tabs under one another's names: a row of quiet words, the chosen one underlined.
 */
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './Tabs.module.css';

export interface TabItem<T extends string> {
  readonly id: T;
  readonly title: string;
  /** Shown after the title, for example a count. */
  readonly badge?: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps<T extends string> {
  readonly label: string;
  readonly items: readonly TabItem<T>[];
  readonly selected: T;
  readonly onSelect: (id: T) => void;
  /** Stands at the end of the row of names. */
  readonly end?: ReactNode;
}

export function Tabs<T extends string>({ label, items, selected, onSelect, end }: TabsProps<T>) {
  return (
    <AriaTabs
      className={styles['tabs'] ?? ''}
      selectedKey={selected}
      onSelectionChange={(key) => {
        const item = items.find(({ id }) => id === key);
        if (item !== undefined) onSelect(item.id);
      }}
    >
      <div className={styles['row']}>
        <TabList aria-label={label} className={styles['list'] ?? ''}>
          {items.map(({ id, title, badge }) => (
            <Tab key={id} id={id} className={styles['tab'] ?? ''} data-testid={`tab-${id}`}>
              {title}
              {badge === undefined ? null : <span className={styles['badge']}>{badge}</span>}
            </Tab>
          ))}
        </TabList>
        {end}
      </div>
      {items.map(({ id, content }) => (
        <TabPanel key={id} id={id} className={styles['panel'] ?? ''}>
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
