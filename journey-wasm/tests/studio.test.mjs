// The studio in Chromium, from the files of `cargo xtask studio`: what people do there, by mouse and by keyboard. Each visit fails
// if the page asks for anything once it is loaded, breaks its own content security policy, or throws. With JOURNEY_LOOKS_PNG=1
// every view is also written as PNG into target/looks/studio.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { missing, open, packaged } from "../../tests/chromium.mjs";
import { serve } from "../../tests/served.mjs";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const built = root("target/studio/index.html");
const skip = missing || (!existsSync(built) && "the studio is not built, `cargo xtask studio` does it");
// What two other programs count in the example.
const expected = JSON.parse(readFileSync(root("tests/data/ecom/expected.json"), "utf8"));

const CSV = `who;what;when;screen;stars;note
ann;visit;2024-03-01 10:00;phone;4;"one; two"
ann;cart;2024-03-01 10:02;phone;5;x
ann;pay;2024-03-01 10:07;phone;;y
bob;visit;2024-03-02 11:00;desk;1;z
bob;cart;2024-03-02 11:10;desk;;w
eve;visit;2024-03-03 09:00;desk;2;v
`;
const VIEWS = ["Data", "Journey graph", "Funnel", "Bottlenecks", "Emotion curve", "Variants", "Compare segments", "Map", "Report"];

