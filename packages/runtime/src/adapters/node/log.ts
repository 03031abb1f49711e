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

const writeLine =
  (stream: NodeJS.WriteStream): WriteLog =>
  (fields, text) => {
    stream.write(`${JSON.stringify({ text, ...fields })}\n`);
  };

/** For a process whose output somebody else logs: a line of JSON each, what is wrong on stderr. */
export const lineLog: Log = {
  debug: () => undefined,
  info: writeLine(process.stdout),
  warn: writeLine(process.stderr),
  error: writeLine(process.stderr),
};

/** Puts the fields beside those of every line. */
export function withFields(log: Log, fields: Readonly<Record<string, unknown>>): Log {
  const write =
    (level: keyof Log): WriteLog =>
    (more, text) =>
      log[level]({ ...fields, ...more }, text);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
