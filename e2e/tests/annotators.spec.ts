// What people's answers are like: managers see everybody by name and each person, everybody sees their own page, which
// leads to the guideline and compares nobody.

import type { Site } from "../support/site.ts";
import { unsureSamples } from "../support/samples.ts";
import { people } from "../support/people.ts";
import { expect, test, visit } from "./fixtures.ts";

/** Six samples become arrivals and six lost cards. Ann takes two of the lost ones for arrivals, Ben none. */
async function decided(site: Site): Promise<string> {
  const slug = await site.project({ samples: unsureSamples(12), guideline: "# Lost or late\n\nAsk where it is." });
  const label = (number: number) => (number <= 6 ? "card_arrival" : "lost_card");
  const said = (arrivals: number) =>
    Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`s${at + 1}`, at < arrivals ? "card_arrival" : "lost_card"]),
    );
  await site.api("ann").answer(slug, said(8));
  await site.api("ben").answer(slug, said(6));
  for (let number = 1; number <= 12; number += 1) {
    const answers = { intent: label(number) };
    await site.api("reviewer").decide(slug, `s${number}`, { decision: "correct", answers });
  }
  return slug;
}

test("a manager sees everybody by name, and what one of them mixes up", async ({ site, as }) => {
  const slug = await decided(site);
  const page = await as("manager");
  await visit(page, `/projects/${slug}`);
  await page.getByRole("navigation").getByRole("link", { name: "Annotators" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Annotators" })).toBeVisible();
  await expect(page.locator(".people tbody th")).toHaveText([people.ann.email, people.ben.email]);
  const ann = page.getByRole("row").filter({ hasText: people.ann.email });
  await expect(ann).toContainText("83.3%");
  await expect(ann).toContainText("10 of 12");

  await ann.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: people.ann.email })).toBeVisible();
  await expect(page.locator(".mix-up")).toContainText("Answered Card arrival where Lost card is final");
  await expect(page.locator(".mix-up")).toContainText("2 of 6");
  const lost = page.locator(".heat").getByRole("row").filter({ hasText: "Lost card" }).last();
  await expect(lost.locator(".heat-cell")).toHaveText(["2 33.3%", "4 66.7%"]);
  await expect(page.getByRole("row").filter({ hasText: "Uncertain prediction" })).toContainText("10 of 12");
  await page.getByRole("link", { name: "All annotators" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Annotators" })).toBeVisible();
});

test("one's own page says kindly what to look at again, and nothing of others", async ({ site, as }) => {
  const slug = await decided(site);
  const page = await as("ann");
  await visit(page, `/projects/${slug}/answers`);
  await page.getByRole("link", { name: "Looking back at my answers" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Looking back at my answers" })).toBeVisible();
  await expect(page.getByText("is not a grade")).toBeVisible();
  await expect(page.locator(".mix-up")).toContainText("You answered Card arrival, the label became Lost card");
  await expect(page.getByRole("main")).not.toContainText("@example.org");
  await expect(page.getByRole("main")).not.toContainText("Uncertain prediction");
  await page.getByRole("link", { name: "To the guideline" }).click();
  await expect(page.getByRole("heading", { name: "Lost or late" })).toBeVisible();
});

test("before five answers are decided one's own page shows no share", async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(2) });
  for (const who of ["ann", "ben"] as const) await site.api(who).answer(slug, { s1: "card_arrival" });
  await site.api("reviewer").decide(slug, "s1", { decision: "approve" });
  const page = await as("ann");
  await visit(page, `/projects/${slug}/my-work`);
  await expect(page.getByText("Your answers that count: 1. Of them decided: 1.")).toBeVisible();
  await expect(page.getByText("Shown from 5 decided answers on").first()).toBeVisible();
  await expect(page.locator(".statistic-number")).toHaveCount(0);
  await expect(page.locator(".heat")).toHaveCount(0);
});

test.describe("in Korean", () => {
  test.use({ locale: "ko-KR" });

  test("the pages speak Korean", async ({ site, as }) => {
    const slug = await decided(site);
    const own = await as("ann", { locale: "ko-KR" });
    await visit(own, `/projects/${slug}/my-work`);
    await expect(own.getByRole("heading", { level: 1, name: "내 답변 돌아보기" })).toBeVisible();
    await expect(own.locator(".mix-up")).toContainText("내 답변은 Card arrival, 최종 라벨은 Lost card");
    const manager = await as("manager", { locale: "ko-KR" });
    await visit(manager, `/projects/${slug}/annotators`);
    await expect(manager.getByRole("heading", { level: 1, name: "라벨러" })).toBeVisible();
    await expect(manager.getByRole("row").filter({ hasText: people.ann.email })).toContainText("12개 중 10개");
  });
});
