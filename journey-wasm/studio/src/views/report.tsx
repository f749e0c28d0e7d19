// The report of everything, as a page to read here and to hand on.
import { useEffect, useRef, useState } from "preact/hooks";
import type { JourneyReport, Language, MapData, RenderReportOptions } from "journey-wasm";
import { Answered, NeedsLog, onMap, useAnswer, withMap } from "../answers";
import { call, type RemoteLog } from "../engine";
import { Choice, Fields, NumberField, TextField } from "../parts/choice";
import { Fit } from "../parts/fit";
import { adopt, frame, move, parsed } from "../parts/pieces";
import { save } from "../parts/save";
import { asError, funnel, goal, loaded, map, problem, theme } from "../store";

export function ReportView() {
  return <NeedsLog>{(log) => <Report log={log} />}</NeedsLog>;
}

interface Asked {
  number: number;
  findings: number;
}

function Report({ log }: { log: RemoteLog }) {
  const [lang, setLang] = useState<Language>("en");
  const [findings, setFindings] = useState(5);
  const [title, setTitle] = useState("");
  const [asked, ask] = useState<Asked | null>(null);
  const answer = useAnswer(() => asked && found(log, asked.findings), [log, asked]);
  return (
    <>
      <p class="soft">All questions at once, what matters most first. {map.value ? "The map is drawn as well, with what the log says of it." : "With a map under Map, that is drawn as well."}</p>
      {map.value && <Fit data={map.value} log={log} />}
      {goal.value.length === 0 && !map.value?.outcome?.conversions?.length && <p class="soft">No goal is set, so the report says nothing about conversion. <a href="#data">Set it under Data.</a></p>}
      <Fields>
        <TextField label="Title" hint={map.value?.name ?? "as the language says"} size={24} value={title} onChange={setTitle} />
        <Choice label="Language" value={lang} of={[["en", "English"], ["it", "Italiano"]]} onChange={setLang} />
        <NumberField label="Findings" value={findings} least={1} most={100} onChange={setFindings} />
        <button type="button" class="primary" aria-disabled={answer.busy} onClick={() => !answer.busy && ask({ number: (asked?.number ?? 0) + 1, findings })}>Write the report</button>
      </Fields>
      <Answered answer={answer}>{(report) => <Written found={report} page={{ lang, title: title || null }} />}</Answered>
    </>
  );
}

/** A report, and the map that it is about. */
interface Found {
  report: JourneyReport;
  data: MapData | null;
}

/** Asks everything, in the worker. */
async function found(log: RemoteLog, findings: number): Promise<Found> {
  const steps = funnel.value.steps.length > 1 ? funnel.value.steps.map(({ touchpoint }) => touchpoint) : [];
  const options = { conversion: goal.value, steps, findings };
  const data = map.value;
  if (!data) return { data, report: await call("report", log, null, options) };
  return withMap(data, (drawn) => onMap(log, drawn, async (named) => ({ data, report: await call("report", named, drawn, options) })));
}

function Written({ found: { report, data }, page }: { found: Found; page: RenderReportOptions }) {
  const colours = theme.value;
  const write = (options: RenderReportOptions) => {
    const shown = { ...page, notes: loaded.value?.notes ?? [], ...options };
    return data ? withMap(data, (drawn) => call("renderReport", report, drawn, shown)) : call("renderReport", report, null, shown);
  };
  const answer = useAnswer(() => write({ theme: colours }), [report, data, colours, page.lang, page.title]);
  // What is handed on follows the system of whoever opens it.
  const download = () => write({ theme: "auto" }).then((text) => save(new Blob([text], { type: "text/html" }), "journey-report.html"), (error: unknown) => (problem.value = asError(error)));
  return (
    <>
      <button type="button" onClick={() => void download()}>Download the report as HTML</button>
      <Answered answer={answer}>{(text) => <Page text={text} />}</Answered>
    </>
  );
}

/**
 * Shows the page within this one. In a frame it would be under the policy of this page, which allows no styles within it; so its
 * styles are adopted, and what it holds besides, which has no script, is put below a root of its own.
 */
function Page({ text }: { text: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [whole, setWhole] = useState("");
  useEffect(() => {
    const host = place.current;
    if (!host) return;
    let wanted = true;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    void show(root, text, () => wanted).then(() => wanted && setWhole(text));
    return () => {
      wanted = false;
    };
  }, [text]);
  return <div class="written" ref={place} aria-busy={whole !== text} />;
}

/** Puts the page below a root, part by part: it is long, and parsed in one go it would hold up the page. */
async function show(root: ShadowRoot, text: string, wanted: () => boolean): Promise<void> {
  const plain = adopt(root, text, (rules) => `${rules.replaceAll(/(^|[\s,{}])body(?=[\s,{])/g, "$1.page")}\n${UNSEEN}`);
  const page = await parsed(plain, wanted);
  if (!page) return;
  const body = document.createElement("div");
  body.className = `page ${page.body.className}`;
  body.lang = page.documentElement.lang;
  // The address is that of the view, so links to parts of the page are followed here.
  body.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (!link) return;
    event.preventDefault();
    const target = root.getElementById(link.getAttribute("href")?.slice(1) ?? "");
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    void arrive(target);
  });
  root.replaceChildren(body);
  await move(page.body, body, wanted);
}

/** Scrolls to a part until it holds still: what comes into sight on the way gets its own height, and moves it. */
async function arrive(target: Element): Promise<void> {
  for (let still = 0, frames = 0, before = Number.NaN; still < 3 && frames < 60; frames += 1) {
    target.scrollIntoView();
    await frame();
    const { top } = target.getBoundingClientRect();
    still = top === before ? still + 1 : 0;
    before = top;
  }
}

/** Parts that are not in sight are laid out when they come into it. */
const UNSEEN = ".page section { content-visibility: auto; contain-intrinsic-height: auto 60rem; }";
