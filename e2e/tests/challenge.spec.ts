// Relabelling: samples are found and challenged from their list, reviewers see what was before, and the yield page says
// what came of it.

import { expect, test, visit } from "./fixtures.ts";

const known = (id: string, intent: string) => ({
  id,
  fields: { text: `A message that has a label: ${id}.` },
  label: { intent },
});

test("ticked samples are challenged, and the reviewer sees their earlier labels", async ({ site, as }) => {
  const samples = [known("known-1", "card_fee"), known("known-2", "lost_card"), known("known-3", "card_fee")];
  const slug = await site.project({ samples });
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/samples`);
  await reviewer.getByRole("checkbox", { name: "Select known-1" }).check();
  await reviewer.getByRole("checkbox", { name: "Select known-3" }).check();
  await reviewer.locator("summary", { hasText: "Challenge labels" }).click();
  await reviewer.getByLabel("Why, for the reviewer").fill("These look like arrivals.");
  await reviewer.getByRole("button", { name: "Challenge the selected samples" }).click();
  await expect(reviewer.getByText("Challenged: 2.")).toBeVisible();

  for (const who of ["ann", "ben"] as const) {
    await site.api(who).answer(slug, { "known-1": "card_arrival", "known-3": "card_fee" });
  }
  const item = reviewer.getByRole("region", { name: "Task" });
  const show = async () => {
    const { task } = (await site.api("reviewer").review(slug))["known-1"];
    await visit(reviewer, `/projects/${slug}/review?task=${task}`);
  };
  await show();
  await expect(item).toContainText("These look like arrivals.");
  await expect(item.locator(".review-earlier")).toHaveCount(0);

  await site.api("reviewer").decide(slug, "known-1", { decision: "approve" });
  await site.api("reviewer").decide(slug, "known-3", { decision: "approve" });
  await visit(reviewer, `/projects/${slug}/yield`);
  const row = reviewer.getByRole("row").filter({ hasText: /challenge/i });
  await expect(row.getByRole("cell").nth(0)).toHaveText("2");
  await expect(row).toContainText("50");

  await site.api("manager").cut(slug, "Challenged");
  await site.api("reviewer").call("POST", `/projects/${slug}/challenges`, { ids: ["known-1"], note: "Or is it?" });
  for (const who of ["ann", "ben"] as const) await site.api(who).answer(slug, { "known-1": "card_fee" });
  await show();
  await expect(item).toContainText("Or is it?");
  await item.locator("summary", { hasText: "Earlier rounds: 1, earlier labels: 1" }).click();
  await expect(item.locator(".review-earlier")).toContainText("Card fee");
});
