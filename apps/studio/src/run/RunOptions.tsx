/** What few runs need: continue a session, leave the trace out. */
import { SlidersHorizontal } from 'lucide-react';
import { Dialog, DialogTrigger, Popover, Switch } from 'react-aria-components';
import { IconButton } from '../design/primitives/Button.tsx';
import type { RunForm } from './run-form-store.ts';
import styles from './RunOptions.module.css';

interface RunOptionsProps {
  readonly form: RunForm;
  /** Whether the shown run has ended and left a session to continue. */
  readonly hasSession: boolean;
  readonly onChange: (change: Partial<RunForm>) => void;
}

export function RunOptions({ form, hasSession, onChange }: RunOptionsProps) {
  const isUnusual = form.continuesSession || !form.traces;
  return (
    <DialogTrigger>
      <span className={styles['anchor']} data-unusual={isUnusual || undefined}>
        <IconButton
          label={isUnusual ? 'Run options (changed)' : 'Run options'}
          data-testid="run-options"
        >
          <SlidersHorizontal size={16} aria-hidden />
        </IconButton>
      </span>
      <Popover placement="bottom end" offset={4} className={styles['popover'] ?? ''}>
        <Dialog aria-label="Run options" className={styles['dialog'] ?? ''}>
          <Option
            name="Continue the session"
            isOn={form.continuesSession}
            onChange={(continuesSession) => {
              onChange({ continuesSession });
            }}
          >
            {hasSession
              ? 'The next run respects what the shown run saw and wrote.'
              : 'No finished run is shown: the next run starts a new session.'}
          </Option>
          <Option
            name="Record a trace"
            isOn={form.traces}
            onChange={(traces) => {
              onChange({ traces });
            }}
          >
            {form.traces
              ? 'Every read, write and trigger appears here.'
              : 'Nothing but the result is kept of the next run.'}
          </Option>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

interface OptionProps {
  readonly name: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: React.ReactNode;
}

function Option({ name, isOn, onChange, children }: OptionProps) {
  return (
    <div className={styles['option']}>
      <Switch className={styles['switch'] ?? ''} isSelected={isOn} onChange={onChange}>
        <span aria-hidden className={styles['track']}>
          <span className={styles['thumb']} />
        </span>
        {name}
      </Switch>
      <p className={styles['note']}>{children}</p>
    </div>
  );
}
