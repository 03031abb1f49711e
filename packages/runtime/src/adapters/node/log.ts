/**
 * The structured log, in the shape of pino's methods. `fields` go beside the text.
 */
export type WriteLog = (fields: Readonly<Record<string, unknown>>, text: string) => void;

export interface Log {
  readonly debug: WriteLog;
  readonly info: WriteLog;
  readonly warn: WriteLog;
  readonly error: WriteLog;
}

export const SILENT_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
