// How the chat page behaves. Python draws; this shows, lights, asks, and tells Python.
// chat-kept.js keeps conversations in the browser, chat-take.js copies and saves.
globalThis.chat = (() => {
  "use strict";

  const SHOWN_AT = 0.85; // the counter appears when this share of the question's length is used
  const NUDGE_EVERY_MS = 1500;
  const NUDGES = 8;
  const LISTENS_AFTER_MS = 4000; // if Gradio's first word is lost, it is taken to listen by then
  const VIEWS = ["ask", "search", "browse"];

  const chosen = new Map(); // which cards the reader opened or closed, by the card's id
  const cameFrom = new Map(); // which number led to a card, by the card's id and the number
  let lit = null;
  let newest = null; // the last turn that was followed
  let following = false; // until the reader moves, a new question stays at the top while its answer grows
  let suggested = false; // whether the newest question came from a button, which is gone by now
  let nudging = 0;
  let waiting = []; // what was told before Gradio listened
  let asked = null; // the question that was sent, until it is seen on the page
  let replaces = false; // whether the next question replaces the last
  let wanted = null; // the passage to go to in the document that was asked for
  let cameToReader = null;

  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const box = () => $("#box");
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scroll = (element, block) => element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
  const target = (link) => document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
  const lastTurn = () => all(".turn").at(-1);
  const signature = () => {
    const turn = lastTurn();
    if (!turn) return "";
    const answer = $(".feedback", turn)?.dataset.answer ?? turn.dataset.kept?.length;
    return `${turn.id} ${turn.dataset.text} ${turn.hasAttribute("data-pending") ? "pending" : answer}`;
  };

  function send(name, data) {
    document.dispatchEvent(new CustomEvent("chat:tell", { detail: { name, data } }));
  }

  function tell(name, data = {}) {
    if (waiting) waiting.push([name, data]);
    else send(name, data);
  }

  function listen() {
    const held = waiting ?? [];
    waiting = null;
    held.forEach(([name, data]) => send(name, data));
  }

  // Gradio 6.31's client may mistake a stream that closes for an open one (when a question is sent just as
  // something else ends), and then never hears the answer. Whatever is sent next opens a stream again.
  function nudge() {
    let left = NUDGES;
    clearInterval(nudging);
    nudging = setInterval(() => {
      if (waiting) return;
      if (left-- > 0) send("apply", {});
      else clearInterval(nudging);
    }, NUDGE_EVERY_MS);
  }

  // --- views ---

  function view(name) {
    const to = VIEWS.includes(name) ? name : "ask";
    document.body.dataset.view = to;
    for (const link of all("a[data-view]")) {
      if (link.dataset.view === to) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    all("section.view").forEach((section) => (section.hidden = section.id !== `${to}-head`));
    const place = $(to === "search" ? "#search .place-for-filters" : "#ask .place-for-filters");
    place.append($("#filters"));
  }

  function goToView(link) {
    const to = link.dataset.view;
    history.pushState(null, "", to === "ask" ? location.pathname + location.search : `#${to}`);
    view(to);
    scrollTo({ top: 0 });
    if (to !== "browse") $(to === "search" ? "#words" : "#box").focus({ preventScroll: true });
  }

  // --- where to look ---

  const boxes = () => all("#choices input");
  const where = () => ({
    principles: boxes().filter((one) => one.checked && one.name === "principle").map((one) => Number(one.value)),
    kinds: boxes().filter((one) => one.checked && one.name === "kind").map((one) => one.value),
  });

  function narrowTo(principles, kinds) {
    for (const one of boxes()) {
      one.checked = (one.name === "principle" ? principles : kinds).map(String).includes(one.value);
    }
    showChosen();
  }

  function showChosen() {
    const list = $("#chosen");
    const held = boxes().filter((one) => one.checked);
    list.replaceChildren(
      ...held.map((one) => {
        const [item, drop] = [document.createElement("li"), document.createElement("button")];
        const words = one.parentElement.textContent;
        drop.type = "button";
        drop.textContent = words;
        drop.setAttribute("aria-label", `${list.dataset.drop}: ${words}`);
        drop.addEventListener("click", () => {
          one.checked = false;
          changed();
          ($("#chosen button") ?? $("#filters > button")).focus();
        });
        item.append(drop);
        return item;
      }),
    );
    list.hidden = !held.length;
    $("[data-everywhere]").hidden = !held.length;
  }

  function changed() {
    showChosen();
    if (document.body.dataset.view === "search" && $("#found .hits, #found .nothing")) search();
  }

  function toggleChoices(button, open = button.getAttribute("aria-expanded") !== "true") {
    button.setAttribute("aria-expanded", String(open));
    $("#choices").hidden = !open;
  }

  // --- asking ---

  function ask(question) {
    asked = { text: question.text, before: signature() };
    newest = null;
    tell("submit", { ...where(), ...question, replaces: question.replaces ?? replaces });
    edit(null);
    nudge();
  }

  function suggest(button) {
    suggested = true;
    view("ask");
    replaces = false;
    ask({ text: button.dataset.ask });
  }

  function again(button) {
    const { text, principles, kinds } = button.closest(".turn").dataset;
    const numbers = principles.split(" ").filter(Boolean).map(Number);
    suggested = true;
    ask({ text, principles: numbers, kinds: kinds.split(" ").filter(Boolean), replaces: true });
  }

  function edit(turn) {
    replaces = Boolean(turn);
    $("#editing").hidden = !replaces;
    if (!turn) return;
    box().value = turn.dataset.text;
    narrowTo(turn.dataset.principles.split(" "), turn.dataset.kinds.split(" "));
    typed(box());
    box().focus();
    box().select();
  }

  function leave() {
    edit(null);
    box().value = "";
    typed(box());
    box().focus();
  }

  // The box is emptied once its question stands on the page, and filled again if nothing came of it.
  function settle() {
    if (asked && signature() !== asked.before && lastTurn()) {
      if (box().value.trim() === asked.text.trim()) box().value = "";
      asked = null;
      typed(box());
    }
    const notice = $("#notice .notice");
    if (!notice) return;
    asked = null;
    if (notice.dataset.back && !notice.dataset.done && !box().value) {
      box().value = notice.dataset.back;
      typed(box());
    }
    notice.dataset.done = "true";
  }

  function search() {
    tell("select", { ...where(), text: $("#words").value });
    nudge();
  }

  function askByAddress() {
    const link = new URLSearchParams(location.search);
    const text = link.get("q");
    if (!text) return false;
    narrowTo(link.getAll("principle"), link.getAll("kind"));
    history.replaceState(null, "", location.pathname); // asked once: loading the page again does not ask again
    box().value = text;
    typed(box());
    ask({ text });
    return true;
  }

  function within(button) {
    narrowTo([button.dataset.within], []);
    view("ask");
    box().focus();
  }

  // --- documents ---

  function read(button) {
    wanted = button.dataset.passage ?? null;
    cameToReader = button;
    tell("option_select", { id: button.dataset.read });
    nudge();
  }

  function showDocument() {
    const drawn = $("#whole .whole, #whole .notice");
    const dialog = $("#reader");
    if (!drawn || !cameToReader) return;
    $(".place", dialog).replaceChildren(drawn.cloneNode(true));
    all("#whole .whole [id]").forEach((one) => one.removeAttribute("id")); // else each would be there twice
    if (!dialog.open) dialog.showModal();
    cameToReader = null;
    const passage = wanted && document.getElementById(`passage-${wanted}`);
    passage?.classList.add("here");
    const first = passage ?? $("h2:not(.unseen)", dialog);
    first?.focus({ preventScroll: true });
    passage?.scrollIntoView({ block: "center" });
  }

  // --- numbers, sentences and cards ---

  const numbersOf = (card) => all("a.number", card).map((link) => link.textContent);
  const citing = (turn, card, numbers) =>
    all("a.cite", turn).filter((link) => target(link) === card && numbers.includes(link.dataset.number));

  function paint(name, card, numbers) {
    all(`.${name}`).forEach((one) => one.classList.remove(name));
    if (!card) return;
    card.classList.add(name);
    for (const mark of all("mark", card)) {
      const its = mark.dataset.numbers.split(" ");
      mark.classList.toggle(name, its.some((number) => numbers.includes(number)));
    }
    for (const link of citing(card.closest(".turn"), card, numbers)) {
      link.classList.add(name);
      link.closest(".sentence").classList.add(name);
    }
  }

  function light(card, number) {
    lit = { card: card.id, number };
    paint("lit", card, [number]);
  }

  function near(place) {
    const link = place?.closest?.("a.cite");
    const card = link ? target(link) : place?.closest?.(".beside .source");
    if (!card) return paint("near", null, []);
    const number = link?.dataset.number ?? place.closest("a.number")?.textContent;
    const marked = place.closest("mark")?.dataset.numbers.split(" ");
    paint("near", card, number ? [number] : (marked ?? numbersOf(card)));
  }

  function open(link) {
    const card = target(link);
    if (!card) return null;
    chosen.set(card.id, true);
    cameFrom.set(card.id + link.dataset.number, link);
    $("details", card).open = true;
    light(card, link.dataset.number);
    return card;
  }

  function goToCard(link) {
    const card = open(link);
    if (!card) return;
    $("summary", card).focus({ preventScroll: true });
    const mark = $("mark.lit", card);
    const tall = card.getBoundingClientRect().height > innerHeight * 0.5;
    scroll(tall && mark ? mark : card, "nearest");
  }

  function goBack(link) {
    const card = link.closest(".source");
    const number = cameFrom.get(card.id + link.textContent);
    const place = number?.isConnected ? number : target(link);
    if (!place) return;
    light(card, link.textContent);
    place.focus({ preventScroll: true });
    scroll(place, "nearest");
  }

  // --- after Python drew anew, what only this page knows is put back ---

  function restore() {
    for (const [id, isOpen] of chosen) {
      const details = $("details", document.getElementById(id) ?? document.createElement("i"));
      if (details && details.open !== isOpen) details.open = isOpen;
    }
    const card = lit && document.getElementById(lit.card);
    if (card) light(card, lit.number);
    settle();
    followNewest();
    const material = $("#material");
    if (material) $("#foot .material").textContent = material.textContent;
  }

  function followNewest() {
    const last = lastTurn();
    const id = last?.id ?? "";
    if (id !== newest) {
      const begun = newest !== "" || last;
      newest = id;
      following = Boolean(last);
      if (last) moveFocus(last);
      else if (begun) forget();
    }
    if (!following || document.body.dataset.view !== "ask") return;
    requestAnimationFrame(() => scroll(all(".turn").length === 1 ? $("#top") : last, "start"));
  }

  function moveFocus(turn) {
    if (!suggested) return;
    suggested = false;
    $("h2", turn).focus({ preventScroll: true });
  }

  function forget() {
    chosen.clear();
    cameFrom.clear();
    lit = null;
  }

  function startOver() {
    tell("clear");
    nudge();
    narrowTo([], []);
    leave();
    view("ask");
    scrollTo({ top: 0 });
    document.dispatchEvent(new CustomEvent("chat:over"));
  }

  // --- the boxes ---

  function typed(area) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
    if (area !== box()) return;
    const counter = $("#counter");
    const used = area.value.length;
    const words = counter.dataset.words.replace("{used}", used).replace("{most}", area.maxLength);
    counter.textContent = used >= area.maxLength * SHOWN_AT ? words : "";
  }

  function measure() {
    document.documentElement.style.setProperty("--under", `${$("#under").offsetHeight}px`);
    document.documentElement.style.setProperty("--asking", `${$("#ask").offsetHeight}px`);
  }

  // --- what the reader does ---

  const clicks = {
    "a.cite": goToCard,
    "a.number": goBack,
    "a[data-view]": goToView,
    "[data-ask]": suggest,
    "[data-stop]": () => tell("stop"),
    "[data-again]": again,
    "[data-edit]": (button) => edit(button.closest(".turn")),
    "[data-leave]": leave,
    "[data-read]": read,
    "[data-within]": within,
    "[data-everywhere]": () => {
      narrowTo([], []);
      changed();
      $("#filters > button").focus();
    },
    "#filters > [aria-controls]": (button) => toggleChoices(button),
    "#start-over": startOver,
    "[data-close]": (button) => button.closest("dialog").close(),
  };

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(clicks)) {
      const found = event.target.closest(selector);
      if (!found) continue;
      if (found.matches("a")) event.preventDefault();
      act(found);
      return;
    }
    if (event.target.matches("dialog")) event.target.close(); // the dimmed page around it
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#ask, #search")) return;
    event.preventDefault();
    if (event.target.id === "search") search();
    else ask({ text: box().value });
  });

  for (const move of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(move, () => (following = false), { passive: true });
  }

  document.addEventListener("pointerover", (event) => near(event.target));
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("a.cite:focus-visible")) open(event.target);
    near(event.target);
  });
  document.addEventListener("focusout", () => near(null));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches(".box textarea")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  document.addEventListener("toggle", (event) => {
    const card = event.target.matches?.(".source > details") && event.target.closest(".source");
    if (card) chosen.set(card.id, event.target.open);
  }, true);

  document.addEventListener("input", (event) => {
    if (event.target.matches(".box textarea")) typed(event.target);
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest("#choices")) changed();
  });

  addEventListener("popstate", () => view(location.hash.slice(1)));

  document.addEventListener("chat:ready", () => {
    setTimeout(listen, LISTENS_AFTER_MS);
    nudge();
  });

  document.addEventListener("chat:shown", (event) => {
    if (waiting) listen();
    clearInterval(nudging);
    if (event.detail === "whole") showDocument();
    if (event.detail === "found") $("#said").textContent = $("#found :is(h2, .nothing)")?.textContent ?? "";
    restore();
  });

  view(location.hash.slice(1));
  showChosen();
  new ResizeObserver(measure).observe($("#ask"));
  const isLinked = askByAddress();
  return { $, all, ask, isLinked, lastTurn, nudge, startOver, tell, typed, view };
})();
