// What managers and admins set: the project, its labels, guideline and queue, its members, tokens and users.

import { Api } from "../support/api.ts";
import { password, people } from "../support/people.ts";
import { unsureSamples } from "../support/samples.ts";
import { expect, test, visit } from "./fixtures.ts";

test("an admin makes a project with its questions", async ({ site, as }) => {
  const slug = `made-${test.info().project.name}`;
  const admin = await as("admin");
  await visit(admin, "/");
  await admin.getByRole("link", { name: "New project" }).click();
  await admin.getByLabel("Name", { exact: true }).fill("Film reviews 영화");
  await admin.getByLabel("Short name").fill("Not a slug");
  await admin.getByLabel("Question", { exact: true }).fill("Did they like it?");
  await admin.getByLabel("Key of the answer").fill("sentiment");
  await admin.getByLabel("Options", { exact: true }).fill("good = 좋다\nbad = 나쁘다");
  await admin.getByRole("button", { name: "Create the project" }).click();
  await expect(admin.getByText("The name is not of the allowed form.").first()).toBeVisible();

  await admin.getByLabel("Name", { exact: true }).fill("Film reviews 영화");
  await admin.getByLabel("Short name").fill(slug);
  await admin.getByLabel("Question", { exact: true }).fill("Did they like it?");
  await admin.getByLabel("Key of the answer").fill("sentiment");
  await admin.getByLabel("Options", { exact: true }).fill("good = 좋다\nbad = 나쁘다");
  await admin.getByRole("button", { name: "Create the project" }).click();
  await expect(admin).toHaveURL(new RegExp(`/projects/${slug}/settings`));
  const { schema } = await site.api("admin").call("GET", `/projects/${slug}`);
  expect(schema.questions).toMatchObject([
    { name: "sentiment", title: "Did they like it?", options: [{ value: "good", title: "좋다" }, { value: "bad" }] },
  ]);
});

test("a threshold shows how many samples it would queue", async ({ site, as, javaScriptEnabled }) => {
  const slug = await site.project({ samples: unsureSamples(4), queue: { threshold: 1 } });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const queue = manager.locator("#queue");
  await expect(queue).toContainText("A threshold of 1.00 queues 0 of 4 samples");
  await queue.getByLabel("Threshold").fill("0.95");
  if (javaScriptEnabled) await expect(queue).toContainText("A threshold of 0.95 queues 4 of 4 samples");
  await queue.getByRole("button", { name: "Save" }).click();
  await expect(queue.getByText("Saved.")).toBeVisible();
  await visit(manager, `/projects/${slug}`);
  await expect(manager.locator(".loop-stage", { hasText: "waiting" })).toContainText("4");
});

test("what is missing of the overlap is told beside its field", async ({ site, as }) => {
  const slug = await site.project();
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const queue = manager.locator("#queue");
  await queue.getByLabel("At most").fill("4");
  await queue.getByRole("button", { name: "Save" }).click();
  await expect(queue.getByText("“Sure enough at” is missing.")).toBeVisible();
  await expect(queue.getByLabel("Sure enough at")).toHaveAttribute("aria-invalid", "true");
  await queue.getByLabel("At most").fill("4");
  await queue.getByLabel("Sure enough at").fill("0.9");
  await queue.getByRole("button", { name: "Save" }).click();
  await expect(queue.getByText("Saved.")).toBeVisible();
  await expect(queue.getByText("is missing")).toHaveCount(0);
});

test("labels are retitled, added and retired, never deleted", async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(1) });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const form = manager.locator("#schema form").first();
  await form.getByLabel("Title of card_fee").fill("Fee for a card");
  await form.getByLabel("Retire lost_card").check();
  await form.getByLabel("Add options").fill("other = Something else");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(manager.locator("#schema").getByText("Saved.")).toBeVisible();
  await expect(manager.locator("#schema").getByText("Revision 2.")).toBeVisible();

  const ann = await as("ann");
  await visit(ann, `/projects/${slug}/annotate`);
  await ann.getByRole("button", { name: "Start" }).click();
  await expect(ann.getByRole("button", { name: "Fee for a card" })).toBeVisible();
  await expect(ann.getByRole("button", { name: "Something else" })).toBeVisible();
  await expect(ann.getByRole("button", { name: "Lost card" })).toHaveCount(0);
});

