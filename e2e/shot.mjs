import { chromium } from "@playwright/test";
const [,, base, email, pw, out, ...paths] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const [name, opt, lang] of [["desk", {viewport:{width:1280,height:900}}, "en"], ["narrow-ko", {viewport:{width:400,height:900}}, "ko"], ["dark-ko", {viewport:{width:1280,height:900}, colorScheme:"dark"}, "ko"]]) {
  const ctx = await browser.newContext({...opt, javaScriptEnabled:false, locale: lang});
  const page = await ctx.newPage();
  await page.goto(base + "/sign-in");
  await page.fill('[name=email]', email); await page.fill('[name=password]', pw);
  await page.click('main button:not([name]), button.button-primary');
  await page.waitForLoadState();
  for (const p of paths) { await page.goto(base + p); await page.screenshot({ path: `${out}-${p.replace(/[^a-z0-9]+/gi,"_")}-${name}.png`, fullPage: true }); }
  await ctx.close();
}
await browser.close();
