/**
 * Where a step that returns a grown map puts what it adds: into a copy, or into the map itself where
 * whoever asks has made it and nobody else has seen it.
 */
export const ownMap = <K, V>(map: ReadonlyMap<K, V>, inPlace: boolean): Map<K, V> =>
  inPlace && map instanceof Map ? map : new Map(map);
