/**
 * Seals the session tokens that leave the server. A token says which writes its session has seen, and
 * the next put replaces them: one that a client made up could replace writes to come, acknowledged
 * and never seen.
 */
import {
  createHmac,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import type { Store } from '@stormglass/runtime';

const SECRET_KEY = 'session-secret';
const SECRET_BYTES = 32;
const SEAL_BYTES = 16;
const SEAL_LENGTH = Math.ceil((SEAL_BYTES * 4) / 3);
/** What no session has, so that the scheduler refuses it as it does any token that it cannot read. */
const UNREADABLE = '.';

export class SessionSeal {
  /** Made once: to make one of bytes costs more than the digest. */
  readonly #key: KeyObject;
  /** Most sessions saw nothing, so most tokens are the same. */
  #last = { token: '', seal: '' };

  constructor(secret: Uint8Array) {
    this.#key = createSecretKey(secret);
  }

  /** Tokens outlive the server: its secret is made once and is durable before it is used. */
  static async open(store: Store): Promise<SessionSeal> {
    const kept = await store.load(SECRET_KEY);
    if (kept !== undefined) return new SessionSeal(kept);
    const secret = new Uint8Array(randomBytes(SECRET_BYTES));
    await store.save([{ key: SECRET_KEY, bytes: secret }]);
    return new SessionSeal(secret);
  }

  /** The same for the same token. An answer without a session has an empty one, and keeps it. */
  seal(token: string): string {
    if (token === '') return token;
    if (this.#last.token !== token) this.#last = { token, seal: this.#sealOf(token) };
    return `${this.#last.seal}${token}`;
  }

  /** The token inside, or one that nobody can read. */
  unseal(sealed: string): string {
    const seal = sealed.slice(0, SEAL_LENGTH);
    const token = sealed.slice(SEAL_LENGTH);
    const expected = Buffer.from(this.#sealOf(token));
    const given = Buffer.from(seal);
    const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
    return isOurs ? token : UNREADABLE;
  }

  #sealOf(token: string): string {
    const digest = createHmac('sha256', this.#key).update(token).digest();
    return digest.subarray(0, SEAL_BYTES).toString('base64url');
  }
}