describe("the studio", { skip, timeout: 300_000 }, () => {
  let browser, server;
  before(async () => {
    // In a folder, because that is where most static pages lie.
    server = await serve({ pages: { "/a/studio.html": readFileSync(built) }, folders: { "/a/": root("target/studio/") } });
    browser = await open();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens the studio, does something there, and sees that it kept to itself. `allowed` is what it may ask for. */
  async function visit(does, { width = 1400, allowed = /^$/, ...settings } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, acceptDownloads: true, ...settings });
    const page = await context.newPage();
    const deeds = [];
    page.on("pageerror", (error) => deeds.push(`fails: ${error.message}`));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && deeds.push(`says: ${message.text()}`));
    page.on("popup", () => deeds.push("opens a window"));
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    });
    try {
      await page.goto(`${server.address}a/studio.html`);
      await page.waitForSelector(":root[data-ready]");
      context.on("request", (request) => !request.url().startsWith("blob:") && !allowed.test(request.url()) && deeds.push(`asks for ${request.url()}`));
      await does(page);
      assert.deepEqual(await page.evaluate("violations"), []);
      assert.deepEqual(deeds, []);
    } finally {
      await context.close();
    }
  }

  const go = async (page, name) => {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name, exact: true }).first().waitFor();
    await idle(page);
  };
  /** Waits for something to be true in the page, whose policy forbids the function of Playwright that does. */
  async function until(page, expression) {
    for (const end = Date.now() + 60_000; Date.now() < end; await page.waitForTimeout(20)) if (await page.evaluate(expression)) return;
    assert.fail(`it never came that ${expression}`);
  }
  /** Waits until nothing is worked on. */
  const idle = (page) => until(page, "!document.querySelector('[aria-busy=true], progress')");
  const choose = (page, text, name = "log.csv") => page.locator(".drop input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  /** Reads the file that was chosen. */
  const read = async (page) => {
    await page.getByRole("button", { name: "Read the log" }).click();
    await page.locator(".facts").waitFor();
  };
  /** Chooses in a list and adds what was chosen. */
  const add = async (page, label, name) => {
    await page.getByLabel(label).selectOption(name);
    await page.getByRole("button", { name: "Add", exact: true }).click();
  };
  const role = (page, column) => page.getByLabel(column, { exact: true });
  /** The cells of a table, as they are shown. */
  const cells = (page, caption) => page.locator("table", { has: page.locator("caption", { hasText: caption }) }).locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  const example = async (page) => {
    await page.getByRole("button", { name: "Open the example" }).click();
    await page.locator(".facts").waitFor();
  };
  const EXAMPLE = /\/assets\/(ecom|feedback)[^/]*\.(gz|csv|json)$/;

  test("a file is chosen, its columns are guessed, one is changed, and the log is read", () =>
    visit(async (page) => {
      await choose(page, CSV);
      const guessed = {};
      for (const column of ["who", "what", "when", "screen", "stars", "note"]) guessed[column] = await role(page, column).inputValue();
      // `who`, `what` and `when` are no usual names; the form of the values says which one is the time.
      assert.deepEqual(guessed, { who: "none", what: "none", when: "time", screen: "segment", stars: "score", note: "none" });
      assert.equal(await page.getByRole("button", { name: "Read the log" }).isDisabled(), true);
      await role(page, "who").selectOption("journey");
      await role(page, "note").selectOption("touchpoint");
      await role(page, "what").selectOption("touchpoint");
      assert.equal(await role(page, "note").inputValue(), "none", "a log has one touchpoint in a row");
      await read(page);
      assert.deepEqual(await cells(page, "Touchpoints"), [["visit", "3", "3", "3", "1"], ["cart", "2", "2", "0", "1"], ["pay", "1", "1", "0", "1"]]);
      const facts = await page.locator(".facts").textContent();
      assert.match(facts, /Events6/);
      assert.match(facts, /From2024-03-01 10:00:00 UTC/);
      assert.match(facts, /Events with a score of their own4/);
    }));

  test("usual names are known, in NDJSON with fields within others too", () =>
    visit(async (page) => {
      await choose(page, '{"user": {"id": "a"}, "event": "x", "timestamp": "2024-01-01", "nps": 9}\n{"user": {"id": "a"}, "event": "y", "timestamp": "2024-01-02", "nps": 3}\n', "log.ndjson");
      assert.deepEqual(await Promise.all(["user.id", "event", "timestamp", "nps"].map((column) => role(page, column).inputValue())), ["journey", "touchpoint", "time", "score"]);
      assert.equal(await page.getByLabel("Scale of the score").inputValue(), "nps");
      await read(page);
      assert.deepEqual(await cells(page, "Touchpoints").then((rows) => rows.map(([name]) => name)), ["x", "y"]);
    }));

  test("a file is dropped", () =>
    visit(async (page) => {
      const data = await page.evaluateHandle((text) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], "dropped.csv"));
        return transfer;
      }, "journey,touchpoint,time\na,x,2024-01-01\n");
      await page.dispatchEvent(".drop", "drop", { dataTransfer: data });
      await read(page);
    }));

  test("what is wrong with a file is said in the words of the engine, with its row and column", () =>
    visit(async (page) => {
      await choose(page, "journey,touchpoint,time\na,x,2024-01-01\na,y,soon\n");
      await page.getByRole("button", { name: "Read the log" }).click();
      const said = await page.getByRole("alert").textContent();
      assert.match(said, /soon/);
      assert.equal(said.includes("`"), false, "names are marked");
      assert.match(said, /record 2/);
      assert.match(said, /field time/);
      await page.getByRole("button", { name: "Close" }).click();
      assert.equal(await page.getByRole("alert").count(), 0);
      // The columns are still there to be chosen otherwise.
      await role(page, "time").selectOption("none");
      await read(page);
      await go(page, "Bottlenecks");
      await page.getByText("The log has no times").waitFor();
      await go(page, "Data");
    }));

  test("files that hold no table of text are named, with what to do about them, and what was loaded stays", () =>
    visit(async (page) => {
      await choose(page, "journey,touchpoint,time\na,x,2024-01-01\n", "small.csv");
      await read(page);
      for (const [name, content, expected] of [
        ["book.xlsx", "PK\x03\x04\x14\0\x06\0[Content_Types].xml", "book.xlsx is an Excel workbook; save its table as CSV (in Excel: File, Save as) and open that."],
        ["export", "PK\x03\x04\x14\0\x06\0[Content_Types].xml\0PK\x03\x04\0\0xl/workbook.xml", "export is an Excel workbook"],
        ["old.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "old.xls is an Excel workbook"],
        ["logs.zip", "PK\x03\x04\x14\0log.csv", "logs.zip is a zip archive; unpack it, and open the file in it."],
        ["report.pdf", "%PDF-1.7\n", "report.pdf is a PDF document"],
        ["log.parquet", "PAR1\0\0\0\0PAR1", "log.parquet is a Parquet file"],
        ["picture.png", "\x89PNG\r\n\x1a\n\0\0", "picture.png is a binary file"],
        ["none.csv", "", "none.csv is empty."],
        ["lines.csv", "\n\n", "lines.csv has nothing in it."],
        ["head.csv", "journey,touchpoint,time\r\n\r\n", "head.csv has a header and no rows."],
        ["map.json", '{\n  "name": "no events"\n}', "map.json is JSON of another form; expected a list of objects, or one object on each line."],
        ["list.json", "[]", "list.json is JSON of another form"],
        ["half.json", '[{"journey": "a"}, {"jour', "The list of JSON does not end; the file may be cut off."],
      ]) {
        await page.locator(".drop input[type=file]").setInputFiles({ name, mimeType: "", buffer: Buffer.from(content, "latin1") });
        await page.getByRole("alert").getByText(expected).waitFor();
        await page.getByRole("heading", { name: "small.csv" }).waitFor();
      }
      // The engine finds out that there is no event.
      await choose(page, '<log xes.version="1.0"></log>', "none.xes");
      await page.getByRole("button", { name: "Read the log" }).click();
      await page.getByRole("alert").getByText("none.xes has no events.").waitFor();
      await page.getByRole("button", { name: "Choose another file" }).click();
      await page.getByRole("heading", { name: "small.csv" }).waitFor();
    }));

  test("a list of JSON objects is read, and long numbers keep their digits", () =>
    visit(async (page) => {
      await choose(page, '[\n  {"user": {"id": 9007199254740993}, "event": "a, [b]\\"", "time": "2024-01-01", "tags": [1, {"x": 2}]},\n  {"user": {"id": 7}, "event": "c", "time": "2024-01-02", "tags": []}\n]\n', "log.json");
      assert.deepEqual(await Promise.all(["user.id", "event", "time"].map((column) => role(page, column).inputValue())), ["journey", "touchpoint", "time"]);
      await read(page);
      assert.deepEqual((await cells(page, "Touchpoints")).map(([name]) => name).sort(), ['a, [b]"', "c"]);
      assert.match(await page.locator(".facts").textContent(), /Journeys2/);
    }));

  test("a long list of JSON objects is cut wherever it comes in parts, and one that ends too early is told", () =>
    visit(async (page) => {
      const row = (number) => `{\n  "journey": "${number % 500}", "touchpoint": "${["a, ]\\\"", "Café"][number % 2]}", "time": "${new Date(number * 1000).toISOString()}"\n}`;
      const list = `[${Array.from({ length: 20_000 }, (_, number) => row(number)).join(",\n")}]`;
      await choose(page, list, "long.json");
      await read(page);
      assert.match(await page.locator(".facts").textContent(), /Events20,000/);
      assert.deepEqual((await cells(page, "Touchpoints")).map(([name, events]) => [name, events]).sort(), [["Café", "10,000"], ['a, ]"', "10,000"]]);
      await choose(page, list.slice(0, -1), "early.json");
      await page.getByRole("button", { name: "Read the log" }).click();
      await page.getByRole("alert").getByText("The list of JSON does not end; the file may be cut off.").waitFor();
    }));

  test("files of other encodings, with a line that names the separator, or with old ends of lines are read, and the encoding is told", () =>
    visit(async (page) => {
      const text = "journey;touchpoint;time\r\na;Prüfung;2024-01-01\r\nb;Café;2024-01-02\r\n";
      const wide = Buffer.from(`\ufeff${text}`, "utf16le");
      for (const [content, told] of [
        [wide, "The text is not UTF-8, so it is read as utf-16le. If letters look wrong, save the file as UTF-8."],
        [Buffer.from(wide).swap16(), "The text is not UTF-8, so it is read as utf-16be. If letters look wrong, save the file as UTF-8."],
        [Buffer.from(text, "latin1"), "The text is not UTF-8, so it is read as windows-1252. If letters look wrong, save the file as UTF-8."],
        [gzipSync(Buffer.from(`sep=;\r\n${text}`, "latin1")), "The text is not UTF-8, so it is read as windows-1252. If letters look wrong, save the file as UTF-8."],
        [Buffer.from(`\ufeffsep=;\n${text}`), null],
        [Buffer.from(text.replaceAll("\r\n", "\r")), null],
      ]) {
        await page.locator(".drop input[type=file]").setInputFiles({ name: "log.csv", mimeType: "text/csv", buffer: content });
        await role(page, "touchpoint").waitFor();
        assert.deepEqual(await page.locator(".columns li").allTextContents().then((all) => all.map((one) => one.replace(/^\w+Leave.*Segment/, ""))), ["a · b", "Prüfung · Café", "2024-01-01 · 2024-01-02"]);
        assert.deepEqual(await page.locator("form [role=status]").allTextContents(), told ? [told] : []);
        await read(page);
        assert.deepEqual((await cells(page, "Touchpoints")).map(([name]) => name).sort(), ["Café", "Prüfung"]);
      }
    }));

  test("exports of European programs are guessed with their form of times; where day and month cannot be told apart, that is said", () =>
    visit(async (page) => {
      const table = (times, head = "Kunde;Seite;Zeit") => `${head}\n${times.map((time, row) => `k${row};s;${time}`).join("\n")}\n`;
      const form = page.getByLabel("Form of the times");
      for (const [head, times, pattern, first] of [
        ["Kunde;Seite;Zeit", ["13.03.2024 10:00", "1.4.2024 9:30"], "%d.%m.%Y %H:%M", "2024-03-13 10:00:00 UTC"],
        ["ID cliente;Attività;Data", ["05.03.2024", "06.03.2024"], "%d.%m.%Y", "2024-03-05 00:00:00 UTC"],
        ["utilisateur;étape;horodatage", ["13/03/24 10:00:30", "14/03/24 10:00:00"], "%d/%m/%y %H:%M:%S", "2024-03-13 10:00:30 UTC"],
        ["usuario;acción;fecha", ["3/13/2024, 2:05 PM", "3/14/2024, 9:00 AM"], "%m/%d/%Y, %I:%M %p", "2024-03-13 14:05:00 UTC"],
        ["Kunden-ID;Ereignis;Zeitstempel", ["1710324000", "1710324001.5"], "epoch_s", "2024-03-13 10:00:00 UTC"],
        ["user;event;ts", ["1710324000000", "1710324000001"], "epoch_ms", "2024-03-13 10:00:00 UTC"],
        ["user;event;ts", ["1710324000000000", "1710324000000001"], "epoch_us", "2024-03-13 10:00:00 UTC"],
        ["user;event;ts", ["2024/03/13 10:00", "2024/03/14 10:00"], "%Y/%m/%d %H:%M", "2024-03-13 10:00:00 UTC"],
        ["user;event;ts", ["2024-03-13T10:00:00Z", "2024-03-14T10:00:00Z"], "", "2024-03-13 10:00:00 UTC"],
      ]) {
        await choose(page, table(times, head));
        await form.waitFor();
        assert.equal(await form.inputValue(), pattern);
        assert.equal(await page.getByText("does not show").count(), 0, pattern);
        await read(page);
        assert.ok((await page.locator(".facts").textContent()).includes(`From${first}`), `${pattern} ${await page.locator(".facts").textContent()}`);
      }
      await choose(page, table(["03/04/2024 10:00", "05/04/2024 10:00"]));
      assert.equal(await form.inputValue(), "%d/%m/%Y %H:%M");
      await page.getByText("if the month is first, write %m/%d/%Y %H:%M as their form.").waitFor();
      await form.fill("");
      await page.keyboard.press("Tab");
      assert.equal(await page.getByText("does not show").count(), 0);
      await page.getByRole("button", { name: "Read the log" }).click();
      const said = await page.getByRole("alert").textContent();
      assert.match(said, /as the “Form of the times”|as “Form of the times”/);
      assert.doesNotMatch(said, /time_format/);
    }));

  /** Drops files, given as names and texts, on a part of the page. */
  const drop = async (page, part, files) => {
    const data = await page.evaluateHandle((files) => {
      const transfer = new DataTransfer();
      for (const [name, text] of files) transfer.items.add(new File([text], name));
      return transfer;
    }, files);
    await page.dispatchEvent(part, "drop", { dataTransfer: data });
  };

  test("a log is dropped on any view, a map goes to the editor, and of several files one is read", () =>
    visit(async (page) => {
      await go(page, "Funnel");
      await drop(page, "h1", [["one.csv", "journey,touchpoint,time\na,x,2024-01-01\n"], ["two.csv", "journey\n"]]);
      await page.getByText("One file is read at a time. Of the 2 files, this is one.csv.").waitFor();
      await read(page);
      const map = '{"name": "Dropped", "kind": "current_state", "stages": [{"id": "s", "name": "S"}]}';
      await drop(page, ".facts", [["shop.json", map]]);
      await page.getByRole("heading", { level: 1, name: "Map" }).waitFor();
      await page.getByText("shop.json").waitFor();
      // In the editor a file is a map, whatever it is called, but for what can only be a log.
      await drop(page, ".editor", [["notes.txt", "journey\n  title Written\n  section First\n    Look: 3: Customer\n"]]);
      await page.getByText("notes.json").waitFor();
      await drop(page, ".editor", [["other.csv", "journey,touchpoint,time\nb,y,2024-01-01\n"]]);
      await page.getByRole("heading", { name: "other.csv" }).waitFor();
      await go(page, "Map");
      await drop(page, ".editor", [["list.json", '[{"journey": "a", "touchpoint": "x"}]']]);
      await page.getByRole("heading", { name: "list.json" }).waitFor();
      await page.evaluate(() => {
        DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true });
      });
      await drop(page, "h1", [["logs", ""]]);
      await page.getByRole("alert").getByText("logs is a folder. Drop a file of it.").waitFor();
    }));

  test("reading shows how far it is, and is cancelled; the log before stays", () =>
    visit(async (page) => {
      const large = () => page.evaluate(() => {
        const rows = Array.from({ length: 400_000 }, (_, row) => `c${row % 5000},t${row % 7},2024-03-13 10:00:00`);
        const transfer = new DataTransfer();
        transfer.items.add(new File(["journey,touchpoint,time\n", rows.join("\n")], "large.csv"));
        window.large = transfer.files;
        document.querySelector(".drop input[type=file]").files = transfer.files;
        document.querySelector(".drop input[type=file]").dispatchEvent(new Event("change", { bubbles: true }));
      });
      // Where there is no log yet, the other views tell of it as well.
      await large();
      await page.getByRole("button", { name: "Read the log" }).click();
      await page.getByRole("link", { name: "Funnel" }).click();
      await page.getByRole("region", { name: "Reading" }).getByRole("progressbar").waitFor();
      assert.equal(await page.getByText("No log is loaded").count(), 0);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("No log is loaded").waitFor();
      await go(page, "Data");
      await page.getByRole("button", { name: "Choose another file" }).click();
      await choose(page, "journey,touchpoint,time\na,x,2024-01-01\n", "small.csv");
      await read(page);
      await large();
      await page.getByRole("button", { name: "Read the log" }).click();
      await page.locator("progress").waitFor();
      await until(page, "/^Reading large.csv: \\d/.test(document.querySelector('.top .what').textContent)");
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Read the log" }).waitFor();
      assert.equal(await page.getByRole("alert").count(), 0);
      await page.getByRole("button", { name: "Choose another file" }).click();
      await page.getByRole("heading", { name: "small.csv" }).waitFor();
    }));

  test("ratings of a file of their own are joined to the log, and those that are about no visit are told", () =>
    visit(async (page) => {
      await choose(page, CSV);
      await role(page, "who").selectOption("journey");
      await role(page, "what").selectOption("touchpoint");
      await role(page, "stars").selectOption("none");
      await read(page);
      const ratings = page.getByRole("region", { name: "Ratings" }).locator("input[type=file]");
      const file = (name, text) => ratings.setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
      await file("survey.json", '{"client": "ann"}');
      assert.match(await page.getByRole("alert").textContent(), /survey\.json: ratings are read from CSV/);
      // Ann was there and paid, Bob's last visit was to the cart; Zoe is unknown, and Eve answers before she came.
      await file("survey.csv", `client;answered_at;nps;page;comment
ann;2024-03-01 12:00;10;pay;"quick; easy"
bob;2024-03-03 12:00;0;;slow
zoe;2024-03-03 12:00;5;;
eve;2024-03-02 09:00;9;visit;
`);
      const guessed = {};
      for (const column of ["client", "answered_at", "nps", "page", "comment"]) guessed[column] = await role(page, column).inputValue();
      assert.deepEqual(guessed, { client: "customer", answered_at: "time", nps: "score", page: "touchpoint", comment: "text" });
      assert.equal(await page.getByLabel("Scale of the score").inputValue(), "nps");
      await role(page, "client").selectOption("none");
      assert.equal(await page.getByRole("button", { name: "Join to the log" }).isDisabled(), true);
      await page.getByText("Choose the column that says which customer answered").waitFor();
      await role(page, "client").selectOption("customer");
      await page.getByRole("button", { name: "Join to the log" }).click();
      await page.getByText("Ratings of survey.csv: 2 of 4 (50.0 %) belong to a visit. The others: 1 of customers who are not in the log, 1 from before the visit they are about.").waitFor();
      // They can be replaced, and what they said before is gone; a scale is guessed by the values.
      const score = { wide: ["3", "4"], minus: ["-2", "1"], ten: ["3", "9"], part: ["-0.5", "1"] };
      for (const [name, scale] of [["wide", "one_to_five"], ["minus", "experience"], ["ten", "nps"], ["part", "sentiment"]]) {
        await file(`${name}.csv`, `client,answered_at,score\n${score[name].map((value) => `ann,2024-03-01 12:00,${value}\n`).join("")}`);
        await page.getByRole("heading", { name: `${name}.csv` }).waitFor();
        assert.equal(await page.getByLabel("Scale of the score").inputValue(), scale, name);
        await page.getByRole("button", { name: "Cancel" }).click();
      }
      await file("second.csv", "client,answered_at,score,page\nann,2024-03-01 12:00,5,pay\nbob,2024-03-03 12:00,1,cart\n");
      await page.getByRole("button", { name: "Join to the log" }).click();
      await page.getByText("Ratings of second.csv: 2 of 2 (100.0 %) belong to a visit.").waitFor();
      assert.equal(await page.getByText("Ratings of survey.csv").count(), 0);
      await go(page, "Emotion curve");
      await page.getByRole("button", { name: "Make a map" }).click();
      await page.locator("caption", { hasText: "Scores" }).waitFor();
      assert.deepEqual((await cells(page, "Scores")).map(([name, , , measured]) => [name, measured]).sort(), [["cart", "−2.00"], ["pay", "2.00"], ["visit", "–"]]);
    }));

  test("the example is one click away, and its figures are those of two other programs", () =>
    visit(async (page) => {
      await example(page);
      const { counts, activity_counts: activities, dfg } = expected;
      const number = (value) => value.toLocaleString("en");
      const facts = await page.locator(".facts").textContent();
      assert.ok(facts.includes(`Events${number(counts.events)}`) && facts.includes(`Journeys${number(counts.cases)}`), facts);
      const rows = await cells(page, "Touchpoints");
      assert.deepEqual(rows.map(([name, events]) => [name, events]), Object.entries(activities).map(([name, events]) => [name, number(events)]));

      await go(page, "Journey graph");
      await page.locator("journey-map svg").waitFor();
      const ways = (await cells(page, "Ways taken")).filter(([from, to]) => from !== "(start)" && to !== "(end)");
      assert.deepEqual(ways.slice(0, 10).map(([from, to, times]) => [from, to, times]), dfg.top10.map(([from, to, times]) => [from, to, number(times)]));

      await go(page, "Variants");
      await page.getByLabel("Paths of").selectOption("touchpoints");
      await page.getByLabel("One path is").selectOption("journey");
      await page.getByLabel("Repeats count once").uncheck();
      await page.getByText(`${number(counts.cases)} journeys take ${expected.variants.variants} distinct paths`).waitFor();

      await go(page, "Bottlenecks");
      await page.locator("figure svg").waitFor();
      assert.ok((await cells(page, "Delay between touchpoints")).length > 5);

      await go(page, "Emotion curve");
      await page.locator("journey-map [data-touchpoint]").first().waitFor();
      assert.ok((await cells(page, "Scores")).some(([, , , measured]) => /^−?\d/.test(measured)));

      await go(page, "Compare segments");
      assert.deepEqual((await cells(page, "Segments by platform")).map(([name]) => name).sort(), ["desktop", "mobile", "tablet"]);
      await page.getByLabel("Segments by", { exact: true }).selectOption("user_lifecycle");
      await page.locator("caption", { hasText: "Segments by user_lifecycle" }).waitFor();
      await page.locator("caption", { hasText: "Differences" }).waitFor();
      assert.ok((await cells(page, "Differences")).length > 5);
      await page.locator("figure svg").waitFor();
    }, { allowed: EXAMPLE }));

  test("a funnel is built by clicking: its figures are those of two other programs, without and with a window", () =>
    visit(async (page) => {
      await example(page);
      await go(page, "Funnel");
      for (;;) {
        const remove = page.getByRole("button", { name: /^Remove / }).first();
        if ((await remove.count()) === 0) break;
        await remove.click();
      }
      await page.getByText("A funnel needs at least two steps").waitFor();
      const [, funnel] = expected.funnels;
      // In the wrong order first, so that a step has to be moved.
      for (const step of ["product_view", "home", "purchase"]) await add(page, "Add a step", step);
      await page.getByRole("button", { name: "Move home up" }).click();
      const reached = async (counts) => {
        await until(page, `document.querySelectorAll("main tbody tr").length > 2 && document.querySelector("main table").textContent.includes("${counts[2]}")`);
        assert.deepEqual((await cells(page, "Steps of the funnel")).map(([name, count]) => [name, Number(count)]), funnel.steps.map((name, place) => [name, counts[place]]));
      };
      await reached(funnel.no_window);
      await page.getByLabel("All steps within").fill("7d");
      await page.keyboard.press("Enter");
      await reached(funnel.any_anchor);
      await page.getByLabel("Break down by").selectOption("platform");
      await page.locator("caption", { hasText: "The same by platform" }).waitFor();
      assert.deepEqual((await cells(page, "The same by platform")).map(([name]) => name).sort(), ["desktop", "mobile", "tablet"]);
      await page.getByLabel("All steps within").fill("soon");
      await page.keyboard.press("Enter");
      assert.match(await page.getByRole("alert").textContent(), /soon/);
    }, { allowed: EXAMPLE }));

  test("everything is done by the keyboard: the views, a funnel, an order of rows", () =>
    visit(async (page) => {
      const press = async (...keys) => {
        for (const key of keys) await page.keyboard.press(key);
      };
      const focused = () => page.evaluate("document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''");
      const tabTo = async (name) => {
        for (let pressed = 0; pressed < 80; pressed += 1) {
          if ((await focused()) === name) return;
          await press("Tab");
        }
        assert.fail(`the keyboard does not reach ${name}`);
      };
      await press("Tab");
      assert.equal(await focused(), "Skip to the content");
      await press("Enter");
      assert.equal(await focused(), "Data");
      await tabTo("Open the example");
      await press("Enter");
      await page.locator(".facts").waitFor();
      // Back to the top, as a reader would, then to the view.
      await page.locator(".skip").focus();
      await tabTo("Funnel");
      await press("Enter");
      // Who changes the view is at its title.
      await until(page, "document.activeElement?.localName === 'h1'");
      await tabTo("Move cart up");
      await press("Enter");
      await until(page, "document.activeElement?.getAttribute('aria-label') === 'Move cart up'");
      assert.deepEqual((await page.locator(".step-name").allTextContents()).slice(0, 3), ["product_view", "cart", "add_to_cart"]);
      await tabTo("Remove cart");
      await press("Space");
      await until(page, "document.activeElement?.getAttribute('aria-label') === 'Remove add_to_cart'");
      await idle(page);
      await tabTo("Reached by");
      await press("Enter", "Enter");
      const counts = (await cells(page, "Steps of the funnel")).map(([, count]) => Number(count));
      assert.deepEqual(counts, [...counts].sort((a, b) => a - b), "the second time, the least come first");
      assert.equal(await page.locator("th[aria-sort=ascending]").textContent().then((text) => text.trim().startsWith("Reached by")), true);
    }, { allowed: EXAMPLE }));

  test("arrows walk through a list to add from, and add nothing; Enter and the button do", () =>
    visit(async (page) => {
      // The same holds for the roles of columns: what is passed on the way stays with its column.
      await choose(page, "journey,touchpoint,time,note\na,x,2024-01-01,n\na,y,2024-01-02,n\na,z,2024-01-03,m\n");
      await role(page, "note").selectOption("none");
      await role(page, "journey").focus();
      await role(page, "note").focus();
      for (let pressed = 0; pressed < 7; pressed += 1) await page.keyboard.press("ArrowDown");
      assert.deepEqual(await Promise.all(["journey", "touchpoint", "time", "note"].map((column) => role(page, column).inputValue())), ["journey", "touchpoint", "time", "channel"]);
      await read(page);
      await page.getByLabel("Add a touchpoint to the goal").focus();
      for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
      assert.deepEqual(await page.getByRole("button", { name: "remove from the goal" }).allTextContents(), ["z ×: remove from the goal"]);
      await go(page, "Funnel");
      await page.getByLabel("Add a step").focus();
      for (const key of ["ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
      assert.equal(await page.locator(".step-name").count(), 0);
      for (const key of ["Enter", "ArrowUp", "Tab", "Enter"]) await page.keyboard.press(key);
      assert.deepEqual(await page.locator(".step-name").allTextContents(), ["z", "y"]);
    }));

  test("the report is read in the page and downloaded; its links lead to its parts", () =>
    visit(async (page) => {
      await example(page);
      await go(page, "Report");
      await page.getByLabel("Language").selectOption("it");
      await page.getByRole("button", { name: "Write the report" }).click();
      const shown = page.locator(".written[aria-busy=false]");
      await shown.getByRole("heading", { name: "Web shop: current state" }).waitFor();
      assert.equal(await shown.locator(".findings > li").count(), 5);
      assert.match(await shown.locator(".page").textContent(), /synthetic: ratings drawn from a seed/);
      // Its styles hold: a finding has a frame.
      assert.notEqual(await shown.locator(".findings > li").first().evaluate((one) => getComputedStyle(one).borderTopWidth), "0px");
      await shown.getByRole("link", { name: "Che cosa significano le parole" }).click();
      assert.equal(await page.evaluate("document.querySelector('.written').shadowRoot.activeElement?.id"), "glossary");
      assert.match(page.url(), /#report$/);
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the report" }).click()]);
      const text = readFileSync(await download.path(), "utf8");
      assert.match(text, /^<!doctype html>\n<html lang="it">/);
      assert.equal(download.suggestedFilename(), "journey-report.html");
      // It is put into the page part by part; nothing is lost between them.
      const [parts, whole] = await page.evaluate((text) => {
        const texts = (body) => [...body.querySelectorAll("h1, h2, h3, p, li, td, th, figure")].map(({ localName, textContent }) => `${localName} ${textContent}`);
        const shown = document.querySelector(".written").shadowRoot.querySelector(".page");
        return [texts(shown), texts(new DOMParser().parseFromString(text, "text/html").body)];
      }, text.replaceAll(/<style>[^<]*<\/style>/g, ""));
      assert.ok(whole.length > 100);
      assert.deepEqual(parts, whole);
    }, { allowed: EXAMPLE }));

  test("links of the report lead to its parts, wherever these lie once they are laid out", () =>
    visit(async (page) => {
      await example(page);
      await go(page, "Report");
      await page.getByRole("button", { name: "Write the report" }).click();
      const shown = page.locator(".written[aria-busy=false]");
      await shown.waitFor();
      for (const name of ["Which paths customers take", "What the words mean", "Which paths customers take"]) {
        await page.evaluate("scrollTo(0, 0)");
        await shown.getByRole("link", { name }).first().click();
        await page.waitForTimeout(500);
        const [title, top, room] = await page.evaluate(() => {
          const part = document.querySelector(".written").shadowRoot.activeElement;
          return [part.textContent.trim(), part.getBoundingClientRect().top, document.documentElement.scrollHeight - innerHeight - scrollY];
        });
        assert.ok(title.startsWith(name), title);
        assert.ok(Math.abs(top) < 2 || room < 2, `${name} is ${top} from the top`);
      }
    }, { allowed: EXAMPLE }));

  /** Opens a map file under Map. */
  const openMap = async (page, map) => {
    await go(page, "Map");
    await page.locator(".editor input[type=file]").setInputFiles({ name: "map.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(map)) });
    await page.locator("journey-map [data-touchpoint]").first().waitFor();
  };

  test("a map whose touchpoints are not those of the log is told, with names of the log and what to do", () =>
    visit(async (page) => {
      await choose(page, "journey,touchpoint,time\na,visit,2024-01-01\na,cart,2024-01-02\nb,visit,2024-01-03\n");
      await read(page);
      const map = (ids) => ({ name: "Shop", stages: [{ id: "s", name: "Shopping" }], touchpoints: ids.map((id) => ({ id, name: id.toUpperCase(), stage: "s", expected_score: 1 })) });
      await openMap(page, map(["look", "pay"]));
      for (const view of ["Emotion curve", "Report", "Variants"]) {
        await go(page, view);
        const said = await page.locator("main p.problem").textContent();
        assert.match(said, /^No touchpoint of the map occurs in the log\. In the log, but not on the map: visit, cart\./);
        assert.match(said, /Events that are meant/);
      }
      await openMap(page, map(["visit", "pay"]));
      await go(page, "Emotion curve");
      await page.getByText("1 of 2 touchpoints of the map occur in the log. Not in the log: PAY. In the log, but not on the map: cart.").waitFor();
      await openMap(page, map(["visit", "cart"]));
      await go(page, "Emotion curve");
      assert.equal(await page.getByText("touchpoints of the map occur").count(), 0);
    }));

  test("paths are those of touchpoints or of stages, of whole journeys or of visits, with repeats or without", () =>
    visit(async (page) => {
      // Ann looks twice and pays, and looks again the next day; Bob looks and pays.
      await choose(page, "journey,touchpoint,time\nann,look,2024-01-01 10:00\nann,look,2024-01-01 10:01\nann,pay,2024-01-01 10:05\nann,look,2024-01-02 10:00\nbob,search,2024-01-01 10:00\nbob,pay,2024-01-01 10:01\n");
      await read(page);
      await openMap(page, { name: "Shop", stages: [{ id: "a", name: "Choosing" }, { id: "b", name: "Buying" }], touchpoints: [{ id: "look", name: "Look", stage: "a" }, { id: "search", name: "Search", stage: "a" }, { id: "pay", name: "Pay", stage: "b" }] });
      await go(page, "Variants");
      const shows = async (of, path, once, expected) => {
        await page.getByLabel("Paths of").selectOption(of);
        await page.getByLabel("One path is").selectOption(path);
        await page.getByLabel("Repeats count once").setChecked(once);
        const shown = async () => (await cells(page, "Variants")).map(([, steps, , journeys]) => `${steps}: ${journeys}`);
        for (const end = Date.now() + 5000; Date.now() < end && String(await shown()) !== String(expected); ) await page.waitForTimeout(20);
        assert.deepEqual(await shown(), expected);
      };
      await shows("touchpoints", "journey", false, ["look → look → pay → look: 1 of 2", "search → pay: 1 of 2"]);
      await shows("touchpoints", "journey", true, ["look → pay → look: 1 of 2", "search → pay: 1 of 2"]);
      await shows("touchpoints", "visit", true, ["look: 1 of 3", "look → pay: 1 of 3", "search → pay: 1 of 3"]);
      await shows("stages", "visit", true, ["Choosing → Buying: 2 of 3", "Choosing: 1 of 3"]);
      await shows("stages", "visit", false, ["Choosing: 1 of 3", "Choosing → Buying: 1 of 3", "Choosing → Choosing → Buying: 1 of 3"]);
    }));

  test("in the example the paths that are shown first are taken by many", () =>
    visit(async (page) => {
      await example(page);
      await go(page, "Variants");
      const [[, path, , visits]] = await cells(page, "Variants");
      assert.equal(path, "Consideration");
      assert.match(visits, /^721 of 3,605$/);
    }, { allowed: EXAMPLE }));

  test("the emotion curve follows the width of the window, both ways", () =>
    visit(async (page) => {
      await example(page);
      await go(page, "Emotion curve");
      const drawn = (width) => until(page, `document.querySelector("journey-map")?.shadowRoot.querySelector("svg")?.viewBox.baseVal.width === ${width}`);
      await drawn(720);
      await page.setViewportSize({ width: 1400, height: 900 });
      await until(page, "document.querySelector('journey-map').shadowRoot.querySelector('svg').viewBox.baseVal.width > 1000");
      await page.setViewportSize({ width: 390, height: 900 });
      await drawn(720);
    }, { width: 390, allowed: EXAMPLE }));

  test("a table that is wider than the page keeps its first column in sight, and is scrolled by the keyboard", () =>
    visit(async (page) => {
      await example(page);
      await go(page, "Bottlenecks");
      const table = page.getByRole("region", { name: "Delay between touchpoints" });
      await table.focus();
      for (let pressed = 0; pressed < 8; pressed += 1) await page.keyboard.press("ArrowRight");
      await until(page, "document.querySelector('.scroll').scrollLeft > 100");
      const [edge, first] = await table.evaluate((one) => [one.getBoundingClientRect().left, one.querySelector("tbody th").getBoundingClientRect().left]);
      assert.ok(Math.abs(first - edge) < 2, `${first} beside ${edge}`);
    }, { width: 390, allowed: EXAMPLE }));

  test("names in sentences are marked, differences have a sign, and why two tests can differ is said", () =>
    visit(async (page) => {
      await example(page);
      await go(page, "Compare segments");
      await page.locator("caption", { hasText: "Differences" }).waitFor();
      const text = await page.locator("main").evaluate((main) => main.innerText);
      assert.equal(text.includes("`"), false);
      assert.equal(await page.locator("main li code").first().textContent(), "checkout_bug");
      assert.match(text, /p is corrected for all 129 tests/);
      assert.deepEqual((await cells(page, "Segments by platform")).map(([name, , , , , , above]) => [name, above]), [["desktop", "+9.8 points"], ["mobile", "−10.5 points"], ["tablet", "−0.4 points"]]);
      for (const row of await cells(page, "Differences")) assert.match(row[5], /^([+−]\d|0)/);
    }, { allowed: EXAMPLE }));

  test("pictures are saved", () =>
    visit(async (page) => {
      await choose(page, "journey,touchpoint,time\na,x,2024-01-01\na,y,2024-01-02\n");
      await read(page);
      await go(page, "Bottlenecks");
      const [drawn] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the picture" }).click()]);
      assert.match(readFileSync(await drawn.path(), "utf8"), /^<svg/);
      await go(page, "Journey graph");
      await page.locator("journey-map svg").waitFor();
      const [graph] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as SVG" }).click()]);
      assert.match(readFileSync(await graph.path(), "utf8"), /^<svg/);
    }));

  test("a touchpoint of the journey graph that is selected, by mouse or keyboard, has its ways listed alone", () =>
    visit(async (page) => {
      await choose(page, "journey,touchpoint,time\na,x,2024-01-01\na,y,2024-01-02\nb,x,2024-01-01\nb,z,2024-01-03\n");
      await read(page);
      await go(page, "Journey graph");
      const ways = async () => (await cells(page, "Ways taken")).map(([from, to]) => `${from} ${to}`).sort();
      const of = (name) => page.getByRole("button", { name: new RegExp(`^${name}; `) });
      await of("x").hover();
      await page.locator("journey-map [part=tooltip]").getByText("2 journeys").waitFor();
      const all = ["(start) x", "x y", "x z", "y (end)", "z (end)"];
      assert.deepEqual(await ways(), all);
      await of("y").click();
      await page.getByText("Ways to and from y.").waitFor();
      assert.deepEqual(await ways(), ["x y", "y (end)"]);
      await of("z").focus();
      await page.keyboard.press("Enter");
      await page.getByText("Ways to and from z.").waitFor();
      assert.deepEqual(await ways(), ["x z", "z (end)"]);
      await page.getByRole("button", { name: "List all ways" }).click();
      await page.getByText("Ways to and from").waitFor({ state: "detached" });
      assert.deepEqual([await ways(), await of("z").getAttribute("aria-pressed")], [all, "false"]);
    }));

  test("labels that attack are text in every view", () =>
    visit(async (page) => {
      const hostile = '<img src=x onerror="window.hurt=1">';
      const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
      const rows = Array.from({ length: 60 }, (_, row) => [`c${row % 20}`, row % 2 ? hostile : "</style><script>window.hurt=1</script>", `2024-01-0${1 + (row % 9)}`, row % 3 ? hostile : "b"].map(quoted).join());
      await choose(page, `journey,touchpoint,time,${quoted(hostile)}\n${rows.join("\n")}\n`);
      await role(page, hostile).selectOption("segment");
      await read(page);
      await add(page, "Add a touchpoint to the goal", hostile);
      await go(page, "Funnel");
      for (let step = 0; step < 2; step += 1) await add(page, "Add a step", hostile);
      for (const name of VIEWS) {
        await go(page, name);
        if (name === "Report") await page.getByRole("button", { name: "Write the report" }).click();
        await idle(page);
        assert.equal(await page.evaluate("window.hurt"), undefined, name);
        assert.equal(await page.locator("main img, main script").count(), 0, name);
      }
    }));

  test("it remembers nothing", () =>
    visit(async (page) => {
      await choose(page, CSV);
      const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]);
      assert.deepEqual(kept, [0, 0, "", 0, 0, 0]);
    }));

  const drawn = process.env.JOURNEY_LOOKS_PNG === "1";
  for (const width of [1400, 390]) {
    // Colours and widths have little to do with each other; all four are looked at when they are drawn.
    for (const colorScheme of drawn ? ["light", "dark"] : [width === 390 ? "dark" : "light"]) {
      test(`every view is without serious barriers at ${width} pixels in ${colorScheme}, and no wider than the page`, () =>
        visit(async (page) => {
          const axe = readFileSync(packaged("axe-core"), "utf8");
          await page.evaluate(axe);
          const look = async (name) => {
            const { violations } = await page.evaluate("axe.run()");
            const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
            assert.deepEqual(serious.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), []);
            assert.ok((await page.evaluate("document.documentElement.scrollWidth")) <= width, `${name} scrolls sideways`);
            if (!drawn) return;
            mkdirSync(root("target/looks/studio"), { recursive: true });
            // Playwright would put a style into the page to hide what blinks, which the policy forbids.
            await page.screenshot({ path: root(`target/looks/studio/${name}-${width}-${colorScheme}.png`), fullPage: true, caret: "initial", animations: "allow" });
          };
          await look("begin");
          await choose(page, CSV);
          await look("columns");
          await page.getByRole("button", { name: "Choose another file" }).click();
          await example(page);
          for (const name of VIEWS) {
            await go(page, name);
            if (name === "Report") {
              await page.getByRole("button", { name: "Write the report" }).click();
              await page.locator(".written[aria-busy=false]").waitFor();
            }
            await idle(page);
            await look(name.toLowerCase().replaceAll(" ", "-"));
          }
        }, { width, colorScheme, allowed: EXAMPLE }));
    }
  }
});
