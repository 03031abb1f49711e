/**
 * The process id of a jailed worker as the machine counts: inside its own namespace it has another
 * one.
 */
import { readFileSync } from 'node:fs';

const childPid = /"child-pid": (?<pid>\d+)/u;

/**
 * `jailInfo` is what bubblewrap wrote to its info descriptor: the first process of the namespace,
 * bubblewrap itself, whose only child is the worker. `undefined` while there is none, or where
 * /proc does not tell.
 */
export function readHostPid(jailInfo: string): number | undefined {
  const first = childPid.exec(jailInfo)?.groups?.['pid'];
  if (first === undefined) return undefined;
  try {
    const children = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children.split(' ')[0]);
  } catch {
    return undefined;
  }
}
