// The annotation screen: every key, the way back, texts that try to be something else, a network that goes away, and
// what an annotator must not learn.

import type { Page } from "@playwright/test";
import { unsure, unsureSamples } from "../support/samples.ts";
import { expect, ready, test, visit } from "./fixtures.ts";

const saved = (page: Page) => page.getByText("saved", { exact: true });

/** Opens the annotation screen and takes tasks. */
async function start(page: Page, slug: string): Promise<void> {
  await visit(page, `/projects/${slug}/annotate`);
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByRole("region", { name: "Sample" })).toBeVisible();
}

test("one key answers, and the next sample comes without loading a page", { tag: "@js" }, async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(5), queue: { overlap: 1 } });
  const ann = await as("ann");
  await start(ann, slug);
  await ann.evaluate(() => Object.assign(window, { stillThere: true }));
  const sample = ann.getByRole("region", { name: "Sample" });

  await expect(sample).toContainText("Message number 1.");
  await expect(sample).toBeFocused();
  await expect(ann.getByText("0 today, 5 waiting")).toBeVisible();
  await ann.keyboard.press("2");
  await expect(sample).toContainText("Message number 2.");
  await expect(ann.getByText("Last: Lost card")).toBeVisible();
  await expect(ann.getByText("1 today, 4 waiting")).toBeVisible();
  await ann.keyboard.press("a");
  await expect(sample).toContainText("Message number 3.");
  await expect(ann.getByText("Last: Ambiguous")).toBeVisible();
  await ann.keyboard.press("x");
  await expect(sample).toContainText("Message number 4.");
  await ann.keyboard.press("b");
  await expect(sample).toContainText("Message number 5.");

  await ann.keyboard.press("n");
  await ann.keyboard.type("2 fees, 1 card");
  await ann.keyboard.press("Escape");
  await ann.keyboard.press("3");
  await expect(ann.getByText("Nothing is waiting for you")).toBeVisible();
  await expect(saved(ann)).toBeVisible();
  expect(await ann.evaluate(() => "stillThere" in window)).toBe(true);

  const review = await site.api("reviewer").review(slug);
  const given = (id: string) => review[id].annotations[0];
  expect(given("s1")).toMatchObject({ verdict: "answered", answers: { intent: "lost_card" }, note: null });
  expect(given("s2").verdict).toBe("ambiguous");
  expect(given("s3").verdict).toBe("none_fits");
  expect(given("s4").verdict).toBe("bad_sample");
  expect(given("s5")).toMatchObject({ answers: { intent: "card_fee" }, note: "2 fees, 1 card" });
});

test("keys do nothing while a modifier is held or a note is written", { tag: "@js" }, async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(2), queue: { overlap: 1 } });
  const ann = await as("ann");
  await start(ann, slug);
  await ann.keyboard.press("Control+1");
  await ann.keyboard.press("Alt+s");
  await ann.keyboard.press("n");
  await ann.keyboard.type("sub1u");
  await expect(ann.getByLabel("Note for the reviewer")).toHaveValue("sub1u");
  await expect(ann.getByText("Message number 1.")).toBeVisible();
  await expect(ann.getByText("Nothing to take back")).toBeVisible();
});

test("undo brings the last sample back, and a skip never returns", { tag: "@js" }, async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(3), queue: { overlap: 1 } });
  const ann = await as("ann");
  await start(ann, slug);
  const sample = ann.getByRole("region", { name: "Sample" });
  await ann.keyboard.press("1");
  await expect(sample).toContainText("Message number 2.");
  await ann.keyboard.press("u");
  await expect(sample).toContainText("Message number 1.");
  await expect(ann.getByText("Taken back: Card arrival")).toBeVisible();
  await ann.keyboard.press("2");
  await expect(sample).toContainText("Message number 2.");
  await ann.keyboard.press("s");
  await expect(sample).toContainText("Message number 3.");
  await ann.keyboard.press("1");
  await expect(ann.getByText("Nothing is waiting for you")).toBeVisible();
  await expect(saved(ann)).toBeVisible();
  await ann.getByRole("button", { name: "Look again" }).click();
  await expect(ann.getByText("Nothing is waiting for you")).toBeVisible();

  const review = await site.api("reviewer").review(slug);
  expect(Object.keys(review).sort()).toEqual(["s1", "s3"]);
  expect(review.s1.annotations).toHaveLength(1);
  expect(review.s1.annotations[0].answers).toEqual({ intent: "lost_card" });
});

