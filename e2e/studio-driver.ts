/**
 * What a person does in the studio and sees there, as verbs. Stories use nothing else of the page,
 * so how it is built is known here only.
 */
import { expect, type Locator, type Page } from '@playwright/test';
import type { ConsistencyLevel } from '@stormglass/core';
import type { VersionVector } from './api-client.ts';

/** A mark on a node: one key that it read or wrote, and the version. */
export interface Mark {
  readonly key: string;
  readonly outcome: string;
  readonly version: VersionVector;
}

/** Steps of one drag: the page sees the pointer move, not jump. */
const DRAG_STEPS = 10;
const FIRST_CELL = { x: 150, y: 90 };
const CELL = { width: 300, height: 210 };
const TAB_PRESSES_MAX = 80;

const byText = (a: string, b: string): number => a.localeCompare(b);

const center = async (target: Locator): Promise<{ x: number; y: number }> => {
  const box = await target.boundingBox();
  if (box === null) throw new Error('It is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

const marksOf = (chips: Locator): Promise<readonly Mark[]> =>
  chips.evaluateAll((elements) =>
    elements.map((element) => ({
      key: element.getAttribute('data-key') ?? '',
      outcome: element.getAttribute('data-outcome') ?? '',
      version: JSON.parse(element.getAttribute('data-version') ?? '{}'),
    })),
  );

export class StudioDriver {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  // Getting somewhere

  async open(): Promise<void> {
    await this.page.goto('/');
    await this.expectConnection('live');
  }

  async startEmpty(): Promise<void> {
    await this.page.getByTestId('start-empty').click();
    await this.#canvasIsReady();
  }

  async openExample(id: string): Promise<void> {
    await this.page.getByTestId(`example-${id}`).click();
    await this.#canvasIsReady();
  }

  async openDag(name: string): Promise<void> {
    await this.page.goto(`/d/${name}`);
    await this.#canvasIsReady();
    await this.expectConnection('live');
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.#canvasIsReady();
  }

  async #canvasIsReady(): Promise<void> {
    await expect(this.page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true');
  }

  // Drawing

  async renameDag(name: string): Promise<void> {
    await this.page.getByTestId('dag-name').click();
    await this.page.getByTestId('dag-name-field').fill(name);
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByTestId('dag-name')).toHaveText(name);
  }

  /** Drags a function from the library to a cell of an imagined grid on the canvas. */
  async dragToCanvas(name: string, column: number, row: number): Promise<void> {
    const { page } = this;
    const item = page.getByTestId(`library-item-${name}`);
    await item.scrollIntoViewIfNeeded();
    const canvas = await page.getByTestId('canvas').boundingBox();
    if (canvas === null) throw new Error('There is no canvas.');
    const from = await center(item);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    const x = canvas.x + FIRST_CELL.x + column * CELL.width;
    const y = canvas.y + FIRST_CELL.y + row * CELL.height;
    await page.mouse.move(x, y, { steps: DRAG_STEPS });
    await page.mouse.up();
    await expect(page.getByTestId(`node-${name}`)).toBeVisible();
  }

  /** Draws from the result of one node to a parameter of another. */
  async link(from: string, to: string, parameter: string): Promise<void> {
    const before = await this.#edges().count();
    await this.holdLink(from, to, parameter);
    await this.page.mouse.up();
    await expect(this.#edges()).toHaveCount(before + 1);
  }

  /** Draws as far as the parameter, and holds the button down there. */
  async holdLink(from: string, to: string, parameter: string): Promise<void> {
    const start = await center(this.page.getByTestId(`port-${from}-result`));
    const end = await center(this.page.getByTestId(`port-${to}-${parameter}`));
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x, end.y, { steps: DRAG_STEPS });
  }

  async release(): Promise<void> {
    await this.page.mouse.up();
  }

  async moveNode(node: string, dx: number, dy: number): Promise<void> {
    const from = await center(this.page.getByTestId(`node-${node}`).getByText(node).first());
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(from.x + dx, from.y + dy, { steps: DRAG_STEPS });
    await this.page.mouse.up();
  }

  async placeOf(node: string): Promise<{ x: number; y: number }> {
    return center(this.page.getByTestId(`node-${node}`));
  }

  async undo(): Promise<void> {
    await this.page.getByTestId('undo').click();
  }

  async redo(): Promise<void> {
    await this.page.getByTestId('redo').click();
  }

  async deleteNode(node: string): Promise<void> {
    await this.page.getByTestId(`node-${node}`).click({ position: { x: 60, y: 20 } });
    await this.page.keyboard.press('Delete');
  }

  async save(): Promise<void> {
    await this.page.getByTestId('save').click();
  }

  async expectSaved(): Promise<void> {
    await expect(this.page.getByTestId('save-state')).toHaveText('Saved');
  }

  async expectNodes(...nodes: readonly string[]): Promise<void> {
    await expect
      .poll(async () => {
        const all = this.page.getByTestId('canvas').locator('.react-flow__node');
        const ids = await all.evaluateAll((found) =>
          found.map((node) => node.getAttribute('data-id')),
        );
        return ids.map(String).toSorted(byText);
      })
      .toEqual(nodes.toSorted(byText));
  }

  async expectLinks(count: number): Promise<void> {
    await expect(this.#edges()).toHaveCount(count);
  }

  /** The reason why a link is refused, at the pointer. */
  async expectRefusal(sentence: RegExp): Promise<void> {
    await expect(this.page.getByTestId('refusal')).toHaveText(sentence);
  }

  #edges(): Locator {
    return this.page.getByTestId('canvas').locator('.react-flow__edge');
  }

  // Writing functions

  async newFunction(name: string): Promise<void> {
    await this.page.getByTestId('new-function').click();
    await this.page.getByTestId('new-function-name').fill(name);
    await this.page.getByTestId('create-function').click();
    await expect(this.page.getByTestId(`library-item-${name}`)).toBeVisible();
    await expect(this.#code()).toBeVisible();
  }

  async openFunction(name: string): Promise<void> {
    await this.page.getByTestId(`library-item-${name}`).click();
    await expect(this.#code()).toBeVisible();
  }

  /** Replaces the whole source that is open. */
  async typeSource(source: string): Promise<void> {
    await this.#code().click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(source);
  }

  async saveFunction(): Promise<void> {
    await this.page.getByTestId('save-function').click();
  }

  async expectFunctionSaved(): Promise<void> {
    await expect(this.page.getByTestId('save-function')).toHaveText(/^Saved/u);
  }

  /** The place is said in words, and marked at the line in the text. */
  async expectSourceProblem(place: {
    readonly line: number;
    readonly column: number;
  }): Promise<void> {
    const editor = this.page.getByTestId('code-editor');
    await expect(this.page.getByTestId('code-problem')).toContainText(
      `Line ${place.line}, column ${place.column}`,
    );
    const mark = editor.locator('.cm-lint-marker-error');
    await expect(mark).toBeVisible();
    const marked = await center(mark);
    const line = await editor
      .locator('.cm-line')
      .nth(place.line - 1)
      .boundingBox();
    expect(marked.y).toBeGreaterThan(line!.y);
    expect(marked.y).toBeLessThan(line!.y + line!.height);
  }

  async expectNoSourceProblem(): Promise<void> {
    await expect(this.page.getByTestId('code-problem')).toHaveCount(0);
  }

  /** Types after the last character, and reads the list of completions. */
  async completionsOf(text: string): Promise<readonly string[]> {
    await this.#code().click();
    await this.page.keyboard.press('ControlOrMeta+End');
    await this.page.keyboard.type(text);
    const options = this.page.locator('.cm-tooltip-autocomplete .cm-completionLabel');
    await expect(options.first()).toBeVisible();
    return options.allTextContents();
  }

  #code(): Locator {
    return this.page.getByTestId('code-editor').locator('.cm-content');
  }

  // Running

  async setArgument(node: string, parameter: string, text: string): Promise<void> {
    await this.page.getByTestId(`argument-${node}-${parameter}`).fill(text);
  }

  async chooseLevel(level: ConsistencyLevel): Promise<void> {
    await this.page.getByTestId('level').click();
    await this.page.getByTestId(`level-${level}`).click();
    await expect(this.page.getByTestId('level')).toHaveAttribute('data-level', level);
  }

  async pressRun(): Promise<void> {
    await this.page.getByTestId('run').click();
  }

  /** Runs, and answers with the invocation that the address names then. */
  async run(): Promise<string> {
    const before = this.#shownInvocation();
    await this.pressRun();
    return this.#nextInvocation(before);
  }

  async #nextInvocation(before: string | undefined): Promise<string> {
    await expect
      .poll(() => this.#shownInvocation(), { message: 'the address names the new run' })
      .not.toBe(before);
    return this.#shownInvocation() ?? '';
  }

  #shownInvocation(): string | undefined {
    const match = /\/r\/(?<id>[^/?#]+)/u.exec(this.page.url());
    return match?.groups?.['id'];
  }

  async expectShownRun(invocation: string): Promise<void> {
    await expect.poll(() => this.#shownInvocation()).toBe(invocation);
  }

  async showRun(invocation: string): Promise<void> {
    await this.#clearSelection();
    await this.page.getByTestId(`invocation-${invocation}`).click();
    await this.expectShownRun(invocation);
  }

  async expectStatus(node: string, status: string): Promise<void> {
    await expect(this.#runOf(node)).toHaveAttribute('data-status', status);
  }

  async expectSucceeded(...nodes: readonly string[]): Promise<void> {
    for (const node of nodes) await this.expectStatus(node, 'succeeded');
  }

  async expectAttempt(node: string, attempt: number): Promise<void> {
    await expect(this.#runOf(node)).toHaveAttribute('data-attempt', String(attempt));
  }

  /** No node shows anything of a run. */
  async expectNoMarks(): Promise<void> {
    await expect(this.page.locator('[data-testid^="node-"][data-status]')).toHaveCount(0);
    await expect(this.page.getByTestId('read-chip')).toHaveCount(0);
    await expect(this.page.getByTestId('write-chip')).toHaveCount(0);
  }

  /** What a node says about where it ran, such as `w1/e2`. */
  async executorOf(node: string): Promise<string> {
    const text = (await this.#runOf(node).textContent()) ?? '';
    return /w\d\/e\d/u.exec(text)?.[0] ?? '';
  }

  reads(node: string): Promise<readonly Mark[]> {
    return marksOf(this.#runOf(node).getByTestId('read-chip'));
  }

  writes(node: string): Promise<readonly Mark[]> {
    return marksOf(this.#runOf(node).getByTestId('write-chip'));
  }

  /** The keys that a node shows as read, each with how it was found. */
  async expectReads(node: string, expected: Readonly<Record<string, string>>): Promise<void> {
    await expect
      .poll(async () =>
        Object.fromEntries((await this.reads(node)).map(({ key, outcome }) => [key, outcome])),
      )
      .toEqual(expected);
  }

  async expectEveryReadIs(node: string, outcome: string): Promise<void> {
    await expect.poll(async () => (await this.reads(node)).length).toBeGreaterThan(0);
    const marks = await this.reads(node);
    expect(marks.map((mark) => mark.outcome)).toEqual(marks.map(() => outcome));
  }

  async expectResult(value: unknown): Promise<void> {
    await this.#clearSelection();
    await expect
      .poll(async () => {
        const text = await this.page.getByTestId('result').textContent();
        return text === null ? undefined : JSON.parse(text);
      })
      .toEqual(value);
  }

  async expectArgumentError(node: string, parameter: string, message: RegExp): Promise<void> {
    const field = this.page.getByTestId(`argument-${node}-${parameter}`);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(message);
    await expect(field).toBeFocused();
  }

  /** The problem of the shown run, beside the result. */
  async expectRunProblem(type: string, text: RegExp): Promise<void> {
    await this.#clearSelection();
    const problem = this.page.getByTestId('problem');
    await expect(problem).toHaveAttribute('data-type', type);
    await expect(problem).toContainText(text);
  }

  /** The line of the user's own source at which the run failed. */
  async expectFailingLine(line: number, text: string): Promise<void> {
    const lines = this.page.getByTestId('failing-line');
    await expect(lines).toHaveAttribute('data-line', String(line));
    await expect(lines.locator('[data-failing]')).toContainText(text);
  }

  async selectNode(node: string): Promise<void> {
    await this.page.getByTestId(`node-${node}`).click({ position: { x: 60, y: 20 } });
  }

  async #clearSelection(): Promise<void> {
    const close = this.page
      .getByRole('region', { name: 'Inspector' })
      .getByRole('button', { name: 'Close' });
    if (await close.isVisible()) await close.click();
  }

  /** What a node shows of the run. */
  #runOf(node: string): Locator {
    return this.page.getByTestId(`node-${node}-status`);
  }

  // Explaining

  /**
   * Presses the mark of a key that a node read: the Why panel opens. Where the picture is too small for
   * marks, the way goes over the counts that stand in for them.
   */
  async explain(node: string, key: string): Promise<void> {
    const counts = this.#runOf(node).getByTestId('access-counts');
    if (await counts.isVisible()) {
      await counts.click();
      const read = this.page.getByTestId('access').filter({ hasText: key }).first();
      await read.getByRole('button', { name: 'Why?' }).click();
    } else {
      await this.#runOf(node).locator(`[data-testid="read-chip"][data-key="${key}"]`).click();
    }
    await expect(this.page.getByTestId('why')).toBeVisible();
  }

  async expectWhy(texts: readonly (string | RegExp)[]): Promise<void> {
    const why = this.page.getByTestId('why');
    for (const text of texts) await expect(why).toContainText(text);
  }

  /** Everything about a mark appears when the pointer rests on it. */
  async hoverRead(node: string, key: string): Promise<string> {
    await this.page.mouse.move(0, 0);
    await this.#runOf(node).locator(`[data-testid="read-chip"][data-key="${key}"]`).hover();
    const tooltip = this.page.getByRole('tooltip');
    await expect(tooltip).toBeVisible();
    return (await tooltip.textContent()) ?? '';
  }

  /** The kinds of the events in the table, in order, as far as the table is scrolled. */
  async eventKinds(): Promise<readonly string[]> {
    const rows = this.page.getByTestId('events-row');
    await expect(rows.first()).toBeVisible();
    return rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-kind') ?? ''));
  }

  // The cluster and the connection

  async expectConnection(state: 'live' | 'reconnecting'): Promise<void> {
    await expect(this.page.getByTestId('connection')).toHaveAttribute('data-state', state, {
      timeout: 20_000,
    });
  }

  async expectProvenance(kind: RegExp): Promise<void> {
    await expect(this.page.getByTestId('provenance')).toHaveAttribute('data-kind', kind);
  }

  async expectCluster(workers: readonly string[], storage: readonly string[]): Promise<void> {
    const strip = this.page.getByTestId('cluster-strip');
    for (const id of workers) {
      await expect(strip.getByTestId(`worker-${id}`)).toHaveAttribute('data-state', 'running', {
        timeout: 20_000,
      });
    }
    for (const id of storage) await expect(strip.getByTestId(`storage-${id}`)).toBeVisible();
  }

  async killWorker(id: string): Promise<void> {
    await this.page.getByTestId(`kill-${id}`).click();
    await this.page.getByTestId('confirm-kill').click();
  }

  // Finding by name

  /** Opens the palette, types, and takes what is on top. */
  async find(text: string, expected: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    await this.page.getByTestId('palette-input').fill(text);
    await expect(this.page.getByTestId('palette-option').first()).toContainText(expected);
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByTestId('palette-input')).toHaveCount(0);
  }

  /** The sentence that tells what was just done. */
  async expectNote(sentence: RegExp): Promise<void> {
    await expect(this.page.getByTestId('canvas-note')).toHaveText(sentence);
  }

  // The keyboard

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Presses Tab until this has the keyboard. */
  async tabTo(testId: string): Promise<void> {
    // A screen that is still loading has nothing to reach.
    await expect(this.page.getByTestId(testId)).toBeVisible();
    for (let presses = 0; presses < TAB_PRESSES_MAX; presses += 1) {
      if (await this.#hasKeyboard(testId)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${testId} was not reached with ${TAB_PRESSES_MAX} presses of Tab.`);
  }

  async expectKeyboardAt(testId: string): Promise<void> {
    await expect.poll(() => this.#hasKeyboard(testId)).toBe(true);
  }

  /** The thing itself, or what holds it, such as a node around its name. */
  #hasKeyboard(testId: string): Promise<boolean> {
    return this.page.evaluate((id) => {
      const { activeElement } = document;
      if (activeElement === null || activeElement === document.body) return false;
      const target = document.querySelector(`[data-testid="${id}"]`);
      if (target === null) return false;
      return target.contains(activeElement) || activeElement.firstElementChild === target;
    }, testId);
  }
}
