// Signing in and out: the same answer for everything that is wrong, a limit to guessing, and no way in afterwards.

import type { Page } from "@playwright/test";
import { password, people } from "../support/people.ts";
import { expect, test, visit } from "./fixtures.ts";

async function attempt(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(secret);
  const answered = page.waitForResponse((response) => response.url().endsWith("/api/sign_in"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await answered;
}

/** Signs in, and waits for the page that it leads to: a document of its own, whatever the address says before. */
async function signIn(page: Page, email: string, secret: string): Promise<void> {
  const loaded = page.waitForEvent("load");
  await attempt(page, email, secret);
  await loaded;
}

const wrong = "The e-mail address or the password is wrong.";

test("a wrong password and an unknown address get the same answer", async ({ page, site }) => {
  await site.server.run(["user", "add", "--email", "gone@example.org", "--name", "Gone", "--password-stdin"], password);
  await site.server.run(["user", "disable", "gone@example.org"]);
  await visit(page, "/sign-in");
  for (const [email, secret] of [
    [people.ben.email, "not the password"],
    ["nobody@example.org", password],
    ["gone@example.org", password],
  ] as const) {
    await attempt(page, email, secret);
    await expect(page.getByText(wrong)).toBeVisible();
    await expect(page).toHaveURL(/\/sign-in/);
  }
});

test("guessing is slowed down", async ({ page, site }) => {
  const email = `guessed-${test.info().project.name}@example.org`;
  await site.server.run(["user", "add", "--email", email, "--name", "Guessed", "--password-stdin"], password);
  await visit(page, "/sign-in");
  for (let attempts = 0; attempts < 5; attempts += 1) {
    await attempt(page, email, `guess number ${attempts}`);
    await expect(page.getByText(wrong)).toBeVisible();
  }
  // Now even the right one has to wait.
  await attempt(page, email, password);
  await expect(page.getByText("Too many attempts. Please wait a few minutes and try again.")).toBeVisible();
});

test("a page that needs somebody leads to the sign-in page and back", async ({ page, site }) => {
  const slug = await site.project({ name: "Where I wanted to go" });
  await visit(page, `/projects/${slug}/guideline`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await attempt(page, people.cho.email, password);
  await expect(page).toHaveURL(new RegExp(`/projects/${slug}/guideline$`));
});

test("signing out ends the session", async ({ page, context, site }) => {
  await visit(page, "/sign-in");
  await signIn(page, people.cho.email, password);
  await expect(page.getByRole("heading", { name: "Projects" })).toBeVisible();
  const before = await context.cookies(site.url);
  await visit(page, "/account");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  // The old cookie is worth nothing, even if somebody has kept it.
  await context.addCookies(before);
  await visit(page, "/account");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a new password ends every other session", async ({ page, as, site }) => {
  const email = `moved-${test.info().project.name}@example.org`;
  await site.server.run(["user", "add", "--email", email, "--name", "Moved", "--password-stdin"], password);
  const elsewhere = await as(email);
  await visit(page, "/sign-in?next=/account");
  await signIn(page, email, password);
  await expect(page).toHaveURL(/\/account$/);
  await visit(page, "/account");
  await page.getByLabel("Current password").fill(password);
  await page.getByLabel("New password").fill("another horse altogether");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The password is changed.")).toBeVisible();
  await visit(page, "/account");
  await expect(page).toHaveURL(/\/account$/);
  await visit(elsewhere, "/account");
  await expect(elsewhere).toHaveURL(/\/sign-in/);
});
