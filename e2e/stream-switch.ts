/**
 * The wire of the live stream between page and server, with a switch: what a network does to it in
 * the wild. While it is off no frame gets through, and the page cannot connect again.
 */
import type { Page, WebSocketRoute } from '@playwright/test';

const CLOSED_BY_NETWORK = 1011;

export class StreamSwitch {
  /** The `since` of each subscription that the page has asked for. */
  readonly subscriptions: (number | undefined)[] = [];
  readonly #open = new Set<WebSocketRoute>();
  #isOn = true;

  static async install(page: Page): Promise<StreamSwitch> {
    const wire = new StreamSwitch();
    await page.routeWebSocket(/\/api\/v1\/events/u, (route) => wire.#accept(route));
    return wire;
  }

  /** Cuts every connection, and refuses new ones until it is on again. */
  async turnOff(): Promise<void> {
    this.#isOn = false;
    const cut = [...this.#open].map((route) => route.close({ code: CLOSED_BY_NETWORK }));
    this.#open.clear();
    await Promise.all(cut);
  }

  turnOn(): void {
    this.#isOn = true;
  }

  #accept(route: WebSocketRoute): void {
    if (!this.#isOn) {
      void route.close({ code: CLOSED_BY_NETWORK });
      return;
    }
    this.#open.add(route);
    const server = route.connectToServer();
    route.onMessage((message) => {
      this.#note(String(message));
      server.send(message);
    });
  }

  #note(text: string): void {
    const frame = JSON.parse(text) as { readonly type: string; readonly since?: number };
    if (frame.type === 'subscribe') this.subscriptions.push(frame.since);
  }
}
