import { filledProject } from "../support/filled.ts";
import { test, visit } from "./fixtures.ts";
test("try", { tag: "@nojs" }, async ({ as, site }) => {
  const page = await as("ann", { viewport: { width: 360, height: 740 } });
  await filledProject(site);
  for (const fix of ["", ".table-box{position:relative!important}"]) {
    await page.route("**/pkg/relabel.css", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()) + fix });
    });
    await visit(page, "/account/tokens");
    console.log(fix, await page.evaluate(() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > 361).map((e) => e.outerHTML.slice(0, 80) + " " + e.getBoundingClientRect().right)]));
  }
});
