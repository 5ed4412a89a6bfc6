// How far people agree: what the page tells of three people's answers, and where each part of it leads.

import { unsure } from "../support/samples.ts";
import type { Site } from "../support/site.ts";
import { expect, test, visit } from "./fixtures.ts";

const LABELS = ["card_arrival", "lost_card"];

/** Six samples, of which two people from elsewhere differ about one. */
async function answered(site: Site): Promise<string> {
  const ids = ["s1", "s2", "s3", "s4", "s5", "s6"];
  const slug = await site.project({ samples: ids.map((id) => unsure(id, `Text of ${id}.`, 0.01)) });
  const given = (id: string, annotator: string, intent: string | undefined) =>
    JSON.stringify({ id, annotator, answers: { intent } });
  const lines = ids.flatMap((id, n) => [
    given(id, "Xena", LABELS[n % 2]),
    given(id, "Yuri", id === "s2" ? "card_arrival" : LABELS[n % 2]),
  ]);
  await site.api("manager").call("POST", `/projects/${slug}/annotations`, lines.join("\n"), "application/x-ndjson");
  return slug;
}

test("the page tells how far people agree, on what, and what they differ about", async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/agreement`);
  await expect(reviewer.getByText("6 of 6 samples were answered by two or more people")).toBeVisible();
  // 5 of 6 pairs agree; of twelve answers seven are one label and five the other: by chance 62/132.
  const row = (name: string) => reviewer.locator(".statistic").filter({ has: reviewer.getByText(name, { exact: true }) });
  await expect(row("Percent agreement")).toContainText("83.3%");
  await expect(row("Krippendorff’s alpha")).toContainText("0.69");
  await expect(row("Scott’s pi")).toContainText("0.66");

  await reviewer.getByTitle("Lost card beside Card arrival: 1").click();
  await expect(reviewer.getByRole("heading", { name: "Lost card ↔ Card arrival" })).toBeVisible();
  await reviewer.goBack();
  await reviewer.getByRole("link", { name: "s2", exact: true }).click();
  await expect(reviewer.getByRole("heading", { name: "s2" })).toBeVisible();
});

test("labels may be an order, and an undefined value says why", async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/agreement`);
  await expect(reviewer.getByText("Gwet’s AC2, linear weights")).toHaveCount(0);
  await reviewer.getByLabel("Labels are").selectOption("numbers, by difference");
  await reviewer.getByRole("button", { name: "Show", exact: true }).click();
  await expect(reviewer).toHaveURL(/level=interval/);
  const linear = reviewer.locator(".statistic").filter({ hasText: "Gwet’s AC2, linear weights" });
  await expect(linear).toContainText("undefined Not all labels are numbers.");
  await expect(reviewer.getByText("“Undefined” is not zero")).toBeVisible();
  await reviewer.getByLabel("Labels are").selectOption("in an order");
  await reviewer.getByRole("button", { name: "Show", exact: true }).click();
  await expect(linear).toContainText("0.68");
  await reviewer.getByRole("link", { name: "Show everything" }).click();
  await expect(linear).toHaveCount(0);
});

test("a choice without answers says so, and a day is one of the project's", async ({ site, as }) => {
  const slug = await answered(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/agreement?from=2020-01-01&to=2020-01-31`);
  await expect(reviewer.getByText("No answers to compare")).toBeVisible();
  await reviewer.getByRole("link", { name: "Show everything" }).click();
  await expect(reviewer.getByText("6 of 6 samples")).toBeVisible();
});
