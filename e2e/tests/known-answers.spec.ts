// Samples whose answers are known: marked by a manager, mixed into what people are given, and what follows where
// somebody is often wrong.

import type { Sample } from "../support/api.ts";
import { unsureSamples } from "../support/samples.ts";
import { expect, runsScripts, test, visit } from "./fixtures.ts";

/** Samples with a stored label, about which nobody is asked otherwise. */
function labelled(count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `k${at + 1}`,
    fields: { text: `Where is card number ${at + 1}?` },
    label: { intent: "card_arrival" },
  }));
}

test("a manager marks a sample on its page, with its label or with another answer", async ({ site, as }) => {
  const slug = await site.project({ samples: labelled(2) });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/samples/k1`);
  await manager.getByText("Mark as known answer…").click();
  await expect(manager.getByLabel("What does the customer want?")).toHaveValue("card_arrival");
  await manager.getByLabel("What does the customer want?").selectOption("lost_card");
  await manager.getByRole("button", { name: "Mark", exact: true }).click();
  await expect(manager.getByText("The sample is marked.")).toBeVisible();
  const part = manager
    .locator(".sample-part")
    .filter({ has: manager.getByRole("heading", { name: "Known answer", exact: true }) });
  await expect(part).toContainText("Lost card");
  const { items } = await site.api("manager").call("GET", `/projects/${slug}/known-answers`);
  expect(items).toMatchObject([{ sample: "k1", answers: { intent: "lost_card" }, kept_back: null, answered: 0 }]);

  await manager.getByRole("link", { name: "All known answers" }).click();
  await expect(manager.getByRole("heading", { name: "Known answers", level: 1 })).toBeVisible();
  await expect(manager.getByText("None is served: the rate is 0.")).toBeVisible();
  const row = manager.getByRole("row", { name: /k1/ });
  await expect(row.getByRole("cell", { name: "served", exact: true })).toBeVisible();
  await row.getByText("Take the mark back…").click();
  await row.getByRole("button", { name: "Take it back" }).click();
  await expect(manager.getByText("The mark is taken back.")).toBeVisible();
  await expect(manager.getByText("No sample is marked")).toBeVisible();

  // Reviewers do not learn which samples are known.
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/samples/k1`);
  await expect(reviewer.getByText("Mark as known answer…")).toHaveCount(0);
});

test("the settings say how often, from which level on, and whether it pauses", async ({ site, as }) => {
  const slug = await site.project({ samples: labelled(1) });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const section = manager.locator("#quality");
  await section.getByLabel("Share of claimed tasks").fill("0.1");
  await section.getByLabel("Level", { exact: true }).fill("0.8");
  await section.getByLabel(/A notice also pauses/).check();
  await section.getByRole("button", { name: "Save" }).click();
  await expect(section.getByText("Saved.")).toBeVisible();
  const api = site.api("manager");
  expect((await api.call("GET", `/projects/${slug}`)).settings.quality).toEqual({
    known_answer_rate: 0.1,
    level: 0.8,
    pause: true,
  });
  await visit(manager, `/projects/${slug}/settings`);
  await section.getByLabel("Level", { exact: true }).fill("");
  await section.getByRole("button", { name: "Save" }).click();
  await expect(section.getByText("Saved.")).toBeVisible();
  expect((await api.call("GET", `/projects/${slug}`)).settings.quality.level).toBeNull();
});

