/**
 * Where a step that returns a grown map puts what it adds: into a copy, or into the map itself where
 * whoever asks has made it and nobody else has seen it.
 */
import { copyOfMap } from '../copy-of-map.ts';
import { GrownMap } from './grown-map.ts';

/** Copying less takes no more time than sharing. */
const SHARED_SIZE_MIN = 64;

export const ownMap = <K, V>(map: ReadonlyMap<K, V>, inPlace: boolean): Map<K, V> => {
  if (inPlace && map instanceof Map) return map;
  return map.size < SHARED_SIZE_MIN ? copyOfMap(map) : new GrownMap(map);
};