test("a guideline is shown as written, without its scripts", async ({ site, as, faults }) => {
  faults.mayFailToLoad(/\/no-such-picture$/);
  const slug = await site.project({ samples: unsureSamples(1) });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const section = manager.locator("#guideline-section");
  const text = '# Cards\n\nChoose **one**.\n\n<script>window.broken = 1</script></textarea><img src="/no-such-picture" onerror="window.broken = 1">';
  await section.getByLabel("Guideline in Markdown").fill(text);
  await section.getByRole("button", { name: "Save" }).click();
  await expect(section.getByText("Saved.")).toBeVisible();
  await visit(manager, `/projects/${slug}/settings`);
  await expect(section.getByLabel("Guideline in Markdown")).toHaveValue(text);

  const ann = await as("ann");
  await visit(ann, `/projects/${slug}/annotate`);
  await ann.getByRole("button", { name: "Start" }).click();
  await expect(ann.locator("#guideline").getByRole("heading", { name: "Cards" })).toBeVisible();
  await expect(ann.locator("#guideline strong")).toHaveText("one");
  await visit(ann, `/projects/${slug}/guideline`);
  await expect(ann.getByRole("heading", { name: "Cards" })).toBeVisible();
  for (const page of [ann, manager]) expect(await page.evaluate(() => "broken" in window)).toBe(false);
});

test("two people who change settings at once do not overwrite each other", async ({ site, as, javaScriptEnabled }) => {
  const slug = await site.project({ name: "Before" });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const admin = site.api("admin");
  const { rev } = await admin.call("GET", `/projects/${slug}`);
  await admin.call("PATCH", `/projects/${slug}`, { rev, name: "By somebody else" });
  await manager.locator("#general").getByLabel("Name").fill("Mine");
  await manager.locator("#general").getByRole("button", { name: "Save" }).click();
  await expect(manager.locator("#general").getByText("Somebody changed it in the meantime.")).toBeVisible();
  // A form without JavaScript comes back with how it stands.
  if (javaScriptEnabled) await manager.getByRole("link", { name: "Show how it stands now" }).click();
  await expect(manager.locator("#general").getByLabel("Name")).toHaveValue("By somebody else");
});

