// Looking back: two versions side by side, a sample's whole history, the moves of a tag, and change sets.

import { unsure } from "../support/samples.ts";
import type { Site } from "../support/site.ts";
import { expect, test, visit } from "./fixtures.ts";

/** Version 1 is an import; version 2 has a changed and a new label, both by Ann's answers. */
async function cut(site: Site): Promise<string> {
  const samples = [
    unsure("changed", "Where is it?", 0.01, { label: { intent: "lost_card" } }),
    unsure("new", "What does it cost?", 0.02),
    { id: "same", fields: { text: "I lost it." }, label: { intent: "lost_card" } },
  ];
  const slug = await site.project({ samples, queue: { overlap: 1 } });
  await site.api("ann").answer(slug, { changed: "card_arrival", new: "card_fee" });
  await site.api("reviewer").decide(slug, "changed", { decision: "approve", note: "See the guideline." });
  await site.api("reviewer").decide(slug, "new", { decision: "approve" });
  await site.api("manager").cut(slug, "The first round", "prod");
  return slug;
}

test("a cell of the comparison leads to its samples", async ({ site, as }) => {
  const slug = await cut(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/compare`);
  await expect(reviewer.getByRole("row").filter({ hasText: "changed" })).toBeVisible();
  await expect(reviewer.getByRole("row").filter({ hasText: "ann@example.org" })).toContainText("100");
  await reviewer.getByRole("link", { name: "Lost card → Card arrival: 1" }).click();
  await expect(reviewer).toHaveURL(/before=lost_card&after=card_arrival/);
  await expect(reviewer.getByText("Only: Lost card → Card arrival.")).toBeVisible();
  await expect(reviewer.getByRole("link", { name: "changed", exact: true })).toBeVisible();
  await expect(reviewer.getByRole("link", { name: "new", exact: true })).toHaveCount(0);
  await reviewer.getByRole("link", { name: "Show all" }).click();
  await expect(reviewer.getByRole("link", { name: "new", exact: true })).toBeVisible();
});

test("any two versions can be compared, also with nothing", async ({ site, as }) => {
  const slug = await cut(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/compare`);
  await reviewer.getByLabel("From version or tag").fill("0");
  await reviewer.getByLabel("To version or tag").fill("prod");
  await reviewer.getByRole("button", { name: "Compare" }).click();
  await expect(reviewer).toHaveURL(/from=0&to=prod/);
  await expect(reviewer.getByRole("link", { name: "3 added" })).toBeVisible();
});

test("a sample tells who decided each of its labels and why", async ({ site, as }) => {
  const slug = await cut(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/samples/changed`);
  await expect(reviewer.getByText("Approved by reviewer@example.org").first()).toBeVisible();
  await expect(reviewer.getByText("See the guideline.").first()).toBeVisible();
  await expect(reviewer.getByText("Imported by admin@example.org")).toBeVisible();
  await expect(reviewer.getByRole("link", { name: "Version 2", exact: true })).toBeVisible();
});

test("a protected tag stays where it is, and its page has every move", async ({ site, as }) => {
  const slug = await cut(site);
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/versions/2`);
  await manager.getByRole("button", { name: "Protect" }).click();
  await expect(manager.getByText("protected", { exact: true })).toBeVisible();
  await expect(manager.getByRole("button", { name: "Delete the tag" })).toHaveCount(0);
  await visit(manager, `/projects/${slug}/versions/1`);
  await manager.getByLabel("Tag", { exact: true }).fill("prod");
  await manager.getByRole("button", { name: "Set the tag" }).click();
  await expect(manager.getByText("The tag is protected.", { exact: false }).first()).toBeVisible();
  await visit(manager, `/projects/${slug}/tags/prod`);
  await expect(manager.getByRole("row")).toHaveCount(3);
});

test("one annotator's answers are undone by proposals that a reviewer approves", async ({ site, as }) => {
  const slug = await cut(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/change-sets`);
  await expect(reviewer.getByText("No change set yet")).toBeVisible();
  await reviewer.getByLabel("Annotator", { exact: true }).fill("ann@example.org");
  await reviewer.getByLabel("Since (UTC)").fill("2020-01-01T00:00");
  await reviewer.getByRole("button", { name: "See how many" }).click();
  await expect(reviewer.getByText("Labels meant: 2.", { exact: false })).toBeVisible();
  await reviewer.getByLabel("Why, for the reviewer").fill("Read the old guideline");
  await reviewer.getByRole("button", { name: "Propose to change 2 labels" }).click();
  await expect(reviewer.getByText("The change set is prepared and waits in review.")).toBeVisible();
  await reviewer.getByRole("link", { name: "2 in review" }).click();
  await expect(reviewer.getByText("Proposed: the label before these answers:")).toBeVisible();
  await expect(reviewer.getByText("Read the old guideline").first()).toBeVisible();
  await visit(reviewer, `/projects/${slug}/change-sets`);
  await reviewer.locator("summary", { hasText: "Approve all proposals" }).click();
  await reviewer.getByRole("button", { name: "Approve the next proposals" }).click();
  await expect(reviewer.getByRole("link", { name: "2 approved" })).toBeVisible();
  const api = site.api("manager");
  await api.cut(slug, "Undone");
  expect(await api.labels(slug, "3")).toEqual(await api.labels(slug, "1"));
});
