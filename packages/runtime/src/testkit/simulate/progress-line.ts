/**
 * How far a long run is: a bar that is drawn over itself on a terminal, a line now and then elsewhere.
 */
export interface Progress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  /** Told where it can be other than 0. */
  readonly broken?: number | undefined;
}

export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly write: (text: string) => unknown;
}

const BAR_WIDTH = 24;
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5_000;
const CLEAR_LINE = '\r\u001B[2K';

export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #isTerminal: boolean;
  #shownMs = Number.NEGATIVE_INFINITY;

  constructor(stream: ProgressStream, startMs: number) {
    this.#stream = stream;
    this.#isTerminal = stream.isTTY === true;
    if (!this.#isTerminal) this.#shownMs = startMs;
  }

  show(progress: Progress, nowMs: number): void {
    const intervalMs = this.#isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (nowMs - this.#shownMs < intervalMs) return;
    this.#shownMs = nowMs;
    const text = progressText(progress, this.#isTerminal);
    this.#stream.write(
      this.#isTerminal
        ? `${CLEAR_LINE}${text.slice(0, (this.#stream.columns ?? 80) - 1)}`
        : `${text}\n`,
    );
  }

  /** Takes the bar away, so that other text starts on a line of its own. */
  clear(): void {
    if (this.#isTerminal) this.#stream.write(CLEAR_LINE);
  }
}

function progressText(progress: Progress, withBar: boolean): string {
  const { label, done, total, perSecond, broken } = progress;
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] `;
  const left = perSecond > 0 ? `, ${Math.ceil((total - done) / perSecond)} s left` : '';
  const told = broken === undefined ? '' : `, ${broken} broken`;
  return (
    `${label} ${withBar ? bar : ''}${Math.floor(share * 100)} %  ${done} of ${total}, ` +
    `${Math.round(perSecond)} a second${left}${told}`
  );
}
