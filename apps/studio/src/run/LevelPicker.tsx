/**
 * The consistency level of the next run: a matrix of what each level promises, because the levels are
 * not a ladder.
 */
import type { ConsistencyLevel } from '@stormglass/core';
import { Check, ChevronDown, CircleDashed, Minus } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';
import { isConsistencyLevel, levelQuestions, levels, levelWords } from './levels.ts';
import styles from './LevelPicker.module.css';

interface LevelPickerProps {
  readonly value: ConsistencyLevel;
  readonly onChange: (level: ConsistencyLevel) => void;
}

const answerWords = { yes: 'yes', part: 'within one key or cache', no: 'no' } as const;
const answerIcons = { yes: Check, part: CircleDashed, no: Minus } as const;

export function LevelPicker({ value, onChange }: LevelPickerProps) {
  return (
    <Select
      className={styles['select'] ?? ''}
      value={value}
      onChange={(key) => {
        if (isConsistencyLevel(key)) onChange(key);
      }}
    >
      <Label className="visually-hidden">Consistency level</Label>
      <Button className={styles['button'] ?? ''} data-testid="level" data-level={value}>
        <SelectValue className={styles['value'] ?? ''}>
          {() => (
            <>
              <span className={styles['words']}>{levelWords(value)}</span>
              {levelWords(value).toLowerCase() !== value && (
                <span className={styles['short']}>{value}</span>
              )}
            </>
          )}
        </SelectValue>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover offset={4} placement="bottom end" className={styles['popover'] ?? ''}>
        <div aria-hidden className={styles['head']}>
          <span>What a run promises</span>
          {levelQuestions.map((question) => (
            <span key={question} className={styles['question']}>
              {question}
            </span>
          ))}
        </div>
        <ListBox className={styles['list'] ?? ''} items={levels}>
          {(entry) => (
            <ListBoxItem
              id={entry.level}
              textValue={entry.words}
              className={styles['item'] ?? ''}
              data-testid={`level-${entry.level}`}
            >
              <span className={styles['name']}>
                {entry.words} <span className={styles['short']}>{entry.level}</span>
              </span>
              <span className={styles['sentence']}>
                {entry.sentence}
                <span className="visually-hidden">
                  {levelQuestions.map(
                    (question, index) =>
                      ` ${question}: ${answerWords[entry.answers[index] ?? 'no']}.`,
                  )}
                </span>
              </span>
              {entry.answers.map((answer, index) => {
                const Icon = answerIcons[answer];
                return (
                  <span
                    key={levelQuestions[index]}
                    aria-hidden
                    className={styles['answer']}
                    data-answer={answer}
                    style={{ gridColumn: index + 2 }}
                    title={answerWords[answer]}
                  >
                    <Icon size={14} />
                  </span>
                );
              })}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