test("whoever is often wrong is told kindly and paused, and goes on when a manager says so", async ({ site, as }) => {
  const slug = await site.project({
    samples: [...unsureSamples(8), ...labelled(7)],
    settings: { quality: { known_answer_rate: 1, level: 0.8, pause: true } },
  });
  const api = site.api("manager");
  const samples = labelled(7).map(({ id }) => ({ id }));
  await api.call("POST", `/projects/${slug}/known-answers`, { samples });
  const ann = await as("ann");
  await visit(ann, `/projects/${slug}/annotate`);
  await ann.getByRole("button", { name: "Start" }).click();
  for (let answered = 1; answered <= 5; answered += 1) {
    await expect(ann.getByText(/Where is card number/)).toBeVisible();
    await ann.getByRole("button", { name: "Card fee" }).click();
    await expect(ann.locator(".annotate-position")).toContainText(`${answered} today`);
  }
  // What is held may be finished.
  await expect(async () => {
    const rest = ann.getByRole("button", { name: "Card fee" });
    if (await rest.isVisible()) await rest.click();
    await expect(ann.getByRole("heading", { name: "A pause for now" })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(ann.getByText(/Some of your recent answers differ/)).toBeVisible();
  await expect(ann.getByText(/A manager of this project can let you go on/)).toBeVisible();
  const seen = runsScripts()
    ? ann.waitForResponse((answer) => answer.url().includes("/api/see_notice"))
    : undefined;
  await ann.getByRole("button", { name: "Understood" }).click();
  await seen;
  await expect(ann.getByText(/Some of your recent answers differ/)).toHaveCount(0);
  await visit(ann, `/projects/${slug}`);
  await expect(ann.getByRole("heading", { name: "A pause for now" })).toBeVisible();
  await expect(ann.getByRole("link", { name: "Annotate", exact: true })).toHaveCount(1);
  await visit(ann, `/projects/${slug}/answers`);
  await expect(ann.getByText(/You are paused/)).toBeVisible();
  await expect(ann.getByText("0 of your last 5 answers that could be compared were as expected.")).toBeVisible();

  const manager = await as("manager");
  await visit(manager, `/projects/${slug}`);
  await manager.getByRole("link", { name: "Talk with people whose answers fell below the level: 1" }).click();
  await expect(manager.getByText("ann@example.org").first()).toBeVisible();
  await expect(manager.getByText(/0 of 5 right, below 80%/)).toBeVisible();
  await expect(manager.getByText(/They have seen it/)).toBeVisible();
  await visit(manager, `/projects/${slug}/members`);
  const row = manager.getByRole("row", { name: /ann@example.org/ });
  await expect(row).toContainText("paused");
  await row.getByRole("button", { name: "Resume" }).click();
  await expect(manager.getByText("The member can go on.")).toBeVisible();
  await expect(row).not.toContainText("paused");
  const { items } = await api.call("GET", `/projects/${slug}/notices`);
  expect(items).toMatchObject([{ annotator: "ann@example.org", closed_by: "manager@example.org", withdrawn: false }]);
  await visit(manager, `/projects/${slug}/known-answers`);
  await expect(manager.getByText("No answer since the last notice was closed")).toBeVisible();
  await expect(manager.locator("#earlier").getByRole("row", { name: /ann@example.org/ })).toContainText(
    "closed by manager@example.org",
  );

  await visit(ann, `/projects/${slug}/annotate`);
  await expect(ann.getByRole("heading", { name: "A pause for now" })).toHaveCount(0);
  await ann.getByRole("button", { name: /Start|Look again/ }).click();
  await expect(ann.getByRole("button", { name: "Card fee" })).toBeVisible();
});

test("an admin who is no member is resumed on the page of members", async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(1) });
  const admin = site.api("admin");
  await admin.call("DELETE", `/projects/${slug}/members/admin@example.org`);
  await admin.call("POST", `/projects/${slug}/claim`, {});
  await site.api("manager").call("POST", `/projects/${slug}/members/admin@example.org/pause`, {});
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/members`);
  await expect(manager.getByText("Paused, and no members")).toBeVisible();
  await manager.getByRole("row", { name: /admin@example.org/ }).getByRole("button", { name: "Resume" }).click();
  await expect(manager.getByText("The member can go on.")).toBeVisible();
  await expect(manager.getByText("Paused, and no members")).toHaveCount(0);
});

test("a manager pauses and resumes by hand", async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(1) });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/members`);
  const row = manager.getByRole("row", { name: /ben@example.org/ });
  await row.getByText("Pause…").click();
  await row.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(manager.getByText("The member is paused.")).toBeVisible();
  const ben = await as("ben");
  await visit(ben, `/projects/${slug}/annotate`);
  await expect(ben.getByRole("heading", { name: "A pause for now" })).toBeVisible();
  await visit(manager, `/projects/${slug}/members`);
  await row.getByRole("button", { name: "Resume" }).click();
  await expect(manager.getByText("The member can go on.")).toBeVisible();
  await visit(ben, `/projects/${slug}/annotate`);
  await ben.getByRole("button", { name: "Start" }).click();
  await expect(ben.getByText("Message number 1.")).toBeVisible();
});
