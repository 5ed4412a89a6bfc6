// The whole loop as people walk it: sign in, annotate as two people, disagree, review, cut, export.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { labelsOf } from "../support/api.ts";
import { password, people, type Name } from "../support/people.ts";
import { unsureSamples } from "../support/samples.ts";
import { expect, ready, test, visit } from "./fixtures.ts";

/** The stored label that came with the import, on a sample that nobody is asked about. */
const untouched = { id: "known", fields: { text: "Where is my card?" }, label: { intent: "card_arrival" } };

async function signIn(page: Page, name: Name): Promise<void> {
  await visit(page, "/");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel("E-mail address").fill(people[name].email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Projects" })).toBeVisible();
  await ready(page);
}

async function cutAndExport(page: Page, slug: string): Promise<Record<string, unknown>> {
  await visit(page, `/projects/${slug}/versions`);
  await page.getByLabel("Message").fill("Settled in the first round");
  await page.getByLabel("Tag").fill("prod");
  await page.getByRole("button", { name: "Cut version 2" }).click();
  await expect(page.getByRole("heading", { name: "Version 2" })).toBeVisible();
  await page.getByRole("link", { name: "Export it" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  return labelsOf(await readFile(await (await download).path(), "utf8"));
}

test("by keyboard", { tag: "@js" }, async ({ site, as, context }) => {
  const slug = await site.project({ samples: [...unsureSamples(4), untouched] });

  const annotate = async (page: Page, keys: string[]): Promise<void> => {
    await visit(page, `/projects/${slug}/annotate`);
    await page.keyboard.press("Enter");
    for (const [at, key] of keys.entries()) {
      await expect(page.getByText(`Message number ${at + 1}.`)).toBeVisible();
      await page.keyboard.press(key);
    }
    await expect(page.getByText("Nothing is waiting for you")).toBeVisible();
    await expect(page.getByText("saved", { exact: true })).toBeVisible();
  };
  const ann = await context.newPage();
  await signIn(ann, "ann");
  await annotate(ann, ["1", "1", "2", "2"]);
  await annotate(await as("ben"), ["1", "2", "2", "b"]);

  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/review`);
  const item = reviewer.getByRole("region", { name: "Task" });
  // Conflicts come first.
  await expect(item).toContainText("Message number 2.");
  await reviewer.keyboard.press("c");
  await reviewer.keyboard.press("3");
  await expect(item).toContainText("Message number 4.");
  await reviewer.keyboard.press("r");
  await expect(item).toContainText("Message number 1.");
  await reviewer.keyboard.press("a");
  await expect(item).toContainText("Message number 3.");
  await reviewer.keyboard.press("a");
  await expect(reviewer.getByText("Everything on this page is decided.")).toBeVisible();

  // What was returned goes to somebody else. One doubtful verdict keeps it a conflict, and the reviewer settles it.
  const cho = await as("cho");
  await visit(cho, `/projects/${slug}/annotate`);
  await cho.keyboard.press("Enter");
  await expect(cho.getByText("Message number 4.")).toBeVisible();
  await cho.keyboard.press("2");
  await expect(cho.getByText("Nothing is waiting for you")).toBeVisible();
  await expect(cho.getByText("saved", { exact: true })).toBeVisible();
  await visit(reviewer, `/projects/${slug}/review`);
  await expect(item).toContainText("Message number 4.");
  await reviewer.keyboard.press("c");
  await reviewer.keyboard.press("2");
  await expect(reviewer.getByText("Everything on this page is decided.")).toBeVisible();

  expect(await cutAndExport(await as("manager"), slug)).toEqual({
    known: { intent: "card_arrival" },
    s1: { intent: "card_arrival" },
    s2: { intent: "card_fee" },
    s3: { intent: "lost_card" },
    s4: { intent: "lost_card" },
  });
});

test("by clicking, with and without JavaScript", async ({ site, as, context }) => {
  const slug = await site.project({ samples: [...unsureSamples(3), untouched] });

  const annotate = async (page: Page, answers: string[]): Promise<void> => {
    await visit(page, `/projects/${slug}/annotate`);
    await page.getByRole("button", { name: "Start" }).click();
    for (const [at, answer] of answers.entries()) {
      await expect(page.getByText(`Message number ${at + 1}.`)).toBeVisible();
      await page.getByRole("button", { name: answer, exact: true }).click();
    }
    await expect(page.getByText("Nothing is waiting for you")).toBeVisible();
    await expect(page.getByText("saved", { exact: true })).toBeVisible();
  };
  const ann = await context.newPage();
  await signIn(ann, "ann");
  await annotate(ann, ["Card arrival", "Card arrival", "Lost card"]);
  await annotate(await as("ben"), ["Card arrival", "Lost card", "Card fee"]);

  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/review`);
  const item = reviewer.getByRole("region", { name: "Task" });
  await expect(item).toContainText("Message number 2.");
  await item.locator("summary", { hasText: "Correct" }).click();
  await item.getByRole("radio", { name: "Card fee" }).check();
  await item.getByRole("button", { name: "Correct", exact: true }).click();
  // Nobody approved this one, so it must not be exported.
  await expect(item).toContainText("Message number 3.");
  await item.getByRole("button", { name: "Dismiss" }).click();
  await expect(item).toContainText("Message number 1.");
  await item.getByRole("button", { name: "Approve: Card arrival" }).click();
  await expect(reviewer.getByText("s1: Approved: Card arrival")).toBeVisible();

  expect(await cutAndExport(await as("manager"), slug)).toEqual({
    known: { intent: "card_arrival" },
    s1: { intent: "card_arrival" },
    s2: { intent: "card_fee" },
  });
});
