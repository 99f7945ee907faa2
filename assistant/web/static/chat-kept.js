// Keeps conversations in this browser, and opens them again. Nothing of this is sent anywhere until it is opened.
(() => {
  "use strict";

  const { $, all, nudge, startOver, tell, view } = globalThis.chat;
  const TALK = "keep-it-local:talk:";
  const OFF = "keep-it-local:keep-nothing";
  const NOW = "keep-it-local:now"; // of this tab: the conversation on the page
  const MOST_TALKS = 50;
  const MOST_TURNS = 40; // and letters, that the server takes at once
  const MOST_LETTERS = 400_000;
  const RECENT = 3;

  const keeps = () => !read("localStorage", OFF);

  // A browser may forbid to keep anything; then even to name its storage is an error.
  function read(store, key) {
    try {
      return globalThis[store].getItem(key);
    } catch {
      return null;
    }
  }

  function put(store, key, value) {
    try {
      if (value === null) globalThis[store].removeItem(key);
      else globalThis[store].setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }

  function talks() {
    let keys = [];
    try {
      keys = Object.keys(localStorage).filter((key) => key.startsWith(TALK));
    } catch {
      return [];
    }
    const found = keys.map((key) => ({ key, ...parsed(read("localStorage", key)) }));
    return found.filter((talk) => talk.turns?.length).sort((a, b) => b.at - a.at);
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  function now() {
    const key = read("sessionStorage", NOW) ?? TALK + Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
    put("sessionStorage", NOW, key);
    return key;
  }

  function write(key, talk) {
    const others = talks().filter((one) => one.key !== key);
    others.splice(MOST_TALKS - 1).forEach((old) => put("localStorage", old.key, null));
    while (!put("localStorage", key, JSON.stringify(talk)) && others.length) {
      put("localStorage", others.pop().key, null); // there is no room: the oldest goes
    }
  }

  function keep() {
    const turns = all(".turn[data-kept]");
    if (!keeps() || !turns.length) return;
    const key = now();
    const held = turns.map((turn) => turn.dataset.kept);
    const before = parsed(read("localStorage", key));
    if (JSON.stringify(before?.turns) === JSON.stringify(held)) return;
    write(key, { at: Date.now(), title: turns[0].dataset.text, turns: held });
    show();
  }

  function send(turns) {
    const newest = turns.slice(-MOST_TURNS);
    while (newest.length > 1 && newest.join("").length > MOST_LETTERS) newest.shift();
    tell("expand", { kept: newest });
    nudge();
  }

  function open(key) {
    const talk = parsed(read("localStorage", key));
    if (!talk) return show();
    put("sessionStorage", NOW, key);
    $("#earlier").close();
    view("ask");
    send(talk.turns);
    return undefined;
  }

  function forget(key) {
    put("localStorage", key, null);
    if (read("sessionStorage", NOW) === key) put("sessionStorage", NOW, null);
    show();
  }

  // --- the lists ---

  function item(talk) {
    const drawn = $("#talk").content.cloneNode(true);
    const when = $(".when", drawn);
    const many = talk.turns.length;
    const asked = many === 1 ? when.dataset.one : when.dataset.some.replace("{number}", many);
    const day = new Date(talk.at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    $(".words", drawn).textContent = talk.title;
    when.textContent = `${day} · ${asked}`;
    $(".delete .unseen", drawn).textContent = `: ${talk.title}`;
    $(".open", drawn).addEventListener("click", () => open(talk.key));
    $(".delete", drawn).addEventListener("click", (event) => {
      const list = event.target.closest(".talks");
      forget(talk.key);
      ($(".open", list) ?? $("[data-close]", list.closest("dialog") ?? undefined))?.focus();
    });
    return drawn;
  }

  function show() {
    const found = talks();
    const recent = found.filter((talk) => talk.key !== read("sessionStorage", NOW)).slice(0, RECENT);
    $("#earlier .talks").replaceChildren(...found.map(item));
    $("#recent .talks").replaceChildren(...recent.map(item));
    $("#recent").hidden = !recent.length;
    $("#earlier .none").hidden = Boolean(found.length);
    $("[data-forget]").hidden = !found.length;
    $("[data-open=earlier]").hidden = false;
    $("[data-open=earlier] .count").textContent = found.length ? ` (${found.length})` : "";
    $("#keep").checked = keeps();
  }

  // Asks once more by its own words, and thinks better of it when the reader goes elsewhere.
  function forgetAll(button) {
    if (!button.dataset.sure) {
      button.dataset.sure = button.textContent;
      button.textContent = button.dataset.forget;
      button.addEventListener("blur", () => calmed(button), { once: true });
      return;
    }
    talks().forEach((talk) => put("localStorage", talk.key, null));
    put("sessionStorage", NOW, null);
    calmed(button);
    show();
    $("#earlier [data-close]").focus();
  }

  function calmed(button) {
    if (!button.dataset.sure) return;
    button.textContent = button.dataset.sure;
    delete button.dataset.sure;
  }

  function switchKeeping(box) {
    put("localStorage", OFF, box.checked ? null : "yes");
    if (box.checked) keep();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      show();
      const dialog = document.getElementById(opener.dataset.open);
      dialog.dispatchEvent(new Event("chat:open"));
      dialog.showModal();
    }
    const all_ = event.target.closest("[data-forget]");
    if (all_) forgetAll(all_);
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "keep") switchKeeping(event.target);
  });

  document.addEventListener("chat:shown", (event) => {
    if (event.detail === "current" || event.detail === "past") keep();
  });

  document.addEventListener("chat:over", () => {
    put("sessionStorage", NOW, null);
    show();
  });

  // A page that is loaded again goes on where it was; one that is opened by a link begins anew.
  if (globalThis.chat.isLinked) document.dispatchEvent(new CustomEvent("chat:over"));
  const talk = parsed(read("localStorage", read("sessionStorage", NOW) ?? ""));
  if (talk && !globalThis.chat.isLinked) send(talk.turns);
  show();
  addEventListener("storage", show);
})();
