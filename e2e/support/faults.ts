// What must not happen in any test: a page error, a crash, a line on the browser's console. Only a failed load that
// the test declared may be reported there: Chromium does that for every answer from 400 on.

import type { BrowserContext, ConsoleMessage } from "@playwright/test";

export class Faults {
  private readonly found: string[] = [];
  private readonly declared: RegExp[] = [];

  constructor(private readonly javaScript: boolean) {}

  /** The loads whose address matches may fail in this test. */
  mayFailToLoad(address: RegExp): void {
    this.declared.push(address);
  }

  watch(context: BrowserContext): void {
    context.on("weberror", (error) => this.found.push(`page error: ${error.error().stack ?? error.error()}`));
    context.on("console", (message) => this.note(message));
    context.on("page", (page) => page.on("crash", () => this.found.push("a page crashed")));
  }

  /** Everything that was found. */
  all(): string[] {
    return this.found;
  }

  private note(message: ConsoleMessage): void {
    if (!["error", "warning", "assert"].includes(message.type())) return;
    // Without JavaScript the app is fetched ahead and never started; Chromium remarks on that.
    if (!this.javaScript && /was preloaded using link preload but not used/.test(message.text())) return;
    const address = message.location().url;
    const failedLoad = message.text().startsWith("Failed to load resource");
    if (failedLoad && this.declared.some((pattern) => pattern.test(address))) return;
    this.found.push(`console ${message.type()}: ${message.text()} (${address})`);
  }
}
