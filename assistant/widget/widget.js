// The Keep it Local assistant on any page: see README.md. It asks for nothing and keeps nothing before a reader
// opens it. What comes from the server becomes text, never HTML.
(() => {
  "use strict";

  const NAME = "keep-it-local";
  const PATIENCE_MS = 40_000; // servers break silences of 15 s
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  // Old browsers keep the plain link to /ask.
  if (!script || !window.CSS?.supports("color", "light-dark(red,oklch(from red l c h))")) return;

  const ENGLISH = {
    button: "Ask Keep it Local",
    title: "Ask Keep it Local",
    greeting: "Ask how councils commission services with their communities. Every sentence comes with its source.",
    caution: "Automatic answers from Locality’s Keep it Local material, not legal advice. Check a source before you quote it.",
    try: "Try one of these",
    example1: "How can a council use reserved contracts to help communities?",
    example2: "How did Leeds merge its contracts and keep small providers?",
    example3: "What is the Oldham Model?",
    log: "Conversation",
    question: "Your question",
    ask: "Ask",
    stop: "Stop",
    clear: "Start over",
    cleared: "The conversation was cleared.",
    close: "Close",
    contact: "Ask a person",
    asked: "You asked: ",
    searched: "Searched for: {question}",
    looking: "Looking through the material…",
    busy: "Your last question is still being answered.",
    empty: "Type a question first.",
    answered: "Answered from the material",
    partly_answered: "Partly answered from the material",
    not_in_material: "Not in the material",
    conversation: "About this assistant",
    stopped: "Stopped before the answer was complete",
    missing: "What is missing",
    nearest: "Closest passages",
    nearest_means: "They come nearest, but do not answer your question.",
    quotes: "No language model wrote this.",
    written: "Written by {model}; each sentence was checked.",
    material: "Searched {documents} documents, indexed on {date}.",
    source: "Source {number}",
    principle: "Principle {number}",
    original: "Original text",
    digest: "Digest, not the original’s words",
    via: "From another source: {name}",
    read: "Read the original",
    read_via: "Read that source",
    new_tab: " (opens in a new tab)",
    hide: "Close source",
    next: "You could ask next",
    copy: "Copy with references",
    copied: "Copied.",
    not_copied: "Copying did not work.",
    download: "Download",
    references: "References",
    no_date: "no date",
    words: "The words it rests on: “{quote}”",
    origin: "Asked on {asked}. The Keep it Local assistant; material indexed on {date}. Check a source before you quote it.",
    useful: "Was this useful?",
    up: "Yes",
    down: "No",
    reason: "Why? (optional; no personal details please)",
    send: "Send",
    rated: "Thank you.",
    not_rated: "That could not be sent.",
    kept: "Your question is back in the box.",
    retry: "Try again",
    unreachable: "The assistant can’t be reached. Please try again later.",
    refused: "This website may not use the assistant. Please tell whoever looks after it.",
    not_ready: "The assistant is not ready. Please try again {wait}.",
    too_many: "Too many questions just now. Please try again {wait}.",
    broken: "The connection broke off before the answer was complete.",
    failed: "Something went wrong. Please try again.",
    introduction: "Introduction",
    essay: "Essay",
    "case-study": "Case study",
    guide: "Guide",
    report: "Report",
    network: "Network page",
    press: "Press release",
    article: "Article or blog",
  };

  const CIRCLE = "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18";
  const ICONS = {
    answered: `${CIRCLE}M8 12l3 3l5-6`,
    partly_answered: `${CIRCLE}M12 3v18M16 5v14`,
    not_in_material: `${CIRCLE}M8 12h8`,
    conversation: "M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12h5",
    close: "M6 6l12 12M18 6L6 18",
    thumb: "M8 11v9H4v-9zM8 11l4-7c2 0 3 1 2 4l-1 3h5c2 0 2 2 2 2l-2 6c0 1-1 1-2 1H8",
  };

  const LOOKS = `
:host{display:contents;--ink:light-dark(#211a2b,#efeaf4);--soft:light-dark(#5a5365,#bdb4c9);
--paper:light-dark(#fff,#1a161f);--card:light-dark(#f7f4fa,#262030);--line:light-dark(#d9d2e2,#453b52);
--edge:light-dark(#82798f,#8f849e);--yes:light-dark(#0b6158,#74d4c6);--partly:light-dark(#8a4b00,#f2bd74)}
:host([data-inline]),:host([data-target]){display:block;height:100%}
.kil{all:initial;display:contents;color-scheme:inherit;color:var(--ink);--fill:var(--kil-colour,#512283);
--is-dark:(.179 - y)*9e9;--on:color(from var(--fill) xyz-d65 clamp(0,var(--is-dark),.95) clamp(0,var(--is-dark),1) clamp(0,var(--is-dark),1.09));
--link:light-dark(oklch(from var(--fill) min(l,.42) c h),oklch(from var(--fill) max(l,.82) min(c,.1) h));--tint:color-mix(in srgb,var(--link) 13%,var(--paper));
--round:var(--kil-radius,.9em);--gap:var(--kil-offset,1.25em);
font:max(16px,1rem)/1.5 sans-serif;font-family:var(--kil-font,inherit);overflow-wrap:break-word}
*{box-sizing:border-box;unicode-bidi:plaintext;text-align:start}
h2,h3,h4,p,ul,blockquote{margin:0;padding:0;font-size:1em}
h2,h3,h4,b,label,.outcome{font-weight:650;line-height:1.35}
[hidden]{display:none!important}
a{color:var(--link)}
a,button{text-underline-offset:.18em}
button,textarea{font:inherit;color:inherit;border:1px solid var(--edge);border-radius:.5em;background:var(--paper)}
button,summary{cursor:pointer}
button{min-width:1.8em;min-height:2.25em;padding:.25em .75em}
button:hover,a:hover{text-decoration:underline 2px}
button[aria-pressed=true]{background:var(--yes);color:var(--paper)}
:focus-visible{outline:3px solid var(--yes);outline-offset:2px}
svg{width:1.3em;height:1.3em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.small{font-size:.875em;color:var(--soft);line-height:1.45}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.fill{background:var(--fill);color:var(--on);border-color:transparent;font-weight:650}
.launch,dialog{position:fixed;inset:auto;inset-block-end:var(--gap);inset-inline-end:var(--gap);max-width:calc(100vw - 2*var(--gap))}
[data-corner*=start]{inset-inline:var(--gap) auto}
[data-corner*=top]{inset-block:var(--gap) auto}
.launch,.row,.row button,.outcome,.head{display:flex;gap:.5em;align-items:center}
.launch:has(~dialog[open]){visibility:hidden}
.launch{z-index:2147483000;padding:.75em 1.2em .75em 1em;border-radius:2em;box-shadow:0 0 0 2px var(--paper),0 4px 18px #1e0a3c59}
dialog{width:var(--kil-width,27em);height:var(--kil-height,44em);max-height:calc(100dvh - 2*var(--gap));margin:0;padding:0;
color:inherit;box-shadow:0 4px 48px #1e0a3c59}
dialog::backdrop{background:#1e0a3c2e}
dialog,section{border:1px solid var(--line);border-radius:var(--round);background:var(--paper);overflow:hidden}
section{height:100%;min-height:24em;max-height:var(--kil-height,44em)}
dialog[open],section{display:flex;flex-direction:column}
.head{padding:.6em .6em .6em 1em;background:var(--fill);color:var(--on)}
.head h2{flex:1;font-size:1.1em}
.head button{display:grid;place-items:center;background:0 0;border-color:currentColor;font-size:.9em}
.head *{outline-color:var(--on)!important}
.log{flex:1;min-height:0;overflow:auto;overscroll-behavior:contain;padding:1em}
.log:focus-visible{outline-offset:-3px}
.start,.turn,.text,.more,.source,form{display:grid;gap:.9em;align-content:start;grid-template-columns:100%}
.ask ul{display:grid;gap:.5em;margin-top:.5em;list-style:none}
.ask button{width:100%;padding:.55em .8em;border-color:var(--line);border-inline-start:.25em solid var(--link);color:var(--link);background:var(--card)}
.turn{padding-bottom:1.5em}
.turn+.turn{padding-top:1.25em;border-top:1px solid var(--line)}
.turn+.turn:last-child{min-height:100%}
.asked{padding:.7em .9em;border-radius:.9em;border-end-end-radius:0;background:var(--tint)}
.outcome{color:var(--soft)}
.answered{color:var(--yes)}
.partly_answered{color:var(--partly)}
.text ul{padding-inline-start:1.25em}
.box,.not_in_material~.text{padding:.7em .9em;border:1px solid var(--line);border-inline-start:.35em solid var(--partly);border-radius:.4em;background:var(--card)}
.not_in_material~.text{border-style:dashed;border-color:var(--soft)}
.error{border-color:#c43028}
.n{text-align:center;scroll-margin:1em;min-height:1.8em;margin-inline-start:.25em;padding:0 .4em;border-color:transparent;background:var(--tint);color:var(--link);font-size:.85em;font-weight:700}
.n[aria-expanded=true]{background:var(--fill);color:var(--on)}
.source{gap:.45em;margin-block:.6em;padding:.8em .9em;border:1px solid var(--edge);border-radius:.6em;background:var(--card)}
.origin{display:inline-block;padding:0 .5em;border:1px solid;border-radius:1em;color:var(--partly)}
.original{color:var(--yes)}
blockquote{padding-inline-start:.8em;border-inline-start:3px solid var(--edge);white-space:pre-line}
mark{background:light-dark(#ffe99a,#5d4a0c);color:inherit}
.row{flex-wrap:wrap}
details{margin-top:.5em}
p+.row,.row+form{margin-top:.6em}
.row button,form button{font-size:.9em}
form button{justify-self:start}
.down svg{rotate:180deg}
textarea{width:100%;min-height:2.9em;max-height:9em;padding:.6em .7em;resize:vertical;field-sizing:content}
.foot{gap:.4em;padding:.7em 1em .8em;border-top:1px solid var(--line);background:var(--card)}
.foot .row{flex-wrap:nowrap;align-items:end}
.foot .row button{min-width:4.2em;min-height:3.2em;justify-content:center}
.foot p:empty{display:none}
@media (max-width:36em),(max-height:32em){dialog:modal{inset:0;width:100%;height:100%;max-width:none;max-height:none;border-radius:0}}
@media (max-height:32em){dialog{overflow:auto}dialog .log{flex:none;overflow:visible}.turn.turn{min-height:0}}
@media (prefers-reduced-motion:no-preference){.looking svg{animation:k 1s infinite alternate}@keyframes k{to{opacity:.3}}}
@media (forced-colors:active){.launch,dialog,.n,.fill{border-color:ButtonText}[aria-pressed=true],[aria-expanded=true]{outline:3px solid Highlight}mark{forced-color-adjust:none;background:Mark;color:MarkText}}
@media print{.launch{display:none}}`;

  let looks;
  let ids = 0;

  // Makes an element: h("p.small", {props}, children). What is no element becomes text, whatever is in it.

  function h(what, ...children) {
    const [tag, name = false] = what.split(/\.(.*)/);
    const props = children[0]?.constructor === Object ? children.shift() : {};
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries({ class: name, ...props })) {
      if (typeof value === "function") made.addEventListener(key, value);
      else if ((value ?? false) !== false) made.setAttribute(key, value === true ? "" : value);
    }
    return add(made, children);
  }

  function add(parent, children) {
    parent.append(...children.flat(9).filter(Boolean));
    return parent;
  }

  const button = (words, click, props) => h("button", { type: "button", click, ...props }, words);

  function icon(name) {
    const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  function web(address, also) {
    const { protocol, href } = URL.canParse(address) ? new URL(address) : {};
    return ["http:", "https:", also].includes(protocol) ? href : undefined;
  }

  const list = (value) => (Array.isArray(value) ? value : []);
  // Without a prototype an object can be neither props nor text of an element.
  const parse = (json) =>
    JSON.parse(json, (_, one) => (list(one) === one || Object(one) !== one ? one : Object.setPrototypeOf(one, null)));
  const numbered = ({ text, citations }) => text + citations.map((number) => ` [${number}]`).join("");
  const whole = (answer) => String(answer.answer || answer.sentences.map(numbered).join(" "));
  const byline = ({ authors, organisation }) => [...new Set([...list(authors), organisation])].filter(Boolean).join(", ");

  function marked(passage, quote) {
    const start = quote ? passage.indexOf(quote) : -1;
    if (start < 0) return passage;
    return [passage.slice(0, start), h("mark", quote), passage.slice(start + quote.length)];
  }

  async function* events(body, alive) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const [event, data] = ["event", "data"].map((name) => block.match(`(?:^|\n)${name}: ?(.*)`)?.[1]);
        if (data) yield [event, parse(data)];
      }
    }
  }

  // An answer that may not be read still tells a refused host from a server that is down.
  async function unreachable(server) {
    const there = await fetch(`${server}healthz`, { mode: "no-cors", credentials: "omit" }).catch(() => false);
    const mend = there
      ? `Add ${location.origin} to its KIL_ALLOWED_ORIGINS.`
      : "Is it running, and in connect-src of this page’s Content-Security-Policy?";
    console.error(`Keep it Local: ${server} can’t be asked. ${mend}`);
    return there ? "refused" : "unreachable";
  }

  // Within API.md's limits.
  function history(turns) {
    const spoken = turns
      .flatMap(({ question, answer }) => [["reader", question], ["assistant", whole(answer)]])
      .map(([role, text]) => ({ role, text: text.slice(0, 4000).toWellFormed() }))
      .filter(({ text }) => text)
      .slice(-20);
    while (new Blob([JSON.stringify(spoken)]).size > 60_000) spoken.shift();
    return spoken;
  }

  function translator({ labels = "{}", lang = "en-GB", ...data }) {
    const table = { ...ENGLISH, ...data };
    let locales = ["en-GB"];
    try {
      locales = Intl.getCanonicalLocales([lang, ...locales]);
      Object.assign(table, JSON.parse(labels.startsWith("{") ? labels : document.querySelector(labels).textContent));
    } catch (error) {
      console.error("Keep it Local: data-lang or data-labels", error);
    }
    const t = (name, values) => String(table[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values?.[key] ?? "");
    t.date = (day) => {
      const [, month, number] = String(day).split("-");
      const shown = { year: "numeric", month: month && "long", day: number && "numeric", timeZone: "UTC" };
      const date = new Date(day ?? NaN);
      return isNaN(date) ? "" : date.toLocaleDateString(locales, shown);
    };
    t.wait = (seconds) => {
      const [count, unit] = seconds > 59 ? [seconds / 60, "minute"] : [seconds, "second"];
      return new Intl.RelativeTimeFormat(locales).format(Math.ceil(count), unit);
    };
    return t;
  }

  function mount(host, shadow) {
    const { dataset } = host;
    const t = translator(dataset);
    const server = dataset.server || base;
    const within = "inline" in dataset || "target" in dataset;
    const key = `${NAME} ${dataset.target ?? ""}`;
    const root = h("div.kil", { lang: dataset.lang ?? "en" });
    const find = (selector) => root.querySelector(selector);
    const box = () => find(".foot textarea");
    const say = (label) => (find(".status").textContent = label ? t(label) : "");
    let turns = []; // { question, asked, answer }
    let running;

    // An address that is not http(s) stays text.
    function link(address, words, also) {
      const href = web(address, also);
      return href ? h("a", { href, target: "_blank", rel: "noreferrer" }, words, h("span.unseen", t("new_tab"))) : words;
    }

    // The Markdown of an answer without sentences. split() gives five parts for every link or bold.
    function inline(text) {
      const parts = text.split(/\[([^[\]]+)\]\(([^()\s]+)\)|\*\*([^*]+)\*\*|(https?:\/\/[^\s<>()]*[^\s<>().,;:!?])/);
      return parts.map((part, at) => part && [part, link(parts[at + 1], part), "", h("b", part), link(part, part)][at % 5]);
    }

    const prose = (markdown) =>
      markdown.split(/\n\s*\n/).map((block) => {
        const [rest, ...bullets] = `\n${block}`.split(/\n\s*[-*•] +/);
        return [rest.trim() && h("p", inline(rest)), bullets[0] && h("ul", bullets.map((one) => h("li", inline(one))))];
      });

    function reference({ number, document, source, text_from, link: address }) {
      const year = String(document.published ?? t("no_date")).split("-")[0];
      const via = source ? ` ${t("via", source)}.` : "";
      const text = `[${number}] ${byline(document)} (${year}), “${document.title}”.${via} ${t(text_from)}. `;
      return ["p", text, web(source?.url) ?? web(document.url) ?? web(address)];
    }

    // Lines of [tag, text, address], from which both HTML and text are made.
    function briefing({ question, asked, answer }, full) {
      const { sentences, citations, missing, note, outcome, material } = answer;
      return [
        ["h1", question],
        ["p", t(outcome)],
        ["p", sentences.map(numbered).join(" ") || whole(answer)],
        missing && ["p", `${t("missing")}: ${missing}`],
        note && ["p", note],
        citations.length && ["h2", t("references")],
        ...citations.flatMap((one) => [reference(one), full && ["blockquote", t("words", one)]]),
        ["p", t("origin", { asked: t.date(asked), date: t.date(material?.indexed_on) })],
      ].filter(Boolean);
    }

    const asHtml = (lines) =>
      lines.map(([tag, text, href]) => h(tag, text, href && h("a", { href }, href)).outerHTML).join("\n");

    // The old command also works without https.
    function copy(turn) {
      const lines = briefing(turn);
      const box = h("textarea.unseen", {
        copy: (event) => {
          event.clipboardData.setData("text/html", asHtml(lines));
          event.clipboardData.setData("text/plain", lines.map(([, text, href]) => text + (href ?? "")).join("\n\n"));
          event.preventDefault();
        },
      }, "-");
      const before = shadow.activeElement;
      find(".more").append(box);
      box.select();
      say(document.execCommand("copy") ? "copied" : "not_copied");
      box.remove();
      before?.focus();
    }

    function download(turn) {
      const head = `<!doctype html><meta charset="utf-8">${h("title", turn.question).outerHTML}\n`;
      const href = URL.createObjectURL(new Blob([head, asHtml(briefing(turn, true))], { type: "text/html" }));
      const name = turn.question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 50);
      h("a", { href, download: `${NAME}-${name}.html` }).click();
      setTimeout(() => URL.revokeObjectURL(href), PATIENCE_MS);
    }

    function keep() {
      try {
        if (turns.length) sessionStorage.setItem(key, JSON.stringify(turns.slice(-20)));
        else sessionStorage.removeItem(key);
      } catch {
        // Full or switched off.
      }
    }

    function remember() {
      try {
        parse(sessionStorage.getItem(key))?.forEach((turn) => finish(turn, begin(turn)));
      } catch {
        forget();
      }
    }

    function forget() {
      running?.abort("stopped");
      turns = [];
      keep();
      find(".log").replaceChildren(start());
    }

    function clear() {
      forget();
      busy();
      say("cleared");
      box().focus();
    }

    async function ask(question, fromButton) {
      if (running) return say("busy");
      if (box().value.trim() === question) box().value = "";
      const turn = { question, asked: new Date().toISOString(), answer: { sentences: [], citations: [] } };
      const view = begin(turn);
      if (fromButton) view.querySelector("h3").focus({ preventScroll: true });
      const mine = (running = new AbortController());
      busy();
      say();
      keep();
      try {
        await receive(turn, view, mine);
      } catch (error) {
        if (mine.signal.reason === "stopped") finish(turn, view);
        else fail(turn, view, await reason(turn, error, mine.signal));
      }
      if (running === mine) running = undefined;
      busy();
      if (turns.includes(turn)) keep();
    }

    async function receive(turn, view, mine) {
      let timer;
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => mine.abort("stalled"), PATIENCE_MS);
      };
      alive();
      try {
        const body = { question: turn.question, history: history(turns.slice(0, -1)) };
        const response = await post("ask", body, mine.signal);
        const { ok, status, headers } = response;
        if (!ok) throw { ...(await response.json().catch(() => 0)), status, wait: headers.get("Retry-After") };
        turn.begun = true;
        if (headers.get("Content-Type")?.includes("json")) return finish(turn, view, parse(await response.text()));
        for await (const [event, data] of events(response.body, alive)) {
          if (event === "sentence") hear(turn, view, data);
          if (event === "error") throw data;
          if (event === "done") return finish(turn, view, data);
        }
        throw new Error("broken");
      } finally {
        clearTimeout(timer);
      }
    }

    function post(path, body, signal) {
      const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
      const sent = { method: "POST", credentials: "omit", body: JSON.stringify(body), headers, signal };
      return fetch(`${server}api/${path}`, sent);
    }

    function hear({ answer }, view, { text, citations, numbers }) {
      answer.citations.push(...list(citations));
      answer.sentences.push({ text, citations: list(numbers) });
      sentence(answer, view, answer.sentences.at(-1));
    }

    async function reason({ begun }, { status, wait, detail }, { aborted }) {
      if ([413, 422].includes(status) && detail) return detail;
      const known = { 429: "too_many", 503: "not_ready" }[status] ?? (status && "failed");
      const label = known || (begun || aborted ? "broken" : await unreachable(server));
      return t(label, { wait: t.wait(wait > 0 ? wait : 60) });
    }

    function fail(turn, view, why) {
      const again = () => {
        if (running) return say("busy");
        view.remove();
        turns = turns.filter((one) => one !== turn);
        box().focus();
        ask(turn.question);
      };
      box().value ||= turn.question;
      const told = h("div.box error", h("p", why, " ", t("kept")), h("div.row", button(t("retry"), again)));
      view.querySelector(".outcome").replaceWith(told);
    }

    function busy() {
      find(".send").hidden = running;
      find(".stop").hidden = !running;
      find(".clear").hidden = !turns.length;
    }

    // aria-live=off: the log reads out sentences and little else.
    function begin(turn) {
      const log = find(".log");
      const view = h(
        "article.turn",
        h("div.asked", { "aria-live": "off" }, h("h3", { tabindex: -1 }, h("span.unseen", t("asked")), turn.question)),
        h("p.outcome looking", icon("conversation"), t("looking")),
        h("div.text", { lang: "en" }),
      );
      turns.push(turn);
      find(".start")?.remove();
      log.append(view);
      const box = log.scrollHeight > log.clientHeight ? log : log.parentNode;
      box.scrollTop = view.offsetTop - (box === log ? log.offsetTop : 0);
      return view;
    }

    function sentence(answer, view, { text, citations }) {
      const known = citations.map((number) => answer.citations.find((one) => one.number === number)).filter(Boolean);
      const from = known[0]?.document.id;
      const body = view.querySelector(".text");
      const shown = h("span.sentence", text, known.map(opener), " ");
      if (body.lastChild?.from === from) body.lastChild.append(shown);
      else body.append(Object.assign(h("div", shown), { from }));
    }

    function opener(citation) {
      const { number } = citation;
      const props = { class: "n", "aria-expanded": "false", "aria-label": t("source", { number }) };
      const made = button(String(number), () => toggle(made, citation), props);
      return made;
    }

    function toggle(from, citation) {
      const open = from.closest(".text").querySelector(".source");
      open?.remove();
      open?.from.setAttribute("aria-expanded", "false");
      if (open?.from === from) return from.focus();
      const shown = Object.assign(card(citation, true), { id: `kil-${++ids}`, from });
      shown.append(h("div.row", button(t("hide"), () => toggle(from, citation))));
      from.parentNode.after(shown);
      from.setAttribute("aria-expanded", "true");
      from.setAttribute("aria-controls", shown.id);
      for (const one of [shown, from]) one.scrollIntoView({ block: "nearest" });
    }

    function card({ document, section, passage, quote, text_from, source, link: address, number }, cited) {
      const { title, kind, principle, published } = document;
      const facts = [t(kind), principle && t("principle", { number: principle }), t.date(published)].filter(Boolean).join(" · ");
      return h(
        "div.source",
        { role: "group", "aria-live": "off", "aria-label": cited ? t("source", { number }) : title },
        h("p.small", facts, " ", h(`span.origin ${text_from === "original" && "original"}`, t(text_from))),
        cited && h("p", h("b", title)),
        h("p.small", byline(document)),
        h("p", section),
        h("blockquote", marked(String(passage), cited && quote)),
        source && h("p.small", t("via", source)),
        web(address) && h("p", link(address, t(source ? "read_via" : "read"))),
      );
    }

    function finish(turn, view, answer = turn.answer) {
      const shown = view.querySelectorAll(".sentence").length;
      turn.answer = { outcome: "stopped", ...answer, sentences: list(answer.sentences), citations: list(answer.citations) };
      const { outcome, sentences, missing, note } = turn.answer;
      const text = view.querySelector(".text");
      const sign = Object.hasOwn(ICONS, outcome) ? outcome : "close";
      sentences.slice(shown).forEach((one) => sentence(turn.answer, view, one));
      view.querySelector(".outcome").replaceWith(h(`p.outcome ${sign}`, icon(sign), t(outcome)));
      if (!sentences.length) add(text, prose(whole(turn.answer)));
      add(view, [missing && h("div.box", h("h4", t("missing")), h("p", missing)), note && h("p.small", note), more(turn)]);
    }

    function more(turn) {
      const { id, outcome, question_used: used, follow_ups, nearest, answered_by: model, material } = turn.answer;
      const by = model === "quotes" ? t("quotes") : t("written", { model });
      return h(
        "div.more",
        { "aria-live": "off" },
        used && used !== turn.question && h("p.small", t("searched", { question: used })),
        closest(list(nearest)),
        id && outcome !== "conversation" && [
          h("p.small", by, " ", t("material", { ...material, date: t.date(material?.indexed_on) })),
          h("div.row", button(t("copy"), () => copy(turn)), button(t("download"), () => download(turn))),
        ],
        id && feedback(turn),
        outcome === "not_in_material" && h("p", contact()),
        suggestions(t("next"), list(follow_ups)),
      );
    }

    const closest = (passages) =>
      passages.length > 0 &&
      h(
        "div",
        h("h4", t("nearest")),
        h("p.small", t("nearest_means")),
        passages.map((one) => h("details", h("summary", one.document.title, " – ", one.section), card(one))),
      );

    function feedback(turn) {
      const id = `kil-${++ids}`;
      const text = h("textarea", { id, maxlength: 1000 });
      const send = async (event) => {
        event.preventDefault();
        form.hidden = await tell(turn, text.value.trim() || null);
        thumbs.find((one) => one.ariaPressed === "true").focus();
      };
      const form = h("form", { hidden: true, submit: send }, h("label.small", { for: id }, t("reason")), text, h("button", t("send")));
      const thumbs = ["up", "down"].map((rating) =>
        button([icon("thumb"), t(rating)], () => rate(rating), { class: rating, "aria-pressed": String(turn.rated === rating) }),
      );
      const rate = (rating) => {
        turn.rated = rating;
        thumbs.forEach((one) => one.setAttribute("aria-pressed", one.className === rating));
        form.hidden = false;
        tell(turn, null);
      };
      return h("div", { role: "group", "aria-label": t("useful") }, h("div.row", h("span.small", t("useful")), thumbs), form);
    }

    async function tell({ answer, rated }, reason) {
      const sent = await post("feedback", { answer: answer.id, rating: rated, reason }).catch(() => false);
      say(sent.ok ? "rated" : "not_rated");
      keep();
      return sent.ok;
    }

    function suggestions(heading, questions) {
      const items = questions.filter(Boolean).map((text) => h("li", button(text, () => ask(text, true))));
      return items.length > 0 && h("div.ask", h("h3", heading), h("ul", items));
    }

    function start() {
      const questions = dataset.examples?.split("|") ?? [t("example1"), t("example2"), t("example3")];
      return h("div.start", h("p", t("greeting")), suggestions(t("try"), questions));
    }

    function contact() {
      const { contactUrl: url, contactName: name } = dataset;
      return url && link(url, [t("contact"), name && `: ${name}`], "mailto:");
    }

    function foot(id) {
      const typed = (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        event.target.form.requestSubmit();
      };
      const submit = (event) => {
        event.preventDefault();
        const question = box().value.trim();
        if (question) ask(question);
        else say("empty");
      };
      const stop = () => {
        running.abort("stopped");
        box().focus();
      };
      return h(
        "form.foot",
        { submit },
        h("label.small", { for: `${id}q` }, t("question")),
        h(
          "div.row",
          h("textarea", { id: `${id}q`, rows: 1, maxlength: 1000, "aria-describedby": `${id}c`, keydown: typed }),
          h("button.fill send", t("ask")),
          button(t("stop"), stop, { class: "stop", hidden: true }),
        ),
        h("p.small status", { role: "status" }),
        h("p.small", { id: `${id}c` }, t("caution"), " ", contact()),
      );
    }

    function draw() {
      const id = `kil-${++ids}`;
      const around = within ? "section" : "dialog";
      const header = h(
        "div.head",
        h("h2", { id, tabindex: -1 }, t("title")),
        button(t("clear"), clear, { class: "clear", hidden: true }),
        !within && button(icon("close"), () => find("dialog").close(), { "aria-label": t("close") }),
      );
      const log = h("div.log", { role: "log", "aria-label": t("log"), tabindex: 0 }, start());
      root.append(h(around, { "aria-labelledby": id, "data-corner": dataset.corner, closedby: "any" }, header, log, foot(id)));
      remember();
      busy();
    }

    function open(question) {
      if (!find(".log")) draw();
      if (!within && !find("dialog").open) find("dialog").showModal();
      // On touch screens the box would bring up the keyboard.
      (matchMedia("(pointer:coarse)").matches ? find("h2") : box()).focus();
      if (question) ask(question);
    }

    function leave() {
      find("dialog")?.close();
      queueMicrotask(() => host.isConnected || running?.abort("stopped"));
    }

    for (const type of ["keydown", "keyup", "keypress"]) root.addEventListener(type, (event) => event.stopPropagation());
    shadow.append(root);
    root.style.colorScheme = dataset.scheme?.replace("auto", "light dark") ?? "";
    if (CSS.supports("color", dataset.colour)) root.style.setProperty("--fill", dataset.colour);
    if (within) draw();
    else {
      const props = { class: "launch fill", "data-corner": dataset.corner, "aria-haspopup": "dialog" };
      root.append(button([icon("conversation"), t("button")], () => open(), props));
    }
    return { open, leave };
  }

  class KeepItLocal extends HTMLElement {
    #widget;

    connectedCallback() {
      if (this.#widget) return;
      const shadow = this.attachShadow({ mode: "open" });
      if (!looks) (looks = new CSSStyleSheet()).replaceSync(LOOKS);
      shadow.adoptedStyleSheets = [looks];
      this.#widget = mount(this, shadow);
    }

    disconnectedCallback() {
      this.#widget.leave();
    }

    open(question) {
      this.#widget.open(question);
    }
  }

  const base = new URL(".", script.src).href;
  if (!customElements.get(NAME)) customElements.define(NAME, KeepItLocal);

  // One widget for each place, however often the tag runs.
  function place() {
    const { target = "" } = script.dataset;
    const parent = target ? document.querySelector(target) : document.body;
    if (!parent) return console.error(`Keep it Local: no element ${target} on this page.`);
    if ([...document.querySelectorAll(NAME)].some((one) => (one.dataset.target ?? "") === target)) return;
    const made = document.createElement(NAME);
    Object.assign(made.dataset, { server: base }, script.dataset);
    parent.append(made);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", place);
  else place();
})();
