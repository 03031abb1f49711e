/**
 * What a cache would serve is closed: every version's dependencies stand in it as well, at least as
 * new as they have to be (protocols.md 2.6). Concurrent is not enough, and neither is absent.
 */
import type { CacheSnapshot } from './history.ts';
import { isCovered, versionText } from './requirement.ts';
import { violation, type Violation } from './violation.ts';

export function checkCacheCut({ cache, atUs, entries }: CacheSnapshot): readonly Violation[] {
  const found: Violation[] = [];
  const versions = new Map(entries.map(({ key, version }) => [key, version]));
  for (const { key, version, dependencies } of entries) {
    for (const [dependency, bound] of dependencies) {
      const held = versions.get(dependency);
      if (held !== undefined && isCovered(held, bound)) continue;
      const when = atUs === undefined ? '' : ` at ${atUs} µs`;
      const has = held === undefined ? 'does not hold it' : `holds ${versionText(held)}`;
      const sentence =
        `${cache}${when} serves ${key}${versionText(version)}, which depends on ` +
        `${dependency}${versionText(bound)}, and ${has}`;
      found.push(violation('cache-cut', sentence, [], key));
    }
  }
  return found;
}
