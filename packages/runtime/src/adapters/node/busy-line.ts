/**
 * How a worker process says that it runs user code: a line on the file descriptor of its last words,
 * from the watchdog's thread, which user code cannot keep busy.
 */
export const BUSY_LINE = '{"type":"busy"}\n';
/** How often it says so. */
export const BUSY_PERIOD_MS = 250;
