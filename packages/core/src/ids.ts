/**
 * The names that travel: each is a string, and each says in its comment what it names.
 */

/**
 * A user key. Any non-empty, well-formed string of at most {@link KEY_LENGTH_MAX} characters,
 * `__proto__` included: half of a surrogate pair does not survive UTF-8, so two such keys were one.
 */
export type Key = string;
/** A registered function, `[A-Za-z_][A-Za-z0-9_-]{0,63}`. */
export type FunctionName = string;
/** A registered DAG, same alphabet as {@link FunctionName}. */
export type DagName = string;
/** A node of one DAG; unique inside that DAG, same alphabet as {@link FunctionName}. */
export type NodeId = string;
/** One call of a DAG or of a function, over all its attempts. */
export type InvocationId = string;
/** A worker process slot, for example `w2`; it survives a crash, its incarnation does not. */
export type WorkerId = string;
/** The cache of a worker. One cache a worker, so the two share their name. */
export type CacheId = WorkerId;
/** An executor of a worker, for example `w2/e1`. */
export type ExecutorId = string;
/** A storage node, for example `s1`. */
export type StorageId = string;
/**
 * Who wrote: a worker and its incarnation, `w2.5`, and for writers that overlap in time on one
 * worker a lane, `w2.5-2`. A restart raises the incarnation, so a dot is never used twice.
 */
export type WriterId = string;
/** JSON text of a user's value; bytes inside it are `{"$bytes": base64}`. Opaque to every role. */
export type EncodedValue = string;

export const KEY_LENGTH_MAX = 1024;

export const isKey = (text: string): boolean =>
  text.length > 0 && text.length <= KEY_LENGTH_MAX && text.isWellFormed();
export const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/u;