test("verdict, note, skip and undo work as forms", { tag: "@nojs" }, async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(3), queue: { overlap: 1 } });
  const ann = await as("ann");
  await start(ann, slug);
  await ann.locator("summary", { hasText: "Note" }).click();
  await ann.getByLabel("Note for the reviewer").fill("</textarea><script>alert(1)</script>");
  await ann.getByRole("button", { name: "Ambiguous" }).click();
  await expect(ann.getByText("Message number 2.")).toBeVisible();
  await expect(ann.getByText("Last: Ambiguous")).toBeVisible();
  await ann.getByRole("button", { name: "Undo" }).click();
  await expect(ann.getByText("Message number 1.")).toBeVisible();
  await ann.getByRole("button", { name: "None fits" }).click();
  await expect(ann.getByText("Message number 2.")).toBeVisible();
  await ann.getByRole("button", { name: "Skip" }).click();
  await expect(ann.getByText("Message number 3.")).toBeVisible();
  // Loading the page again changes nothing.
  await visit(ann, `/projects/${slug}/annotate`);
  await expect(ann.getByText("Message number 3.")).toBeVisible();

  const review = await site.api("reviewer").review(slug);
  expect(Object.keys(review)).toEqual(["s1"]);
  expect(review.s1.annotations).toMatchObject([{ verdict: "none_fits", note: null }]);
});

test("the keys are listed behind ?", async ({ site, as, javaScriptEnabled }) => {
  const slug = await site.project({ samples: unsureSamples(1) });
  const ann = await as("ann");
  await start(ann, slug);
  const help = ann.getByRole("dialog", { name: "Keys" });
  await expect(help).toBeHidden();
  if (javaScriptEnabled) {
    await ann.keyboard.press("?");
    await expect(help).toContainText("Take the last answer back");
    // The list is open, so this is no answer.
    await ann.keyboard.press("1");
    await ann.keyboard.press("?");
    await expect(help).toBeHidden();
    await expect(ann.getByText("Nothing to take back")).toBeVisible();
  }
  await ann.getByRole("button", { name: "Keys" }).click();
  await expect(help).toContainText("Two or more answers fit equally well");
  await ann.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("one's own answers are listed with what became of them", async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(2), queue: { overlap: 1 } });
  const ann = await as("ann");
  await visit(ann, `/projects/${slug}/answers`);
  await expect(ann.getByText("No answers yet")).toBeVisible();
  await site.api("ann").answer(slug, { s1: "card_arrival", s2: { verdict: "ambiguous", note: "Two cards?" } });
  await site.api("reviewer").decide(slug, "s1", { decision: "correct", answers: { intent: "card_fee" } });

  await visit(ann, `/projects/${slug}/answers`);
  const answer = (text: string) => ann.getByRole("listitem").filter({ hasText: text });
  await expect(answer("Message number 1.")).toContainText("Card arrival");
  await expect(answer("Message number 1.")).toContainText("decided otherwise");
  await expect(answer("Message number 2.")).toContainText("Two cards?");
  await answer("Message number 2.").getByRole("button", { name: "Undo" }).click();
  await expect(ann).toHaveURL(/\/annotate/);
  await expect(ann.getByText("Message number 2.")).toBeVisible();
});

test("a text is shown as text, whatever it holds", async ({ site, as }) => {
  const texts = {
    html: `<b>bold</b> & <img src=x onerror="window.broken = 1"> &lt;`,
    script: `</textarea></script><script>window.broken = 1</script>`,
    marks: "left \u202eright\u202c \u200fשלום\u200e end",
    emoji: "👩‍👩‍👧‍👦 🇰🇷 🏳️‍🌈 é",
    hangul: "\u1112\u1161\u11ab\u1100\u1173\u11af 한글",
  };
  const samples = Object.entries(texts).map(([id, text], at) => unsure(id, text, 0.01 * (at + 1)));
  const slug = await site.project({ samples, queue: { overlap: 1 } });
  const broken = (page: Page) => page.evaluate(() => "broken" in window);

  const ann = await as("ann");
  await start(ann, slug);
  for (const text of Object.values(texts)) {
    await expect.poll(() => ann.locator(".sample-text").textContent()).toBe(text);
    await ann.locator("summary", { hasText: "Note" }).click();
    await ann.getByLabel("Note for the reviewer").fill(text);
    await ann.getByRole("button", { name: "Card arrival" }).click();
  }
  await expect(ann.getByText("Nothing is waiting for you")).toBeVisible();
  await expect(saved(ann)).toBeVisible();
  await visit(ann, `/projects/${slug}/answers`);
  for (const text of Object.values(texts)) {
    expect(await ann.locator(".answers-text").allTextContents()).toContain(text);
  }
  expect(await broken(ann)).toBe(false);

  const review = await site.api("reviewer").review(slug);
  const reviewer = await as("reviewer");
  for (const [id, text] of Object.entries(texts)) {
    expect(review[id].annotations[0].note).toBe(text);
    await visit(reviewer, `/projects/${slug}/review?task=${review[id].task}`);
    expect(await reviewer.locator("main").textContent()).toContain(text);
    await visit(reviewer, `/projects/${slug}/samples/${id}`);
    expect(await reviewer.locator("main").textContent()).toContain(text);
  }
  await visit(reviewer, `/projects/${slug}/samples`);
  for (const text of Object.values(texts)) {
    expect(await reviewer.locator("main").textContent()).toContain(text);
  }
  expect(await broken(reviewer)).toBe(false);
});

