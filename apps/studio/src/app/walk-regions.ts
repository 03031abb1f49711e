/**
 * F6: from one region of the screen to the next, to the first thing in it that takes the keyboard.
 */
const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), [tabindex]:not([tabindex="-1"]), [contenteditable="true"]';

export function walkRegions(step: 1 | -1): void {
  const regions = [...document.querySelectorAll('[data-region]')];
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const start = current === -1 && step === -1 ? 0 : current;
  for (let tried = 1; tried <= regions.length; tried++) {
    const index = (start + step * tried + regions.length * 2) % regions.length;
    const all = regions[index]?.querySelectorAll(FOCUSABLE) ?? [];
    const target = [...all].find((element) => element.checkVisibility());
    if (target instanceof HTMLElement) {
      target.focus();
      return;
    }
  }
}
