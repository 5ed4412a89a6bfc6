// axe finds nothing on any screen; on the screens where people spend their day, in both languages and appearances.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { filledProject } from "../support/filled.ts";
import { projectScreens, siteScreens, type Screen } from "../support/screens.ts";
import { expect, test, visit } from "./fixtures.ts";

test.describe("axe", { tag: "@js" }, () => {
  // Walking through every screen takes its time.
  test.describe.configure({ timeout: 240_000 });

  test("finds nothing on any screen", async ({ site, as, page }) => {
    const slug = await filledProject(site);
    const pages = new Map<string, Page>([["nobody", page]]);
    for (const screen of [...siteScreens, ...projectScreens(slug, "filled")]) {
      const shown = pages.get(screen.who) ?? (await as(screen.who));
      pages.set(screen.who, shown);
      await check(shown, screen);
    }
  });

  test("finds nothing on a screen without content", async ({ site, as }) => {
    const slug = await site.project({ members: ["ann", "ben", "reviewer", "manager"] });
    const pages = new Map<string, Page>();
    for (const screen of projectScreens(slug, "empty")) {
      const shown = pages.get(screen.who) ?? (await as(screen.who));
      pages.set(screen.who, shown);
      await check(shown, screen);
    }
  });

  for (const locale of ["en-GB", "ko-KR"]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`finds nothing where people work, ${locale}, ${colorScheme}`, async ({ site, as }) => {
        const slug = await filledProject(site);
        const options = { locale, colorScheme };
        await site.api("ben").call("POST", `/projects/${slug}/claim`, { count: 2 });
        const ben = await as("ben", options);
        await check(ben, { name: "annotate", path: `/projects/${slug}/annotate`, who: "ben" });
        await ben.keyboard.press("?");
        await expect(ben.getByRole("dialog")).toBeVisible();
        await examine(ben, "the keys of annotate");
        const reviewer = await as("reviewer", options);
        await check(reviewer, { name: "review", path: `/projects/${slug}/review`, who: "reviewer" });
        await reviewer.keyboard.press("c");
        await expect(reviewer.getByRole("radio").first()).toBeVisible();
        await examine(reviewer, "a correction");
        const manager = await as("manager", options);
        await check(manager, { name: "project", path: `/projects/${slug}`, who: "manager" });
      });
    }
  }
});

async function check(page: Page, screen: Screen): Promise<void> {
  await visit(page, screen.path);
  await examine(page, screen.name);
}

/** Fails with what axe found, in a few words each. */
async function examine(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => node.html).slice(0, 5) }));
  expect.soft(found, name).toEqual([]);
}
