// What every test begins with: a server per worker with its people, pages that are watched for faults, and a way to
// open them as somebody.

import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { Faults } from "../support/faults.ts";
import { people, type Name } from "../support/people.ts";
import { Site } from "../support/site.ts";

export { expect };

interface Fixtures {
  faults: Faults;
  /** Opens a browser of this person's own; `who` may also be the e-mail address of somebody whom the test made. */
  as: (who: Name | string, options?: BrowserContextOptions) => Promise<Page>;
}

export const test = base.extend<Fixtures, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await Site.open();
      await use(site);
      await site.server.stop();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ site }, use) => use(site.url),

  faults: async ({ javaScriptEnabled }, use) => {
    const faults = new Faults(javaScriptEnabled ?? true);
    await use(faults);
    expect(faults.all(), "errors and warnings in the browser").toEqual([]);
  },

  context: async ({ context, faults, javaScriptEnabled }, use) => {
    await prepare(context, faults, javaScriptEnabled ?? true);
    await use(context);
  },

  as: async ({ browser, site, faults, javaScriptEnabled }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (who, options = {}) => {
      const context = await browser.newContext(options);
      opened.push(context);
      await prepare(context, faults, javaScriptEnabled ?? true);
      const email = who in people ? people[who as Name].email : who;
      const [name = "", value = ""] = (await site.session(email)).split("=");
      await context.addCookies([{ name, value, url: site.url, httpOnly: true }]);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

async function prepare(context: BrowserContext, faults: Faults, javaScript: boolean): Promise<void> {
  faults.watch(context);
  if (javaScript) await context.addInitScript(noteTakeover);
}

/** Runs in the page. The router listens to the browser's history as soon as the app takes over the rendered page. */
function noteTakeover(): void {
  const listen = window.addEventListener.bind(window) as (...args: unknown[]) => void;
  window.addEventListener = (...args: unknown[]) => {
    if (args[0] === "popstate") Object.assign(window, { relabelRuns: true });
    listen(...args);
  };
}

/** Waits until the app has taken over the page that was just loaded; without JavaScript there is nothing to wait for. */
export async function ready(page: Page): Promise<void> {
  if (runsScripts()) await page.waitForFunction(() => "relabelRuns" in window);
}

/** Opens an address and waits until the page can be used. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
}

/** Whether the tests run with JavaScript. */
export function runsScripts(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}
