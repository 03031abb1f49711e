/**
 * What every Store owes (ports/store.ts). Call it with a way to open an empty store.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../ports/store.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

async function savePairs(store: Store, pairs: Readonly<Record<string, string>>): Promise<void> {
  await store.save(Object.entries(pairs).map(([key, text]) => ({ key, bytes: bytesOf(text) })));
}

async function scanAll(store: Store, prefix: string, limit: number): Promise<string[]> {
  const keys: string[] = [];
  for (;;) {
    const page = await store.scan({ prefix, after: keys.at(-1), limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    if (page.length === 0) return keys;
    keys.push(...page.map(({ key }) => key));
  }
}

export function describeStoreContract(
  name: string,
  open: () => Promise<{ readonly store: Store; readonly dispose: () => Promise<void> }>,
): void {
  describe(`Store: ${name}`, () => {
    const opened: (() => Promise<void>)[] = [];
    const openStore = async (): Promise<Store> => {
      const { store, dispose } = await open();
      opened.push(dispose);
      return store;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((dispose) => dispose()));
    });

    test('what was saved is loaded, the last save of a key wins', async () => {
      const store = await openStore();
      expect(await store.load('a')).toBeUndefined();
      await savePairs(store, { a: 'one', b: 'two' });
      await savePairs(store, { a: 'three' });
      expect(textOf(await store.load('a'))).toBe('three');
      expect(textOf(await store.load('b'))).toBe('two');
      await savePairs(store, { empty: '' });
      expect(textOf(await store.load('empty'))).toBe('');
    });

    test('removed keys are gone, absent ones may be removed', async () => {
      const store = await openStore();
      await savePairs(store, { a: 'one', b: 'two' });
      await store.remove(['a', 'never there']);
      expect(await store.load('a')).toBeUndefined();
      expect(await scanAll(store, '', 10)).toEqual(['b']);
    });

    test('a scan is in key order, page by page', async () => {
      const store = await openStore();
      const keys = ['p/a', 'p/a/b', 'p/B', 'p/', 'q/a', 'o', 'p/é', 'p/\u{1F300}', 'p/\uFFEE'];
      await store.save(keys.map((key) => ({ key, bytes: bytesOf(key) })));
      const expected = keys.filter((key) => key.startsWith('p/')).toSorted();
      for (const limit of [1, 2, 100]) expect(await scanAll(store, 'p/', limit)).toEqual(expected);
      const [first] = await store.scan({ prefix: 'p/', limit: 1 });
      expect(textOf(first?.bytes)).toBe('p/');
    });

    test('any string is a key: __proto__, zero characters, lone surrogates', async () => {
      const store = await openStore();
      const keys = ['__proto__', 'constructor', 'a\0b', '\0', 'x\uD800', 'x\uDC00', 'x\uFFFD', ' '];
      await store.save(keys.map((key) => ({ key, bytes: bytesOf(JSON.stringify(key)) })));
      for (const key of keys) expect(textOf(await store.load(key))).toBe(JSON.stringify(key));
      expect(await scanAll(store, '', 3)).toEqual(keys.toSorted());
    });

    test('keys of 2,000 characters that differ at the end only are kept apart, in order', async () => {
      const store = await openStore();
      const stems = ['a'.repeat(1_990), '\uD83C\uDF00'.repeat(995), 'é'.repeat(1_990)];
      const keys = stems.flatMap((stem) => [
        stem,
        ...['9', '10', '1', 'b'].map((end) => stem + end),
      ]);
      await store.save(keys.map((key) => ({ key, bytes: bytesOf(key.slice(1_990)) })));
      for (const limit of [1, 2, 100])
        expect(await scanAll(store, '', limit)).toEqual(keys.toSorted());
      for (const key of keys) expect(textOf(await store.load(key))).toBe(key.slice(1_990));
      const [stem = ''] = stems;
      expect(await scanAll(store, `${stem}1`, 1)).toEqual([`${stem}1`, `${stem}10`]);
      expect(await scanAll(store, 'a', 2)).toHaveLength(5);
      await store.remove([`${stem}1`]);
      expect(await scanAll(store, `${stem}1`, 1)).toEqual([`${stem}10`]);
    });

    test('the store and its user do not share bytes', async () => {
      const store = await openStore();
      const bytes = bytesOf('mine');
      const saved = store.save([{ key: 'a', bytes }]);
      bytes.fill(0);
      await saved;
      const loaded = await store.load('a');
      expect(textOf(loaded)).toBe('mine');
      loaded?.fill(0);
      const [scanned] = await store.scan({ prefix: 'a', limit: 1 });
      expect(textOf(scanned?.bytes)).toBe('mine');
      await savePairs(store, { a: 'other', b: 'x'.repeat(100) });
      expect(textOf(scanned?.bytes)).toBe('mine');
    });

    test('saves that overlap apply in the order of the calls', async () => {
      const store = await openStore();
      const saves = Array.from({ length: 200 }, (_, index) =>
        savePairs(store, { last: String(index), [`k${index % 10}`]: String(index) }),
      );
      const removal = store.remove(['k3']);
      await Promise.all([...saves, removal]);
      expect(textOf(await store.load('last'))).toBe('199');
      expect(textOf(await store.load('k9'))).toBe('199');
      expect(await store.load('k3')).toBeUndefined();
    });

    test('a megabyte is a value like any other', async () => {
      const store = await openStore();
      const bytes = new Uint8Array(1 << 20).map((_, index) => index * 7);
      await store.save([{ key: 'big', bytes }]);
      expect(await store.load('big')).toEqual(bytes);
    });
  });
}
