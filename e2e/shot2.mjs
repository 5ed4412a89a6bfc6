import { chromium } from "@playwright/test";
const [,, base] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const ctx = await browser.newContext({ viewport:{width:1000,height:900}, colorScheme:"dark", javaScriptEnabled:false, locale: "ko" });
const page = await ctx.newPage();
await page.goto(base + "/sign-in"); await page.fill('[name=email]', "manager@demo.example"); await page.fill('[name=password]', "relabel-demo"); await page.click('button.button-primary'); await page.waitForLoadState();
await page.goto(base + "/projects/bank-messages/settings"); await page.locator("#split").screenshot({ path: "/tmp/shots/split.png" });
await browser.close();
