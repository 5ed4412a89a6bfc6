// The review screen: what it lists, what it shows, deciding by keyboard and by forms, and what happens when somebody
// else was faster.

import type { Page } from "@playwright/test";
import { people } from "../support/people.ts";
import { unsure } from "../support/samples.ts";
import type { Site } from "../support/site.ts";
import { expect, test, visit } from "./fixtures.ts";

/** Two that agree, two conflicts, one report; all answered by Ann and Ben. */
async function answered(site: Site): Promise<string> {
  const samples = [
    unsure("agree-1", "Both say arrival.", 0.01),
    unsure("agree-2", "Both say lost.", 0.02, { label: { intent: "card_fee" } }),
    unsure("conflict-1", "Arrival or lost?", 0.03),
    unsure("conflict-2", "Arrival or fee?", 0.04),
    { id: "report", fields: { text: "A customer complained." }, label: { intent: "lost_card" } },
  ];
  const slug = await site.project({ samples });
  const report = JSON.stringify({ id: "report", kind: "wrong", note: "Not what I asked." });
  await site.api("manager").call("POST", `/projects/${slug}/feedback`, report, "application/x-ndjson");
  await site.api("ann").answer(slug, {
    "agree-1": "card_arrival",
    "agree-2": "lost_card",
    "conflict-1": "card_arrival",
    "conflict-2": "card_arrival",
    report: "card_fee",
  });
  await site.api("ben").answer(slug, {
    "agree-1": "card_arrival",
    "agree-2": "lost_card",
    "conflict-1": "lost_card",
    "conflict-2": "card_fee",
    report: "card_fee",
  });
  return slug;
}

const item = (page: Page) => page.getByRole("region", { name: "Task" });
const rows = (page: Page) => page.getByRole("navigation", { name: "Tasks", exact: true }).getByRole("listitem");

async function filter(page: Page, choose: () => Promise<unknown>): Promise<void> {
  if (!(await page.getByRole("button", { name: "Show", exact: true }).isVisible())) {
    await page.locator("summary", { hasText: "Order and filters" }).click();
  }
  await choose();
  await page.getByRole("button", { name: "Show", exact: true }).click();
}

test("a task shows everything that is known of it", async ({ site, as }) => {
  const slug = await answered(site);
  const task = (await site.api("reviewer").review(slug))["agree-2"].task;
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/review?task=${task}`);
  await expect(item(reviewer)).toContainText("Both say lost.");
  for (const who of ["ann@example.org", "ben@example.org"]) {
    await expect(item(reviewer).getByRole("listitem").filter({ hasText: who })).toContainText("Lost card");
  }
  await expect(item(reviewer)).toContainText(/Consensus: Lost card\s*\d+(\.\d)?% probable/);
  await expect(item(reviewer).getByRole("listitem").filter({ hasText: "ann@example.org" })).toContainText(/×[\d.]+ for it/);
  await expect(item(reviewer)).toContainText("Weighed by what each annotator mixes up");
  await expect(item(reviewer)).toContainText("tfidf-lr@1");
  await expect(item(reviewer)).toContainText("51%");
  await expect(item(reviewer)).toContainText("Card fee");
  await expect(item(reviewer)).toContainText("since version 1");
});

test("filters narrow the list", async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/review`);
  await expect(rows(reviewer)).toHaveCount(5);
  await expect(rows(reviewer).first()).toContainText("conflict");

  await filter(reviewer, async () => {
    await reviewer.getByLabel("Answered as").selectOption("Card arrival");
    await reviewer.getByLabel("and as").selectOption("Card fee");
  });
  await expect(rows(reviewer)).toHaveCount(1);
  await expect(rows(reviewer)).toContainText("Arrival or fee?");

  await reviewer.getByRole("link", { name: "Clear filters" }).click();
  await expect(rows(reviewer)).toHaveCount(5);
  await filter(reviewer, () => reviewer.getByLabel("Reason").selectOption("User report"));
  await expect(rows(reviewer)).toHaveCount(1);
  await expect(item(reviewer)).toContainText("A customer complained.");

  await filter(reviewer, async () => {
    await reviewer.getByLabel("Reason").selectOption("any");
    await reviewer.getByLabel("Annotator", { exact: true }).fill("cho@example.org");
  });
  await expect(reviewer.getByText("No task fits these filters")).toBeVisible();
});