test("answers given while the network is away are kept and sent later", { tag: "@js" }, async ({ site, as, faults }) => {
  const slug = await site.project({ samples: unsureSamples(3), queue: { overlap: 1 } });
  faults.mayFailToLoad(/\/api\/(submit_annotation|claim_tasks|renew_lease)/);
  const ann = await as("ann");
  // The next samples are fetched ahead.
  const fetched = ann.waitForResponse("**/api/claim_tasks");
  await start(ann, slug);
  await fetched;
  const sample = ann.getByRole("region", { name: "Sample" });

  await ann.context().setOffline(true);
  await ann.keyboard.press("1");
  await expect(sample).toContainText("Message number 2.");
  await ann.keyboard.press("2");
  await expect(sample).toContainText("Message number 3.");
  await expect(ann.getByText("not saved: 2, trying again")).toBeVisible();
  await expect(ann.getByText("Your answers are kept in this tab")).toBeVisible();

  await ann.context().setOffline(false);
  await expect(saved(ann)).toBeVisible();
  await expect(ann.getByText("Your answers are kept in this tab")).toBeHidden();
  const review = await site.api("reviewer").review(slug);
  expect(review.s1.annotations.map((annotation: any) => annotation.answers.intent)).toEqual(["card_arrival"]);
  expect(review.s2.annotations.map((annotation: any) => annotation.answers.intent)).toEqual(["lost_card"]);
});

test("an answer whose lease was lost is named with its note", { tag: "@js" }, async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(1), queue: { overlap: 1 } });
  const ann = await as("ann");
  await start(ann, slug);
  const { tasks } = await site.api("ann").call("POST", `/projects/${slug}/claim`, { count: 1 });
  await site.api("ann").call("POST", `/leases/${tasks[0].lease}/release`);
  await site.api("ben").answer(slug, { s1: "card_fee" });

  await ann.keyboard.press("n");
  await ann.keyboard.type("It never came.");
  await ann.keyboard.press("Escape");
  await ann.keyboard.press("1");
  const notice = ann.locator(".annotate-lost");
  await expect(notice).toContainText("Not counted: Card arrival.");
  await expect(notice).toContainText("Your note: It never came.");
  await expect(ann.getByText("0 today")).toBeVisible();
  await notice.getByRole("button").click();
  await expect(notice).toBeHidden();
  const review = await site.api("reviewer").review(slug);
  expect(review.s1.annotations.map((annotation: any) => annotation.answers.intent)).toEqual(["card_fee"]);
});

test("answers that were not saved survive a reload", { tag: "@js" }, async ({ site, as, faults }) => {
  const slug = await site.project({ samples: unsureSamples(2), queue: { overlap: 1 } });
  faults.mayFailToLoad(/\/api\/submit_annotation/);
  const ann = await as("ann");
  ann.on("dialog", (dialog) => dialog.accept());
  await start(ann, slug);
  await ann.route("**/api/submit_annotation", (route) => route.abort());
  await ann.keyboard.press("3");
  await expect(ann.getByText("not saved: 1, trying again")).toBeVisible();
  await ann.unroute("**/api/submit_annotation");
  await ann.reload();
  await expect(ann.getByText("Message number 2.")).toBeVisible();
  await expect(saved(ann)).toBeVisible();
  await expect
    .poll(async () => (await site.api("reviewer").review(slug)).s1?.annotations[0]?.answers)
    .toEqual({ intent: "card_fee" });
});

test("an answer on its way is saved though the page was left", { tag: "@js" }, async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(2), queue: { overlap: 1 } });
  const ann = await as("ann");
  await visit(ann, `/projects/${slug}`);
  // Within the app, so that leaving loads no page.
  await ann.getByRole("main").getByRole("link", { name: "Annotate" }).click();
  await ann.getByRole("button", { name: "Start" }).click();
  await expect(ann.getByText("Message number 1.")).toBeVisible();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await ann.route("**/api/submit_annotation", async (route) => {
    await held;
    await route.continue();
  });
  await ann.keyboard.press("1");
  await expect(ann.getByText("Message number 2.")).toBeVisible();
  await ann.goBack();
  await expect(ann.getByRole("heading", { name: "The loop" })).toBeVisible();
  release();
  await expect
    .poll(async () => (await site.api("reviewer").review(slug)).s1?.annotations[0]?.answers)
    .toEqual({ intent: "card_arrival" });
});

