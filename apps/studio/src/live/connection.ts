/**
 * The state of the live stream as a table: which input leads where is total, so no combination is
 * forgotten. Pure; `server-source.ts` feeds it, `ConnectionBadge.tsx` shows it.
 */

export type ConnectionStatus = 'connecting' | 'catching-up' | 'live' | 'reconnecting';

export interface Connection {
  readonly status: ConnectionStatus;
  /** Round trip to the server, milliseconds; absent until the first heartbeat came back. */
  readonly latencyMs?: number | undefined;
  /** Attempts that failed since the stream was last live. */
  readonly failures: number;
  /** Wall time (milliseconds since 1970) at which the stream was lost; what is shown is of that time. */
  readonly lostAtMs?: number | undefined;
  /** Wall time of the next attempt, while one is waited for. */
  readonly retryAtMs?: number | undefined;
  /** Why it was lost, in words. */
  readonly reason?: string | undefined;
}

export type ConnectionInput =
  /** A socket is being opened. */
  | { readonly type: 'attempt' }
  /** The server said hello. */
  | { readonly type: 'greeted' }
  /** Everything that had happened when the server said hello has arrived. */
  | { readonly type: 'caught-up' }
  | { readonly type: 'measured'; readonly latencyMs: number }
  | {
      readonly type: 'lost';
      readonly atMs: number;
      readonly retryAtMs: number;
      readonly reason: string;
    };

export const INITIAL_CONNECTION: Connection = { status: 'connecting', failures: 0 };

/**
 * Where each input leads. `attempt` and `measured` never change the status, only what is known beside
 * it.
 */
const connectionTransitions: Readonly<
  Record<ConnectionStatus, Readonly<Record<ConnectionInput['type'], ConnectionStatus>>>
> = {
  connecting: {
    attempt: 'connecting',
    greeted: 'catching-up',
    'caught-up': 'connecting',
    measured: 'connecting',
    lost: 'reconnecting',
  },
  'catching-up': {
    attempt: 'catching-up',
    greeted: 'catching-up',
    'caught-up': 'live',
    measured: 'catching-up',
    lost: 'reconnecting',
  },
  live: {
    attempt: 'live',
    greeted: 'catching-up',
    'caught-up': 'live',
    measured: 'live',
    lost: 'reconnecting',
  },
  reconnecting: {
    attempt: 'reconnecting',
    greeted: 'catching-up',
    'caught-up': 'reconnecting',
    measured: 'reconnecting',
    lost: 'reconnecting',
  },
};

export function nextConnection(connection: Connection, input: ConnectionInput): Connection {
  const status = connectionTransitions[connection.status][input.type];
  switch (input.type) {
    case 'attempt':
      return { ...connection, status, retryAtMs: undefined };
    case 'greeted':
      return { ...connection, status, retryAtMs: undefined };
    case 'caught-up':
      return status === 'live'
        ? { status, failures: 0, latencyMs: connection.latencyMs }
        : { ...connection, status };
    case 'measured':
      return { ...connection, status, latencyMs: input.latencyMs };
    case 'lost':
      return {
        status,
        failures: connection.failures + 1,
        // The first loss is what the screen is as of; later failed attempts do not make it any newer.
        lostAtMs: connection.lostAtMs ?? input.atMs,
        retryAtMs: input.retryAtMs,
        reason: input.reason,
      };
  }
}

const RETRY_DELAY_MS_MIN = 250;
const RETRY_DELAY_MS_MAX = 8_000;

/**
 * Exponential back-off with jitter: the nominal delay doubles from {@link RETRY_DELAY_MS_MIN} to {@link
 * RETRY_DELAY_MS_MAX}; `jitter` (0 to 1) takes off at most a fifth, so that many pages do not come at
 * once.
 */
export function retryDelayMs(failures: number, jitter: number): number {
  const nominal = Math.min(RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_MIN * 2 ** Math.max(0, failures - 1));
  return Math.round(nominal * (1 - jitter / 5));
}

/** Whether what is on the screen is of now; otherwise running clocks stop. */
export const isCurrent = (connection: Connection): boolean => connection.status === 'live';
