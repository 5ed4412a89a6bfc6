// Two labels that people mix up: found, told apart by a rule that decides their tasks, challenged, and undone.

import { unsure } from "../support/samples.ts";
import type { Site } from "../support/site.ts";
import { expect, test, visit } from "./fixtures.ts";

/** Ann and Ben mix up two labels on `m1` and `m2` and agree on `same`; `old` has one of the two from an import. */
async function mixedUp(site: Site): Promise<string> {
  const samples = [
    unsure("m1", "My card never came.", 0.01),
    unsure("m2", "Where is it *now*?", 0.02),
    unsure("same", "What does it cost?", 0.03),
    { id: "old", fields: { text: "It has been a week." }, label: { intent: "lost_card" } },
  ];
  const slug = await site.project({ samples, guideline: "# Intents" });
  await site.api("ann").answer(slug, { m1: "card_arrival", m2: "card_arrival", same: "card_fee" });
  await site.api("ben").answer(slug, { m1: "lost_card", m2: "lost_card", same: "card_fee" });
  return slug;
}

test("a rule tells two labels apart, decides their tasks, and leads to labels from before it", async ({ site, as }) => {
  const slug = await mixedUp(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/ambiguous-pairs`);
  const row = reviewer.getByRole("row").filter({ hasText: "Lost card" });
  await expect(row).toContainText("2.00");
  await row.getByRole("link", { name: "Card arrival" }).click();
  await expect(reviewer.getByRole("heading", { name: "Card arrival ↔ Lost card" })).toBeVisible();
  const first = reviewer.locator(".pair-item").filter({ hasText: "My card never came." });
  const second = reviewer.locator(".pair-item").filter({ hasText: "Where is it" });
  await expect(first.locator(".pair-side").first()).toContainText("ann@example.org");
  await expect(first.locator(".pair-side").last()).toContainText("ben@example.org");

  await first.getByRole("radio", { name: "Lost card" }).check();
  await second.getByRole("radio", { name: "Card arrival" }).check();
  await reviewer.getByLabel("Heading").fill("Late or lost?");
  await reviewer.getByLabel("Rule", { exact: true }).fill("A card that never came is **lost**.");
  await reviewer.getByRole("button", { name: "Write the rule and decide" }).click();
  await expect(reviewer.getByText("Tasks decided by it: 2.", { exact: false })).toBeVisible();

  // The stored label from before is offered as a challenge.
  const older = reviewer.locator("#older");
  await expect(older.getByText("1 in all; shown: 1.")).toBeVisible();
  await older.getByLabel("Why, for annotators and reviewers").fill("See the new rule");
  await older.getByRole("button", { name: "Challenge the ticked ones" }).click();
  await expect(reviewer.getByText("Tasks opened: 1.")).toBeVisible();
  await expect(reviewer.locator("#older").getByText("None is left.")).toBeVisible();

  const ann = await as("ann");
  await visit(ann, `/projects/${slug}/guideline`);
  await expect(ann.getByRole("heading", { name: "Late or lost?" })).toBeVisible();
  await expect(ann.getByText("Where is it *now*?")).toBeVisible();
  await ann.locator("summary", { hasText: "examples: 2" }).click();
  await expect(ann.getByText("m1 → Lost card")).toBeVisible();

  await visit(reviewer, `/projects/${slug}/change-sets`);
  await expect(reviewer.getByRole("link", { name: "2 approved" })).toBeVisible();
  await reviewer.locator("summary", { hasText: "Undo the rule and its decisions" }).click();
  await reviewer.getByRole("button", { name: "Undo them together" }).click();
  await expect(reviewer.getByText("What the rule decided is undone.", { exact: false })).toBeVisible();
  await expect(reviewer.getByRole("link", { name: "2 in review" })).toBeVisible();
  await visit(ann, `/projects/${slug}/guideline`);
  await expect(ann.getByRole("heading", { name: "Late or lost?" })).toHaveCount(0);
});

test("one rule after another is told, where it was written and not on the tabs", async ({ site, as }) => {
  const slug = await mixedUp(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/ambiguous-pairs/pair?question=intent&a=card_arrival&b=lost_card`);
  const items = reviewer.locator(".pair-item");
  await items.filter({ hasText: "My card never came." }).getByRole("radio", { name: "Lost card" }).check();
  await items.filter({ hasText: "Where is it" }).getByRole("radio", { name: "Leave out" }).check();
  await reviewer.getByLabel("Heading").fill("Never came");
  await reviewer.getByLabel("Rule", { exact: true }).fill("A card that never came is lost.");
  await reviewer.getByRole("button", { name: "Write the rule and decide" }).click();
  await expect(reviewer.getByText("Tasks decided by it: 1.", { exact: false })).toBeVisible();
  await expect(items).toHaveCount(1);

  await items.getByRole("radio", { name: "Card arrival" }).check();
  await reviewer.getByLabel("Heading").fill("Where it is");
  await reviewer.getByLabel("Rule", { exact: true }).fill("A card that is looked for is on its way.");
  await reviewer.getByRole("button", { name: "Write the rule and decide" }).click();
  await expect(reviewer.getByText("No task here")).toBeVisible();
  await expect(reviewer.getByText("Tasks decided by it: 1.", { exact: false })).toBeVisible();

  const tabs = reviewer.getByRole("navigation", { name: "Tasks of the pair" });
  await tabs.getByRole("link", { name: "Approved" }).click();
  await expect(items).toHaveCount(2);
  await expect(reviewer.getByText("Tasks decided by it", { exact: false })).toHaveCount(0);
});