test("who has not seen the new guideline answers nothing under it", { tag: "@js" }, async ({ site, as }) => {
  const slug = await site.project({ samples: unsureSamples(9), queue: { overlap: 1 }, guideline: "Old rule" });
  const ann = await as("ann");
  await start(ann, slug);
  const changed = await site.api("admin").call("GET", `/projects/${slug}`);
  await site.api("admin").call("PATCH", `/projects/${slug}`, { rev: changed.rev, guideline: "New rule" });
  // The next claim ahead tells of it.
  const notice = ann.getByText("The guideline or the options have changed");
  const sample = ann.getByRole("region", { name: "Sample" });
  await expect
    .poll(async () => {
      await ann.keyboard.press("1");
      return notice.isVisible();
    })
    .toBe(true);
  await expect(saved(ann)).toBeVisible();
  const before = await sample.textContent();
  await ann.keyboard.press("1");
  expect(await sample.textContent()).toBe(before);
  await ann.getByRole("link", { name: "Show what is new" }).click();
  await expect(notice).toBeHidden();
  await expect(ann.getByRole("complementary")).toContainText("New rule");
  await ready(ann);
  await ann.keyboard.press("1");
  await expect(sample).not.toContainText(before ?? "");
});

test("what the project reveals after an answer stands beside it", { tag: "@js" }, async ({ site, as }) => {
  const samples = unsureSamples(2).map((sample) => ({ ...sample, label: { intent: "lost_card" } }));
  const slug = await site.project({ samples, queue: { overlap: 1 }, settings: { reveal: "after_answer" } });
  const ann = await as("ann");
  await start(ann, slug);
  const revealed = ann.getByText(/Stored label: Lost card/);
  await expect(revealed).toBeHidden();
  await ann.keyboard.press("1");
  await expect(ann.getByText("Message number 2.")).toBeVisible();
  await expect(revealed).toBeVisible();
});

test("nothing that reaches a blind annotator tells prediction, stored label or reason", async ({ site, as }) => {
  const probs = { card_arrival: 0.31907, lost_card: 0.31808 };
  const schema = {
    fields: [{ name: "text", kind: "text" }],
    questions: [
      {
        name: "intent",
        kind: "choice",
        options: [{ value: "card_arrival" }, { value: "lost_card" }, { value: "was_once" }],
      },
    ],
  };
  const samples = [1, 2, 3].map((at) => ({
    id: `s${at}`,
    fields: { text: `Message number ${at}.` },
    label: { intent: "was_once" },
    predictions: [{ model: "secret-model@7", question: "intent", probs }],
    metadata: { origin: "secret-channel" },
  }));
  const slug = await site.project({ schema, samples, queue: { target: "both", overlap: 1 } });

  const ann = await as("ann");
  const bodies: { address: string; text: string }[] = [];
  const reading: Promise<unknown>[] = [];
  let awaited = 0;
  ann.on("request", () => (awaited += 1));
  ann.on("requestfinished", () => (awaited -= 1));
  ann.on("requestfailed", () => (awaited -= 1));
  // The browser forgets what a page received when it leaves the page.
  const allRead = async () => {
    await expect.poll(() => awaited).toBe(0);
    await Promise.all(reading);
  };
  ann.on("response", (response) => {
    if (/\.(wasm|js|css|svg)$/.test(new URL(response.url()).pathname) || response.status() === 303) return;
    const read = response.text().then((text) => bodies.push({ address: response.url(), text }));
    reading.push(read);
  });
  await visit(ann, `/projects/${slug}`);
  await allRead();
  await visit(ann, `/projects/${slug}/annotate`);
  await allRead();
  await ann.getByRole("button", { name: "Start" }).click();
  for (const at of [1, 2, 3]) {
    await expect(ann.getByText(`Message number ${at}.`)).toBeVisible();
    await allRead();
    await ann.getByRole("button", { name: "card_arrival" }).click();
  }
  await expect(ann.getByText("Nothing is waiting for you")).toBeVisible();
  await allRead();
  await visit(ann, `/projects/${slug}/answers`);
  await allRead();
  await visit(ann, `/projects/${slug}/guideline`);
  await allRead();

  expect(bodies.length).toBeGreaterThan(4);
  for (const { address, text } of bodies) {
    for (const secret of ["secret-", "0.319", "0.318", "prediction_uncertain", "label_suspect", "uncertain pred"]) {
      expect(text.toLowerCase(), `${secret} in ${address}`).not.toContain(secret);
    }
    // Nobody answered either of these two: the stored label may stand wherever the other option stands, no more.
    const times = (option: string) => text.split(option).length - 1;
    expect(times("was_once"), address).toBe(times("lost_card"));
  }
});
