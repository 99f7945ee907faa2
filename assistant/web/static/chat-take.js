// Takes answers away: copied with their references, saved as a file, as a link; and takes opinions on them.
(() => {
  "use strict";

  const { $, all, nudge, tell } = globalThis.chat;
  const SAID_FOR_MS = 2500;
  const LONGEST_REASON = 1000;
  const rated = new Map(); // what the reader said about an answer, by the answer's id
  let printing = [];

  // --- copying ---

  // The way that works where the page is not served by https, too.
  function copyByHand(plain, rich) {
    const put = (event) => {
      event.clipboardData.setData("text/plain", plain);
      if (rich) event.clipboardData.setData("text/html", rich);
      event.preventDefault();
    };
    document.addEventListener("copy", put, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", put);
    return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }

  function put(plain, rich) {
    if (!navigator.clipboard?.write || !rich) return navigator.clipboard?.writeText(plain) ?? copyByHand(plain);
    const kinds = { "text/plain": plain, "text/html": rich };
    const blobs = Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })]);
    return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  }

  const copied = (plain, rich) => {
    try {
      return put(plain, rich).catch(() => copyByHand(plain, rich));
    } catch {
      return copyByHand(plain, rich);
    }
  };

  function say(button, words) {
    button.dataset.words ??= button.textContent;
    button.textContent = words;
    setTimeout(() => (button.textContent = button.dataset.words), SAID_FOR_MS);
  }

  function copy(button) {
    const text = button.dataset.copy ?? new URL(button.dataset.link, document.baseURI).href;
    copied(text, button.dataset.rich).then(
      () => say(button, button.dataset.copied),
      () => say(button, button.dataset.failed),
    );
  }

  // --- files ---

  const numberOf = (turn) => Number(turn.id.split("-").at(-1));

  function save(kind, numbers) {
    tell("download", { kind, numbers });
    nudge();
  }

  function hand() {
    const taken = $("#taken span");
    if (!taken || taken.dataset.done) return;
    taken.dataset.done = "yes";
    if (taken.dataset.copy) {
      const said = $("#take .thanks");
      copied(taken.dataset.copy, taken.dataset.rich).then(
        () => (said.textContent = said.dataset.copied),
        () => (said.textContent = said.dataset.failed),
      );
      return;
    }
    const bytes = Uint8Array.from(atob(taken.dataset.content), (letter) => letter.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: taken.dataset.type }));
    link.download = taken.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SAID_FOR_MS);
  }

  function listAnswers() {
    const list = $("#take .answers");
    $("#take .thanks").textContent = "";
    list.replaceChildren(
      ...all(".turn[data-kept]").map((turn) => {
        const [label, box] = [document.createElement("label"), document.createElement("input")];
        box.type = "checkbox";
        box.checked = true;
        box.value = numberOf(turn);
        label.append(box, turn.dataset.text);
        return label;
      }),
    );
  }

  const picked = () => all("#take .answers input").filter((one) => one.checked).map((one) => Number(one.value));

  function take(button) {
    const numbers = picked();
    $("#take .thanks").textContent = numbers.length ? "" : $("#take .thanks").dataset.none;
    if (numbers.length) save(button.value, numbers);
  }

  function print() {
    const numbers = picked();
    all(".turn").forEach((turn) => turn.classList.toggle("unprinted", !numbers.includes(numberOf(turn))));
    $("#take").close();
    globalThis.print();
  }

  // Printed, every source is open.
  addEventListener("beforeprint", () => {
    printing = all(".source > details:not([open])");
    printing.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => {
    printing.forEach((details) => (details.open = false));
    all(".unprinted").forEach((turn) => turn.classList.remove("unprinted"));
  });

  // --- opinions ---

  const opinion = (answer) => rated.get(answer) ?? { rating: null, reasons: [], words: "", sources: new Map() };

  function tellOpinion(answer, said) {
    rated.set(answer, said);
    const parts = [...said.reasons, said.words, ...[...said.sources].map(([about, words]) => `${about}: ${words}`)];
    const reason = parts.filter(Boolean).join("\n").slice(0, LONGEST_REASON);
    tell("like", { answer, rating: said.rating, reason: reason || null });
  }

  function rate(button) {
    const feedback = button.closest(".feedback");
    const said = { ...opinion(feedback.dataset.answer), rating: button.dataset.rate };
    tellOpinion(feedback.dataset.answer, said);
    showOpinion(feedback);
  }

  function sendReason(feedback) {
    const said = opinion(feedback.dataset.answer);
    const reasons = all(".reasons input", feedback).filter((one) => one.checked).map((one) => one.value);
    const words = $("textarea", feedback).value.trim();
    if (!words && !reasons.length) return;
    const kept = said.rating === "down" ? reasons : [];
    tellOpinion(feedback.dataset.answer, { ...said, rating: said.rating ?? "down", reasons: kept, words, sent: true });
    showOpinion(feedback);
    $(".thanks", feedback).focus?.();
  }

  function showOpinion(feedback) {
    const said = rated.get(feedback.dataset.answer);
    if (!said?.rating) return;
    all("[data-rate]", feedback).forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.rate === said.rating));
    });
    $(".thanks", feedback).textContent = said.sent ? feedback.dataset.sent : feedback.dataset.rated;
    $(".reason", feedback).hidden = Boolean(said.sent);
    $(".reasons", feedback).hidden = said.rating !== "down";
  }

  // What is wrong with a source is an opinion on the answer that cites it, and so the answer was not right.
  function report(form) {
    const details = form.closest(".report");
    const turn = form.closest(".turn");
    const feedback = $(".feedback", turn);
    const words = $("textarea", form).value.trim();
    if (!words || !feedback) return;
    const said = opinion(feedback.dataset.answer);
    const sources = new Map(said.sources).set(details.dataset.about, words);
    tellOpinion(feedback.dataset.answer, { ...said, rating: "down", sources });
    showOpinion(feedback);
    $(".thanks", details).textContent = details.dataset.sent;
    beginReport($("[data-report]", details), false);
  }

  function beginReport(button, open = button.getAttribute("aria-expanded") !== "true") {
    const form = $("form", button.parentElement);
    button.setAttribute("aria-expanded", String(open));
    form.hidden = !open;
    if (open) $("textarea", form).focus();
    else button.focus();
  }

  // --- what the reader does ---

  document.addEventListener("click", (event) => {
    const found = (selector) => event.target.closest(selector);
    if (found("[data-copy], [data-link]")) copy(found("[data-copy], [data-link]"));
    else if (found("[data-save]")) save(found("[data-save]").dataset.save, [numberOf(found(".turn"))]);
    else if (found("[data-rate]")) rate(found("[data-rate]"));
    else if (found("[data-report]")) beginReport(found("[data-report]"));
    else if (found("[data-print]")) print();
    else if (found("#take button[value]")) take(found("#take button[value]"));
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches(".reason")) sendReason(event.target.closest(".feedback"));
    else if (event.target.matches(".report form")) report(event.target);
    else return;
    event.preventDefault();
  });

  document.addEventListener("chat:open", (event) => event.target.id === "take" && listAnswers(), true);

  document.addEventListener("chat:shown", (event) => {
    all(".feedback").forEach(showOpinion);
    if (event.detail === "taken") hand();
  });
})();