test("a rule without a task is refused with its place", async ({ site, as }) => {
  const slug = await mixedUp(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/ambiguous-pairs/pair?question=intent&a=card_arrival&b=lost_card`);
  const none = reviewer.locator(".pair-item").getByRole("radio", { name: "Leave out" });
  await expect(none).toHaveCount(2);
  for (const radio of await none.all()) await radio.check();
  const rule = reviewer.getByLabel("Rule", { exact: true });
  await expect(rule).toHaveAttribute("required");
  await rule.fill("A card that never came is lost.");
  await reviewer.getByRole("button", { name: "Write the rule and decide" }).click();
  await expect(reviewer.getByText("/items", { exact: true })).toBeVisible();
  await expect(rule).toHaveValue("A card that never came is lost.");
  for (const radio of await none.all()) await expect(radio).toBeChecked();
  expect((await site.api("ann").call("GET", `/projects/${slug}`)).guideline).toBe("# Intents");
});

test("a rule whose labels are in a version is told to stay, and is not offered to be undone", async ({ site, as }) => {
  const slug = await mixedUp(site);
  const api = site.api("reviewer");
  const { m1 } = await api.review(slug);
  await api.call("POST", `/projects/${slug}/ambiguous-pairs/rules`, {
    question: "intent",
    a: "card_arrival",
    b: "lost_card",
    guideline_revision: 1,
    rule: "A card that never came is lost.",
    items: [{ task: m1.task, rev: m1.rev, answers: { intent: "lost_card" } }],
  });
  const reviewer = await as("reviewer");
  const undo = reviewer.locator("summary", { hasText: "Undo the rule and its decisions" });
  await visit(reviewer, `/projects/${slug}/change-sets`);
  await expect(undo).toBeVisible();
  await site.api("manager").cut(slug, "One");
  await undo.click();
  await reviewer.getByRole("button", { name: "Undo them together" }).click();
  await expect(reviewer.getByText("or its label is in a version.", { exact: false })).toBeVisible();
  await visit(reviewer, `/projects/${slug}/change-sets`);
  await expect(reviewer.getByText("labels that this rule decided are in a version", { exact: false })).toBeVisible();
  await expect(undo).toHaveCount(0);
});

test("the keyboard goes from task to task and chooses", { tag: "@js" }, async ({ site, as }) => {
  const slug = await mixedUp(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/ambiguous-pairs/pair?question=intent&a=card_arrival&b=lost_card`);
  const radio = (place: number, name: string) =>
    reviewer.locator(".pair-item").nth(place).getByRole("radio", { name });
  await expect(reviewer.getByRole("group", { name: "For all on this page:" }).getByRole("button").first()).toBeEnabled();
  await reviewer.keyboard.press("j");
  await reviewer.keyboard.press("1");
  await expect(radio(0, "Card arrival")).toBeChecked();
  await reviewer.keyboard.press("j");
  await reviewer.keyboard.press("2");
  await expect(radio(1, "Lost card")).toBeChecked();
  await reviewer.keyboard.press("k");
  await reviewer.keyboard.press("0");
  await expect(radio(0, "Leave out")).toBeChecked();
  await reviewer.getByRole("group", { name: "For all on this page:" }).getByRole("button", { name: "Lost card" }).click();
  await expect(radio(0, "Lost card")).toBeChecked();
});
