// Every screen, empty and filled, in both languages, at the width of a phone; and the switches for language and
// appearance. The fixtures fail each of these on anything in the browser's console.

import type { BrowserContextOptions, Page } from "@playwright/test";
import { filledProject } from "../support/filled.ts";
import { password, type Name } from "../support/people.ts";
import { projectScreens, siteScreens, type Screen } from "../support/screens.ts";
import { expect, ready, test, visit } from "./fixtures.ts";

// Walking through every screen takes its time.
test.describe.configure({ timeout: 180_000 });

type As = (who: Name | string, options?: BrowserContextOptions) => Promise<Page>;

/** Walks through screens, with one browser for each person. */
async function walk(
  screens: Screen[],
  as: As,
  anonymous: Page,
  options: BrowserContextOptions,
  check: (page: Page, screen: Screen) => Promise<void>,
): Promise<void> {
  const pages = new Map<string, Page>([["nobody", anonymous]]);
  for (const screen of screens) {
    const page = pages.get(screen.who) ?? (await as(screen.who, options));
    pages.set(screen.who, page);
    await test.step(screen.name, async () => {
      await visit(page, screen.path);
      await expect(page).toHaveURL(new RegExp(`${screen.path.replace(/[?/]/g, "\\$&")}$`));
      await check(page, screen);
    });
  }
}

const languages = [
  { language: "en", locale: "en-GB", signIn: "Sign in" },
  { language: "ko", locale: "ko-KR", signIn: "로그인" },
];

for (const { language, locale, signIn } of languages) {
  test.describe(language, () => {
    test.use({ locale });

    for (const content of ["empty", "filled"] as const) {
      test(`every screen, ${content}`, async ({ site, as, page }) => {
        const slug = content === "empty" ? await site.project() : await filledProject(site);
        await walk([...siteScreens, ...projectScreens(slug, content)], as, page, { locale }, async (shown, screen) => {
          await expect(shown.locator("html")).toHaveAttribute("lang", language);
          await expect(shown.getByRole("heading", { level: 1 })).not.toHaveCount(0);
          await expect(shown).toHaveTitle(/Relabel$/);
          await expect(shown.locator(".skeleton")).toHaveCount(0);
          const problem = shown.locator(".state-problem");
          await expect(problem, `${screen.name} shows a problem`).toHaveCount(0);
          // A key without its text would show by its name.
          expect(await shown.locator("body").innerText()).not.toMatch(/\{\{|\}\}/);
        });
      });
    }

    test("a page that does not exist says so", async ({ page, as, site, faults }) => {
      faults.mayFailToLoad(/\/nowhere|\/projects\//);
      await page.goto("/nowhere");
      await expect(page.getByRole("heading")).toBeVisible();
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      const slug = await site.project({ members: ["manager"] });
      const ann = await as("ann", { locale });
      const answer = await ann.goto(`/projects/${slug}`);
      expect(answer?.status()).toBe(404);
      await expect(ann.getByRole("heading")).toBeVisible();
    });

    test("an address that asks for what cannot be says so and leads back", async ({ as, site, faults }) => {
      faults.mayFailToLoad(/level=foo/);
      const slug = await site.project();
      const manager = await as("manager", { locale });
      const answer = await manager.goto(`/projects/${slug}/agreement?level=foo&reason=audit`);
      expect(answer?.status()).toBe(400);
      await ready(manager);
      await expect(manager.getByText("level=foo")).toBeVisible();
      await manager.locator(".state-problem .button-primary").click();
      await expect(manager).toHaveURL(/agreement\?reason=audit$/);
      await expect(manager.locator(".state-problem")).toHaveCount(0);
    });

    test("the language of the browser greets people", async ({ page }) => {
      await visit(page, "/sign-in");
      await expect(page.getByRole("button", { name: signIn, exact: true })).toBeVisible();
    });
  });
}

test("no screen scrolls sideways at the width of a phone", async ({ site, as, page }) => {
  const viewport = { width: 360, height: 740 };
  await page.setViewportSize(viewport);
  const slug = await filledProject(site);
  await walk([...siteScreens, ...projectScreens(slug, "filled")], as, page, { viewport }, async (shown, screen) => {
    const width = await shown.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `${screen.name} is wider than the window`).toBeLessThanOrEqual(viewport.width);
  });
});

test("a language that is chosen stays with the account", async ({ site, as }) => {
  const email = `polyglot-${test.info().project.name}@example.org`;
  await site.server.run(["user", "add", "--email", email, "--name", "Polyglot", "--password-stdin"], password);
  const page = await as(email);
  await visit(page, "/account");
  await page.getByRole("main").getByLabel("Language").selectOption("ko");
  await page.getByRole("main").getByRole("button", { name: "Save" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(page.getByRole("heading", { name: "내 계정", exact: true })).toBeVisible();
  // Another browser of the same person.
  const elsewhere = await as(email);
  await visit(elsewhere, "/");
  await visit(elsewhere, "/");
  await expect(elsewhere.locator("html")).toHaveAttribute("lang", "ko");
  // And back, by the switch in the menu.
  await elsewhere.locator(".menu-summary").click();
  await elsewhere.getByRole("button", { name: "English" }).click();
  await expect(elsewhere.locator("html")).toHaveAttribute("lang", "en");
});

test("the appearance can be chosen, and follows the device otherwise", async ({ page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await visit(page, "/sign-in");
  const light = await background();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.getByRole("button", { name: "Light" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await expect.poll(background).toBe(light);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect.poll(background).toBe(dark);
  await page.getByRole("button", { name: "Same as device" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  await expect.poll(background).toBe(light);
});

test("the menu of managing pages closes by itself", { tag: "@js" }, async ({ site, as }) => {
  const slug = await site.project({ members: ["manager"] });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}`);
  const manage = manager.getByRole("navigation").locator("summary", { hasText: "Manage" });
  const members = manager.getByRole("navigation").getByRole("link", { name: "Members" });
  await manage.click();
  await members.click();
  await expect(manager.getByRole("heading", { name: "Members", exact: true })).toBeVisible();
  await expect(members).toBeHidden();
  await manage.click();
  await expect(members).toHaveAttribute("aria-current", "page");
  await manager.keyboard.press("Escape");
  await expect(members).toBeHidden();
  await expect(manage).toBeFocused();
  await manage.click();
  await expect(members).toBeVisible();
  await manager.getByRole("heading", { name: "Members", exact: true }).click();
  await expect(members).toBeHidden();
});
