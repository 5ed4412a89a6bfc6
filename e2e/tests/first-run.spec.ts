// The first run: whoever reads the server's log makes the first admin, and nobody does so twice.

import { password } from "../support/people.ts";
import { Server } from "../support/server.ts";
import { expect, test as base, visit } from "./fixtures.ts";

const test = base.extend<{ empty: Server }>({
  empty: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
  },
  baseURL: async ({ empty }, use) => use(empty.url),
});

function codeOf(server: Server): string {
  const found = /one-time code.*\bcode="?([^"\s]+)/.exec(server.logged());
  return found?.[1] ?? "";
}

test("who was added by the command line signs in, and finds the way to make an admin", async ({ page, empty }) => {
  await empty.run(["user", "add", "--email", "ann@example.org", "--name", "Ann", "--password-stdin"], password);
  await visit(page, "/");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByRole("link", { name: /There is no admin yet/ }).click();
  await expect(page.getByLabel("One-time code")).toBeVisible();
  await visit(page, "/sign-in");
  await page.getByLabel("E-mail address").fill("ann@example.org");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("No project yet")).toBeVisible();
});

test("the code of the log makes the first admin", async ({ page, empty }) => {
  await expect.poll(() => codeOf(empty)).not.toBe("");
  await visit(page, "/");
  await expect(page).toHaveURL(/\/set-up$/);

  const fill = async (code: string): Promise<void> => {
    await page.getByLabel("One-time code").fill(code);
    await page.getByLabel("Name").fill("First Admin");
    await page.getByLabel("E-mail address").fill("first@example.org");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Create the admin account" }).click();
  };
  await fill("not-the-code");
  await expect(page.getByRole("status").filter({ hasText: /./ })).toBeVisible();
  await expect(page).toHaveURL(/\/set-up/);

  await fill(codeOf(empty));
  await expect(page.getByRole("heading", { name: "Projects" })).toBeVisible();
  await expect(page.getByText("No project yet")).toBeVisible();
  expect(await empty.run(["user", "list"])).toContain("first@example.org");

  await visit(page, "/set-up");
  await expect(page).not.toHaveURL(/\/set-up/);
});
