// Uploading a file in the browser: checked first, refused with the place of every problem, or taken in.

import type { Page } from "@playwright/test";
import { unsure } from "../support/samples.ts";
import { expect, test, visit } from "./fixtures.ts";

const upload = (page: Page) => page.locator("form").filter({ has: page.getByRole("button", { name: "Check only" }) });

async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  await upload(page)
    .getByLabel("File", { exact: true })
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
}

test("a file is checked, then imported", async ({ site, as, javaScriptEnabled }) => {
  const slug = await site.project();
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/upload`);
  const csv = '\ufeffid,text,intent,metadata.channel\r\nc1,"One, ""quoted""\r\nline",lost_card,chat\r\nc2,한글 메시지,,\r\n';
  await choose(manager, "messages.csv", csv);
  await upload(manager).getByRole("button", { name: "Check only" }).click();
  await expect(manager.getByText("Lines: 2, wrong: 0.")).toBeVisible();
  await expect(manager.getByRole("cell", { name: "c1", exact: true })).toBeVisible();
  await expect(manager.getByRole("cell", { name: "한글 메시지" })).toBeVisible();
  expect((await site.api("manager").call("GET", `/projects/${slug}/samples`)).items).toEqual([]);

  // With JavaScript the file stays chosen.
  if (!javaScriptEnabled) await choose(manager, "messages.csv", csv);
  await upload(manager).getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("The file was imported.")).toBeVisible();
  await manager.getByRole("link", { name: "Version 1" }).click();
  await expect(manager.getByRole("heading", { name: "Version 1" })).toBeVisible();

  const sample = await site.api("manager").call("GET", `/projects/${slug}/samples/c1`);
  expect(sample.fields).toEqual({ text: 'One, "quoted"\r\nline' });
  expect(sample.metadata).toEqual({ channel: "chat" });
  expect(await site.api("manager").labels(slug)).toEqual({ c1: { intent: "lost_card" } });
  await visit(manager, `/projects/${slug}/imports`);
  await expect(manager.getByText(/^Import \d+$/)).toHaveCount(1);
  await expect(manager.locator(".imports").getByText("manager@example.org")).toBeVisible();
});

test("every problem is shown with its line, and nothing is kept", async ({ site, as }) => {
  const slug = await site.project();
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/upload`);
  const lines = [
    { id: "ok", fields: { text: "Fine." } },
    '{"id": "broken", ',
    { id: "twice", fields: { text: "Fine." } },
    { id: "twice", fields: { text: "Again." } },
    { id: "option", fields: { text: "Fine." }, label: { intent: "no_such_option" } },
    { id: "question", fields: { text: "Fine." }, label: { colour: "red" } },
    { id: "chance", fields: { text: "Fine." }, predictions: [{ model: "m", question: "intent", probs: { lost_card: 1.5 } }] },
    { id: "type", fields: { text: 7 } },
  ];
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  await choose(manager, "messages.jsonl", text);
  await upload(manager).getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("Nothing of the file was kept.")).toBeVisible();
  const expected = [
    [2, "malformed"],
    [4, "duplicate_id"],
    [5, "unknown_option"],
    [6, "unknown_question"],
    [7, "invalid_probability"],
    [8, "wrong_type"],
  ] as const;
  for (const [line, code] of expected) {
    const row = manager.getByRole("row").filter({ has: manager.getByRole("cell", { name: String(line), exact: true }) });
    await expect(row.filter({ hasText: code }), `line ${line}`).not.toHaveCount(0);
  }
  expect((await site.api("manager").call("GET", `/projects/${slug}/samples`)).items).toEqual([]);

  // The same file, its wrong lines left out.
  await choose(manager, "messages.jsonl", text);
  await upload(manager).locator("summary", { hasText: "Options" }).click();
  await upload(manager).getByLabel("If a line is wrong").selectOption("leave that line out");
  await upload(manager).getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("The file was imported.")).toBeVisible();
  const kept = (await site.api("manager").call("GET", `/projects/${slug}/samples`)).items;
  expect(kept.map((sample: any) => sample.id)).toEqual(["ok", "twice"]);
});

