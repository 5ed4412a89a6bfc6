// A project in which every list has something: labels of an import, a cut, decisions that are staged, conflicts in
// review, open tasks, notes, a report, long texts in two languages.

import type { Site } from "./site.ts";
import { unsure } from "./samples.ts";

const long = "카드를 신청한 지 두 주가 지났는데 아직 도착하지 않았습니다. 언제쯤 받을 수 있을까요? ".repeat(8);
const unbroken = "https://bank.example/" + "a-very-long-path/".repeat(20);

export async function filledProject(site: Site): Promise<string> {
  const labelled = Array.from({ length: 12 }, (_, at) => ({
    id: `known-${at}`,
    fields: { text: `A message that has a label, number ${at}.` },
    label: { intent: ["card_arrival", "lost_card", "card_fee"][at % 3] ?? "" },
  }));
  const samples = [
    unsure("s1", "My card has not come.", 0.01, { metadata: { channel: "chat" } }),
    unsure("s2", long, 0.02),
    unsure("s3", unbroken, 0.03),
    unsure("s4", "I lost it <b>twice</b>.", 0.04, { label: { intent: "card_fee" } }),
    unsure("s5", "What does it cost?", 0.05),
    unsure("s6", "Another one, please.", 0.06),
    unsure("s7", "Nobody has answered this.", 0.07),
    ...labelled,
  ];
  const guideline = "# Intents\n\nChoose the **one** thing that is asked.\n\n| text | choose |\n|---|---|\n| lost | Lost card |\n";
  const slug = await site.project({ name: "Bank messages 은행 문의", samples, guideline, settings: { show_metadata: ["channel"] } });
  const [ann, ben, reviewer, manager] = [site.api("ann"), site.api("ben"), site.api("reviewer"), site.api("manager")];
  await ann.answer(slug, {
    s1: "card_arrival",
    s2: "card_arrival",
    s3: "lost_card",
    s4: "lost_card",
    s5: { verdict: "ambiguous", note: "Which card?\n두 장입니다." },
    s6: "card_fee",
  });
  await ben.answer(slug, { s1: "card_arrival", s2: "lost_card", s3: "lost_card", s4: "lost_card", s5: "card_fee" });
  // Nobody listens there.
  await manager.call("POST", `/projects/${slug}/webhooks`, { url: `http://127.0.0.1:9/${"a-very-long-path/".repeat(20)}` });
  await reviewer.decide(slug, "s1", { decision: "approve" });
  await manager.cut(slug, "The first round: 첫 번째", "prod");
  await reviewer.decide(slug, "s4", { decision: "correct", answers: { intent: "card_arrival" }, note: "See the guideline." });
  await manager.call(
    "POST",
    `/projects/${slug}/feedback`,
    JSON.stringify({ id: "known-1", kind: "wrong", note: "The customer complained." }),
    "application/x-ndjson",
  );
  await manager.call("POST", `/projects/${slug}/challenges`, { ids: ["known-2"], note: "Looks like a fee." });
  await manager.call("POST", `/projects/${slug}/known-answers`, { samples: [{ id: "known-3" }, { id: "known-4" }] });
  await manager.call("POST", `/projects/${slug}/members/cho@example.org/pause`, {});
  return slug;
}
