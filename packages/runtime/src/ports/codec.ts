/**
 * Bytes for a value and back; equal values give equal bytes. `decode` throws on bytes that no
 * `encode` made.
 */
export interface Codec<T> {
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
}