test("what another program exported is taken in as it is", async ({ site, as }) => {
  const slug = await site.project();
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/upload`);
  const result = [{ from_name: "intent", to_name: "text", type: "choices", value: { choices: ["lost_card"] } }];
  const annotations = [1, 2].map((completed_by) => ({ completed_by, result }));
  await choose(manager, "export.json", JSON.stringify([{ id: 7, data: { text: "카드를 잃어버렸어요 😡" }, annotations }]));
  await upload(manager).getByLabel("File written by").selectOption("Label Studio");
  await upload(manager).getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("The file was imported.")).toBeVisible();
  expect(await site.api("manager").labels(slug)).toEqual({ 7: { intent: "lost_card" } });
});

test("a file that is no text, or of no known kind, is refused in words", async ({ site, as }) => {
  const slug = await site.project();
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/upload`);
  await choose(manager, "messages.jsonl", Buffer.from([0x7b, 0xff, 0xfe, 0x0a]));
  await upload(manager).getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("The text is not valid UTF-8.").first()).toBeVisible();
  await choose(manager, "messages.xlsx", "PK");
  await upload(manager).getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("This kind of file cannot be read.")).toBeVisible();
  await choose(manager, "messages.csv", "");
  await upload(manager).getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("Something that is needed is empty.").first()).toBeVisible();
});

test("users' reports open tasks", async ({ site, as }) => {
  const slug = await site.project({ samples: [{ id: "a", fields: { text: "Where is it?" } }] });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/upload`);
  const more = manager.locator("form").filter({ has: manager.getByLabel("The file holds") });
  await more.getByLabel("The file holds").selectOption("User reports");
  const report = JSON.stringify({ id: "a", kind: "wrong", note: "<b>Wrong</b>" });
  await more.getByLabel("File", { exact: true }).setInputFiles({ name: "r.jsonl", mimeType: "text/plain", buffer: Buffer.from(report) });
  await more.getByRole("button", { name: "Import" }).click();
  await expect(manager.getByText("The file was imported.")).toBeVisible();
  const { tasks } = await site.api("manager").call("GET", `/projects/${slug}/samples/a`);
  expect(tasks.map((task: any) => task.reason.kind)).toEqual(["user_report"]);
});

test("what people answered elsewhere is taken in, and what was known is told", async ({ site, as }) => {
  const samples = ["s1", "s2"].map((id) => unsure(id, `Text of ${id}.`, 0.01));
  const slug = await site.project({ samples });
  const manager = await as("manager");
  const more = manager.locator("form").filter({ has: manager.getByLabel("The file holds") });
  const line = (id: string, annotator: string) => JSON.stringify({ id, annotator, answers: { intent: "lost_card" } });
  const send = async (lines: string[]) => {
    await visit(manager, `/projects/${slug}/upload`);
    await more.getByLabel("The file holds").selectOption("People's answers");
    const buffer = Buffer.from(lines.join("\n"));
    await more.getByLabel("File", { exact: true }).setInputFiles({ name: "answers.jsonl", mimeType: "text/plain", buffer });
    await more.getByRole("button", { name: "Import" }).click();
  };
  await send([line("s1", "Xena"), line("s1", "Yuri"), line("s2", "Xena"), line("s1", "Xena")]);
  await expect(manager.getByText("The file was imported.")).toBeVisible();
  await expect(manager.getByRole("row").filter({ hasText: "duplicate_id" })).toContainText("4");
  const review = await site.api("reviewer").review(slug);
  expect(Object.keys(review)).toEqual(["s1"]);
  await send([line("nobody-knows-it", "Xena")]);
  await expect(manager.getByText("Nothing of the file was kept.")).toBeVisible();
  await expect(manager.getByRole("row").filter({ hasText: "unknown_sample" })).toContainText("1");
});
