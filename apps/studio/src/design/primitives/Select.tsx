/**
 * One of a few choices, each with an optional second line.
 */
import { Check, ChevronDown } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components';
import styles from './Select.module.css';

export interface Choice<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly description?: string | undefined;
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean | undefined;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly isDisabled?: boolean | undefined;
  readonly size?: 'small' | 'medium' | undefined;
  readonly 'data-testid'?: string | undefined;
}

export function Select<T extends string>({
  label,
  isLabelHidden = false,
  choices,
  value,
  onChange,
  isDisabled = false,
  size = 'medium',
  'data-testid': testId,
}: SelectProps<T>) {
  return (
    <AriaSelect
      className={styles['select'] ?? ''}
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => {
        const choice = choices.find(({ id }) => id === key);
        if (choice !== undefined) onChange(choice.id);
      }}
    >
      <Label className={isLabelHidden ? 'visually-hidden' : (styles['label'] ?? '')}>{label}</Label>
      <Button className={styles['button'] ?? ''} data-size={size} data-testid={testId}>
        <SelectValue className={styles['value'] ?? ''} />
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover offset={4} className={styles['popover'] ?? ''}>
        <ListBox className={styles['list'] ?? ''} items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className={styles['item'] ?? ''}>
              <Check size={14} aria-hidden className={styles['check']} />
              <Text slot="label" className={styles['name'] ?? ''}>
                {choice.label}
              </Text>
              {choice.description === undefined ? null : (
                <Text slot="description" className={styles['description'] ?? ''}>
                  {choice.description}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
