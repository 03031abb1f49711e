/**
 * Why an attempt at `causal-cut` starts again that has read in a cache whose registration ended:
 * versions that it has read are not held back any more, and what depends on newer ones may not say so.
 */
import { lostReason, type CacheId, type RestartReason } from '@stormglass/core';

export const brokenReason = (cache: CacheId): RestartReason =>
  lostReason(`${cache} could not reach storage and let go of what this invocation had read there.`);
