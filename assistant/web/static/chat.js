// How the chat page behaves. Python draws everything; this opens, lights, copies, counts, and tells Python.
(() => {
  "use strict";

  const SHOWN_AT = 0.85; // the counter appears when this share of the question's length is used
  const COPIED_FOR_MS = 2500;
  const NUDGE_EVERY_MS = 1500;
  const NUDGES = 8;
  const CHOICES = "#narrow [data-testid='accordion-content']";
  const chosen = new Map(); // which cards the reader opened or closed, by the card's id
  const rated = new Map(); // what the reader said about an answer, by the answer's id
  const cameFrom = new Map(); // which number led to a card, by the card's id
  let newest = "";
  let following = false; // until the reader moves, a new question stays at the top while its answer grows
  let lit = null;
  let nudging = 0;
  let wanted = false; // whether the catalogue is to be opened as soon as it is there
  let suggested = false; // whether the newest question came from a button, which is gone by now

  const tell = (name, data) => document.dispatchEvent(new CustomEvent("chat:tell", { detail: { name, data } }));
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scroll = (element, block) => element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
  const target = (link) => document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));

  // Gradio 6.31's client may mistake a stream that closes for an open one (when a question is sent just as
  // something else ends), and then never hears the answer. Whatever is sent next opens a stream again.
  function nudge() {
    let left = NUDGES;
    clearInterval(nudging);
    nudging = setInterval(() => (left-- > 0 ? tell("apply", {}) : clearInterval(nudging)), NUDGE_EVERY_MS);
  }

  // --- numbers and cards ---

  function light(card, number) {
    lit = { card: card.id, number };
    document.querySelectorAll(".source.lit, mark.lit").forEach((one) => one.classList.remove("lit"));
    card.classList.add("lit");
    card.querySelectorAll("mark").forEach((mark) => {
      mark.classList.toggle("lit", mark.dataset.numbers.split(" ").includes(number));
    });
  }

  function open(link) {
    const card = target(link);
    if (!card) return null;
    chosen.set(card.id, true);
    cameFrom.set(card.id + link.dataset.number, link);
    card.querySelector("details").open = true;
    light(card, link.dataset.number);
    return card;
  }

  function goToCard(link) {
    const card = open(link);
    if (!card) return;
    const mark = card.querySelector("mark.lit");
    card.querySelector("summary").focus({ preventScroll: true });
    const tall = card.getBoundingClientRect().height > innerHeight * 0.6;
    scroll(tall && mark ? mark : card, "nearest");
  }

  function goBack(link) {
    const card = link.closest(".source");
    const number = cameFrom.get(card.id + link.textContent);
    const place = number?.isConnected ? number : target(link);
    if (!place) return;
    place.focus({ preventScroll: true });
    scroll(place, "center");
  }

  // --- after Python drew anew, what only this page knows is put back ---

  function restore() {
    for (const [id, isOpen] of chosen) {
      const details = document.getElementById(id)?.querySelector("details");
      if (details && details.open !== isOpen) details.open = isOpen;
    }
    const card = lit && document.getElementById(lit.card);
    if (card) light(card, lit.number);
    document.querySelectorAll(".feedback").forEach(showRating);
    if (wanted) openMaterial();
    followNewest();
  }

  function followNewest() {
    const turns = document.querySelectorAll(".turn");
    const last = turns[turns.length - 1];
    const id = last ? last.id : "";
    if (id !== newest) {
      newest = id;
      following = Boolean(last);
      if (last) moveFocus(last);
      else forget();
    }
    const top = turns.length === 1 ? document.getElementById("top") : last;
    if (following) requestAnimationFrame(() => scroll(top, "start"));
  }

  function moveFocus(turn) {
    if (!suggested) return;
    suggested = false;
    turn.querySelector("h2").focus({ preventScroll: true });
  }

  function forget() {
    chosen.clear();
    cameFrom.clear();
    lit = null;
    scrollTo({ top: 0 });
    document.querySelector("#question textarea")?.focus({ preventScroll: true });
  }

  // --- feedback ---

  function showRating(feedback) {
    const said = rated.get(feedback.dataset.answer);
    if (!said) return;
    feedback.querySelectorAll("[data-rate]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.rate === said.rating));
    });
    feedback.querySelector(".thanks").textContent = said.reason ? feedback.dataset.sent : feedback.dataset.rated;
    feedback.querySelector(".reason").hidden = Boolean(said.reason);
  }

  function rate(feedback, rating, reason) {
    const answer = feedback.dataset.answer;
    rated.set(answer, { rating, reason });
    showRating(feedback);
    tell("like", { answer, rating, reason });
  }

  // --- copying ---

  function copyByHand(text) {
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "unseen";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy"); // the only way where the page is not served by https
    box.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }

  function copy(button) {
    const words = button.textContent;
    const writing = navigator.clipboard?.writeText(button.dataset.copy) ?? copyByHand(button.dataset.copy);
    const say = (result) => {
      button.textContent = result;
      setTimeout(() => (button.textContent = words), COPIED_FOR_MS);
    };
    if (button.dataset.busy) return;
    writing.then(() => say(button.dataset.copied)).catch(() => say(button.dataset.failed));
  }

  // --- the question box ---

  function count(box) {
    const counter = document.getElementById("counter");
    if (!counter || !box.maxLength) return;
    const used = box.value.length;
    const words = counter.dataset.words.replace("{used}", used).replace("{most}", box.maxLength);
    counter.textContent = used >= box.maxLength * SHOWN_AT ? words : "";
  }

  // Gradio's accordion does not say whether it is open, and its groups of boxes do not say what they are.
  function sayWhetherOpen() {
    const button = document.querySelector("#narrow > button");
    const content = document.querySelector(CHOICES);
    button.setAttribute("aria-expanded", String(getComputedStyle(content).display !== "none"));
    content.querySelectorAll("fieldset").forEach((group) => {
      group.setAttribute("aria-label", group.querySelector("[data-testid='block-info']").textContent);
    });
  }

  function ready() {
    sayWhetherOpen();
    document.querySelector("#question textarea").setAttribute("aria-describedby", "counter");
    const under = document.getElementById("under");
    const measure = () => document.documentElement.style.setProperty("--under", `${under.offsetHeight}px`);
    new ResizeObserver(measure).observe(under);
  }

  function openMaterial() {
    const details = document.querySelector("#about-the-material details");
    wanted = !details; // the catalogue comes a moment after the page
    if (!details) return;
    details.open = true;
    details.querySelector("summary").focus({ preventScroll: true });
    scroll(details, "start");
  }

  function suggest(button) {
    suggested = true;
    tell("submit", { text: button.dataset.ask });
    nudge();
  }

  // --- what the reader does ---

  const clicks = {
    "a.cite": goToCard,
    "a.number": goBack,
    "a.about": openMaterial,
    "#question button": nudge,
    "[data-ask]": suggest,
    "[data-stop]": () => tell("stop", {}),
    "[data-copy]": copy,
    "[data-rate]": (button) => rate(button.closest(".feedback"), button.dataset.rate, null),
  };

  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(clicks)) {
      const found = event.target.closest(selector);
      if (!found) continue;
      if (found.matches("a")) event.preventDefault();
      act(found);
      return;
    }
    if (event.target.closest("#narrow > button")) setTimeout(sayWhetherOpen);
  });

  for (const move of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    document.addEventListener(move, () => (following = false), { passive: true });
  }

  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("a.cite:focus-visible")) open(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target.matches("#question textarea")) nudge();
  });

  document.addEventListener("submit", (event) => {
    const feedback = event.target.closest(".feedback");
    if (!feedback) return;
    event.preventDefault();
    const reason = feedback.querySelector("textarea").value.trim();
    if (reason) rate(feedback, rated.get(feedback.dataset.answer)?.rating ?? "up", reason);
  });

  document.addEventListener(
    "toggle",
    (event) => {
      const card = event.target.closest?.(".source");
      if (card) chosen.set(card.id, event.target.open);
    },
    true,
  );

  document.addEventListener("input", (event) => {
    if (event.target.matches("#question textarea")) count(event.target);
  });

  document.addEventListener("chat:shown", () => {
    clearInterval(nudging);
    restore();
    const box = document.querySelector("#question textarea");
    if (box) setTimeout(() => count(box));
  });

  new MutationObserver((_, observer) => {
    if (!document.querySelector("#question textarea") || !document.querySelector(CHOICES)) return;
    observer.disconnect();
    ready();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
