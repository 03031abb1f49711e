/**
 * Something outside keeps the server from starting; the message says what to do, in one line.
 */
export class CannotStart extends Error {
  override readonly name: string = 'CannotStart';
}