test("every decision has its key", { tag: "@js" }, async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/review`);
  const shown = item(reviewer);
  await expect(shown).toContainText("conflict");
  const first = await shown.locator(".review-sample").innerText();
  await reviewer.keyboard.press("j");
  await expect(shown.locator(".review-sample")).not.toHaveText(first);
  await reviewer.keyboard.press("k");
  await expect(shown.locator(".review-sample")).toHaveText(first);

  // A conflict has nothing to approve.
  await reviewer.keyboard.press("a");
  await expect(shown.locator(".review-sample")).toHaveText(first);

  await visit(reviewer, `/projects/${slug}/review?order=oldest`);
  const to = async (text: string): Promise<void> => {
    await reviewer.getByRole("link", { name: new RegExp(text) }).click();
    await expect(shown).toContainText(text);
  };
  await to("Both say arrival.");
  await reviewer.keyboard.press("n");
  await reviewer.keyboard.type("Clear: a card.");
  await reviewer.keyboard.press("Escape");
  await reviewer.keyboard.press("a");
  await expect(reviewer.getByText("agree-1: Approved: Card arrival")).toBeVisible();

  await to("Arrival or lost?");
  await reviewer.keyboard.press("c");
  await reviewer.keyboard.press("2");
  await expect(reviewer.getByText("conflict-1: Corrected: Lost card")).toBeVisible();

  await to("Both say lost.");
  await reviewer.keyboard.press("d");
  await expect(reviewer.getByText("agree-2: Dismissed, the label stays")).toBeVisible();

  await to("Arrival or fee?");
  await reviewer.keyboard.press("r");
  await expect(reviewer.getByText("conflict-2: returned for one more answer.")).toBeVisible();

  // A decision can be taken back where it is listed.
  await visit(reviewer, `/projects/${slug}/review?state=dismissed`);
  await expect(shown).toContainText("Both say lost.");
  await reviewer.keyboard.press("o");
  await expect(shown.getByRole("button", { name: /Approve/ })).toBeVisible();

  const now = async (state: string) => Object.keys(await site.api("manager").review(slug, `?state=${state}`)).sort();
  expect(await now("approved")).toEqual(["agree-1", "conflict-1"]);
  expect(await now("dismissed")).toEqual([]);
  expect(await now("open")).toEqual(["conflict-2"]);
  expect(await now("in_review")).toEqual(["agree-2", "report"]);
});

test("a decision can be taken back at once", async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  const task = (await site.api("reviewer").review(slug))["agree-1"].task;
  await visit(reviewer, `/projects/${slug}/review?task=${task}`);
  await item(reviewer).getByRole("button", { name: "Approve: Card arrival" }).click();
  await expect(reviewer.getByText("agree-1: Approved: Card arrival")).toBeVisible();
  await reviewer.getByRole("button", { name: "Undo" }).click();
  await expect(item(reviewer)).toContainText("Both say arrival.");
  await expect(item(reviewer).getByRole("button", { name: "Approve: Card arrival" })).toBeVisible();
  await expect(item(reviewer)).toContainText("Reopened");
  expect((await site.api("reviewer").review(slug))["agree-1"].state).toBe("in_review");
});

test("removing a label needs a note", async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  const task = (await site.api("reviewer").review(slug))["agree-2"].task;
  await visit(reviewer, `/projects/${slug}/review?task=${task}`);
  const remove = async (): Promise<void> => {
    const button = item(reviewer).getByRole("button", { name: "Remove the label" });
    if (!(await button.isVisible())) await item(reviewer).locator("summary", { hasText: "Correct" }).click();
    await button.click();
  };
  await remove();
  await expect(item(reviewer).getByText("Something required is missing.")).toBeVisible();
  const note = item(reviewer).getByLabel("Note; after a return the annotators read it");
  if (!(await note.isVisible())) await item(reviewer).locator("summary", { hasText: "Note" }).click();
  await note.fill("No message at all.");
  await remove();
  await expect(reviewer.getByText("agree-2: Label removed")).toBeVisible();
  await site.api("manager").cut(slug, "Without it");
  expect(await site.api("manager").labels(slug)).toEqual({ report: { intent: "lost_card" } });
});

test("a decision on what has changed is refused and says what changed", async ({ site, as, javaScriptEnabled }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  const task = (await site.api("reviewer").review(slug))["agree-1"].task;
  await visit(reviewer, `/projects/${slug}/review?task=${task}`);
  await expect(item(reviewer)).toContainText("Both say arrival.");
  // Meanwhile somebody else decides it.
  await site.api("manager").decide(slug, "agree-1", { decision: "correct", answers: { intent: "card_fee" } });

  await item(reviewer).getByRole("button", { name: "Dismiss" }).click();
  await expect(reviewer.getByText("Somebody changed it in the meantime.").first()).toBeVisible();
  if (javaScriptEnabled) {
    await expect(reviewer.getByText("agree-1 was not decided, because it changed in the meantime:")).toBeVisible();
    await expect(reviewer.getByText("manager@example.org · Corrected: Card fee")).toBeVisible();
  }
  await expect(item(reviewer)).toContainText("manager@example.org");
  await site.api("manager").cut(slug, "As the manager decided");
  expect(await site.api("manager").labels(slug)).toMatchObject({ "agree-1": { intent: "card_fee" } });
});

test("a whole filtered page is approved at once, or not at all", async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/review?reason=prediction_uncertain`);
  await site.api("manager").decide(slug, "agree-1", { decision: "dismiss" });
  await reviewer.getByRole("button", { name: "Approve all with a consensus: 2" }).click();
  await expect(reviewer.getByText("Somebody changed it in the meantime.").first()).toBeVisible();
  expect(Object.keys(await site.api("reviewer").review(slug, "?state=approved"))).toEqual([]);

  await visit(reviewer, `/projects/${slug}/review?reason=prediction_uncertain`);
  await reviewer.getByRole("button", { name: "Approve all with a consensus: 1" }).click();
  await expect(reviewer.getByText("Approved: 1.")).toBeVisible();
  // The report fits no such filter, so it still waits.
  expect(Object.keys(await site.api("reviewer").review(slug, "?state=approved"))).toEqual(["agree-2"]);
  expect(Object.keys(await site.api("reviewer").review(slug)).sort()).toEqual(["conflict-1", "conflict-2", "report"]);
});

test("a label of the test split waits for a second reviewer", async ({ site, as }) => {
  const split = { validation: 0, test: 1, test_reviewers: 2 };
  const slug = await site.project({ samples: [unsure("s1", "Where is my card?", 0.01)], settings: { split } });
  for (const who of ["ann", "ben"] as const) await site.api(who).answer(slug, { s1: "card_arrival" });

  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/review`);
  await expect(item(reviewer)).toContainText("test split: 0 of 2 reviewers");
  const review = async (state: string) =>
    (await site.api("manager").call("GET", `/projects/${slug}/review?state=${state}`)).items;
  await item(reviewer).getByRole("button", { name: "Approve: Card arrival" }).click();
  await expect.poll(async () => (await review("in_review"))[0].approvals.by).toEqual([people.reviewer.email]);
  await visit(reviewer, `/projects/${slug}/review`);
  await expect(item(reviewer)).toContainText("test split: 1 of 2 reviewers");
  await expect(item(reviewer)).toContainText("another reviewer has to agree");

  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/review`);
  await expect(rows(manager).first()).toContainText("1 of 2");
  await item(manager).getByRole("button", { name: "Approve: Card arrival" }).click();
  await expect.poll(async () => (await review("approved")).length).toBe(1);
});