test("members come, change their role and go", async ({ site, as }) => {
  const slug = await site.project({ members: ["manager"] });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/members`);
  const add = async (email: string): Promise<void> => {
    await manager.getByLabel("E-mail address").fill(email);
    await manager.getByRole("button", { name: "Add a member" }).click();
  };
  await add("stranger@example.org");
  await expect(manager.getByText("No user has this e-mail address.")).toBeVisible();
  await add(people.ann.email);
  await expect(manager.getByText("The member is saved.")).toBeVisible();
  const row = manager.getByRole("row").filter({ hasText: people.ann.email });
  await row.getByLabel(`Role of ${people.ann.email}`).selectOption("Reviewer");
  await row.getByRole("button", { name: "Change" }).click();
  await expect
    .poll(async () => (await site.api("admin").call("GET", `/projects/${slug}/members`)).items)
    .toContainEqual(expect.objectContaining({ email: people.ann.email, role: "reviewer" }));
  const ann = await as("ann");
  await visit(ann, `/projects/${slug}/review`);
  await expect(ann.getByRole("heading", { name: "Review", level: 1 })).toBeVisible();

  await row.locator("summary", { hasText: "Remove" }).click();
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(manager.getByText("The member was removed.")).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("a token is shown once, works, and can be ended", async ({ site, as }) => {
  const slug = await site.project();
  const manager = await as("manager");
  await visit(manager, "/account/tokens");
  const name = `pipeline ${slug}`;
  await manager.getByLabel("Name").fill(name);
  await manager.getByRole("button", { name: "Make a token" }).click();
  await expect(manager.getByText("Copy the token now.")).toBeVisible();
  const token = await manager.locator(".tokens-fresh code").innerText();
  const script = new Api(site.url, token.trim());
  expect((await script.send("GET", `/projects/${slug}`)).status).toBe(200);
  expect((await script.send("POST", `/projects/${slug}/claim`, {})).status).toBe(403);

  await visit(manager, "/account/tokens");
  await expect(manager.getByText(token.trim())).toHaveCount(0);
  const row = manager.getByRole("row").filter({ hasText: name });
  await row.locator("summary", { hasText: "Revoke" }).click();
  await row.getByRole("button", { name: "Revoke" }).click();
  await expect(manager.getByText("The token is revoked.")).toBeVisible();
  expect((await script.send("GET", `/projects/${slug}`)).status).toBe(401);
});

test("an admin lets people in and shuts them out", async ({ as }) => {
  const email = `newcomer-${test.info().project.name}@example.org`;
  const admin = await as("admin");
  await visit(admin, "/users");
  await admin.getByLabel("Name", { exact: true }).fill("New Comer");
  await admin.getByLabel("E-mail address").fill(email);
  await admin.getByLabel("First password").fill(password);
  await admin.getByRole("button", { name: "Add a user" }).click();
  await expect(admin.getByText("The account is made.")).toBeVisible();
  const newcomer = await as(email);
  await visit(newcomer, "/");
  await expect(newcomer.getByText("No project yet")).toBeVisible();

  const row = admin.getByRole("row").filter({ hasText: email });
  await row.locator("summary", { hasText: "Disable" }).click();
  await row.getByRole("button", { name: "Disable" }).click();
  await expect(admin.getByText("The account is disabled.")).toBeVisible();
  await visit(newcomer, "/");
  await expect(newcomer).toHaveURL(/\/sign-in/);
  await row.getByRole("button", { name: `Enable ${email}` }).click();
  await expect(admin.getByText("The account works again.")).toBeVisible();
});

test("an archived project can be read and no longer changed", async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(1) });
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  await manager.locator("summary", { hasText: "Archive this project" }).click();
  await manager.getByRole("button", { name: "Archive for good" }).click();
  await expect(manager).toHaveURL(new RegExp(`/projects/${slug}$`));
  await visit(manager, `/projects/${slug}/settings`);
  await expect(manager.getByText("This project is archived")).toBeVisible();
  expect((await site.api("ann").send("POST", `/projects/${slug}/claim`, {})).status).toBe(409);
});

test("splits can be set until the project has a version", async ({ site, as }) => {
  const slug = await site.project({});
  const manager = await as("manager");
  await visit(manager, `/projects/${slug}/settings`);
  const split = manager.locator("#split");
  await split.getByLabel("Share for the test").fill("0.25");
  await split.getByLabel("Keep together by").fill("conversation");
  await split.getByRole("button", { name: "Save" }).click();
  await expect(split.getByText("Saved.")).toBeVisible();
  const { settings } = await site.api("manager").call("GET", `/projects/${slug}`);
  expect(settings.split).toMatchObject({ test: 0.25, validation: 0.1, by: "conversation", test_reviewers: 1 });

  const labelled = JSON.stringify({ id: "a", fields: { text: "x" }, label: { intent: "card_fee" } });
  await site.api("manager").call("POST", `/projects/${slug}/samples`, labelled, "application/x-ndjson");
  await visit(manager, `/projects/${slug}/settings`);
  await split.getByLabel("Share for the test").fill("0.5");
  await split.getByRole("button", { name: "Save" }).click();
  await expect(split).toContainText("its samples stay in their splits");
});
