// Versions: what is staged, the cut, what a version changed, its tags, going back, and the commands that export it.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { people } from "../support/people.ts";
import { unsure } from "../support/samples.ts";
import type { Site } from "../support/site.ts";
import { expect, test, visit } from "./fixtures.ts";

/** Version 1 is an import; a correction and a new label are staged. */
async function staged(site: Site): Promise<string> {
  const samples = [
    unsure("changed", "Where is it?", 0.01, { label: { intent: "lost_card" } }),
    unsure("new", "What does it cost?", 0.02),
    { id: "same", fields: { text: "I lost it." }, label: { intent: "lost_card" } },
  ];
  const slug = await site.project({ samples, queue: { overlap: 1 } });
  await site.api("ann").answer(slug, { changed: "card_arrival", new: "card_fee" });
  await site.api("reviewer").decide(slug, "changed", { decision: "approve" });
  await site.api("reviewer").decide(slug, "new", { decision: "approve" });
  return slug;
}

test("a cut names what it changes, and the version shows it", async ({ site, as }) => {
  const slug = await staged(site);
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/versions`);
  const row = manager.getByRole("row").filter({ hasText: "changed" });
  await expect(row).toContainText("Lost card");
  await expect(row).toContainText("Card arrival");
  await expect(row).toContainText("reviewer@example.org");
  await manager.getByLabel("Message").fill("First <b>round</b> 첫 번째");
  await manager.getByRole("button", { name: "Cut version 2" }).click();
  await expect(manager.getByRole("heading", { name: "Version 2" })).toBeVisible();
  await expect(manager.getByText("First <b>round</b> 첫 번째")).toBeVisible();
  const { digest } = await site.api("manager").call("GET", `/projects/${slug}/versions/2`);
  await expect(manager.getByText(digest)).toBeVisible();
  const change = manager.getByRole("row").filter({ hasText: "reviewer" });
  await expect(change).toHaveCount(2);

  await manager.getByRole("link", { name: "All versions" }).click();
  await expect(manager.getByText("Nothing is staged.")).toBeVisible();
  await expect(manager.locator(".history-entry")).toHaveCount(2);
});

test("a cut on top of what one has not seen is refused", async ({ site, as }) => {
  const slug = await staged(site);
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/versions`);
  await manager.getByLabel("Message").fill("Mine");
  await site.api("manager").import(slug, [{ id: "late", fields: { text: "New." }, label: { intent: "card_fee" } }]);
  await manager.getByRole("button", { name: "Cut version 2" }).click();
  await expect(manager.getByText("Somebody made a version after you opened this page.")).toBeVisible();
  await manager.getByLabel("Message").fill("Mine, now seen");
  await manager.getByRole("button", { name: "Cut version 3" }).click();
  await expect(manager.getByRole("heading", { name: "Version 3" })).toBeVisible();
});

test("tags name versions, and move", async ({ site, as }) => {
  const slug = await staged(site);
  await site.api("manager").cut(slug, "Second", "prod");
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/versions/1`);
  await manager.getByLabel("Tag", { exact: true }).fill("latest");
  await manager.getByRole("button", { name: "Set the tag" }).click();
  await expect(manager.getByText("The name is not of the allowed form.").first()).toBeVisible();
  await manager.getByLabel("Tag", { exact: true }).fill("prod");
  await manager.getByRole("button", { name: "Set the tag" }).click();
  await expect(manager.getByText("The tag names this version now.")).toBeVisible();
  expect((await site.api("reviewer").call("GET", `/projects/${slug}/versions/prod`)).number).toBe(1);
  await manager.locator("summary", { hasText: "Delete" }).click();
  await manager.getByRole("button", { name: "Delete the tag" }).click();
  await expect(manager.getByText("No tag names this version.")).toBeVisible();
});

test("going back makes a new version with the old labels", async ({ site, as }) => {
  const slug = await staged(site);
  const api = site.api("manager");
  const before = await api.labels(slug, "1");
  await api.cut(slug, "A mistake");
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/versions/1`);
  await manager.locator("summary", { hasText: "Revert to version 1" }).click();
  await manager.getByLabel("Message").fill("Back to the import");
  await manager.getByRole("button", { name: "Make version 3" }).click();
  await expect(manager.getByRole("heading", { name: "Version 3" })).toBeVisible();
  expect(await api.labels(slug, "3")).toEqual(before);
});

test("the commands of the export page work as they are", async ({ site, as }) => {
  const slug = await staged(site);
  const reviewer = await as("reviewer");
  await visit(reviewer, `/projects/${slug}/export`);
  await reviewer.getByLabel("Version", { exact: true }).selectOption("1");
  await reviewer.getByLabel("Format").selectOption("CSV");
  await reviewer.getByRole("button", { name: "Update the commands" }).click();
  await expect(reviewer).toHaveURL(/version=1&format=csv/);
  const command = await reviewer.locator("pre", { hasText: "curl" }).innerText();
  expect(command).toContain("version=1");
  expect(command).toContain("format=csv");
  const whose = ["--email", people.reviewer.email, "--name", slug];
  const token = await site.server.run(["token", "create", ...whose, "--scopes", "read"]);
  const folder = test.info().outputPath("export");
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, RELABEL_TOKEN: token };
  const ran = spawnSync("sh", ["-c", command], { cwd: folder, env, encoding: "utf8" });
  expect(ran.status, ran.stderr).toBe(0);
  const text = readFileSync(`${folder}/${slug}-1.csv`, "utf8");
  expect(text).toContain("changed,");
  expect(text).toContain("lost_card");
});

test("a version has a data card, with the licence of the settings, to read and to take away", async ({ site, as }) => {
  const slug = await staged(site);
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const form = manager.locator("#card");
  await form.getByLabel("Licence of the data").fill("CC-BY-4.0");
  await form.getByLabel("Known limits").fill("Only <b>English</b>.");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Saved.")).toBeVisible();

  await visit(manager, `/projects/${slug}/versions/1`);
  const section = manager.locator("#card");
  await section.getByRole("link", { name: "Show the data card" }).click();
  await expect(section.getByRole("heading", { name: "Known limits" })).toBeVisible();
  await expect(section.getByText("CC-BY-4.0")).toBeVisible();
  await expect(section.getByText("Only <b>English</b>.")).toBeVisible();
  const download = manager.waitForEvent("download");
  await section.getByRole("link", { name: "Download as Markdown" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text.startsWith("---\npretty_name: ")).toBe(true);
  expect(text).toContain("license: cc-by-4.0");
});
