// The page that tries the widget out: writes the tag that belongs to the options, and mounts the widget anew.
(() => {
  "use strict";

  const NAME = "keep-it-local";
  const form = document.getElementById("options");
  const tag = document.getElementById("tag");
  const copied = document.getElementById("copied");
  const copy = document.getElementById("copy");
  const integrity = document.getElementById("integrity").textContent;
  const here = new URL(".", location.href).href;

  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

  function chosen() {
    const options = {};
    for (const field of form.querySelectorAll("[data-option]")) {
      const value = field.value.trim();
      const name = value.startsWith("#") && field.id === "place" ? "target" : field.dataset.option;
      if (value && (name !== "colour" || form.elements["own-colour"].checked)) options[name] = value;
    }
    const questions = (options.examples ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
    if (questions.length) options.examples = questions.join("|");
    return options;
  }

  function written(options) {
    const attributes = Object.entries(options).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
    const pinned = form.elements.pinned.checked ? ` integrity="${integrity}" crossorigin="anonymous"` : "";
    const place = options.target ? '<div id="assistant"></div>\n' : "";
    return (
      place +
      `<script src="${here}widget.js"${attributes.join("")}${pinned} defer></script>\n` +
      `<noscript><a href="${here}ask">Ask the Keep it Local assistant</a></noscript>`
    );
  }

  function mount(options) {
    if (!customElements.get(NAME)) return; // the browser is too old for the widget, or it did not load
    document.querySelectorAll(NAME).forEach((one) => one.remove());
    const widget = document.createElement(NAME);
    Object.assign(widget.dataset, options);
    (options.target ? document.querySelector(options.target) : document.body).append(widget);
  }

  let before = "";

  function show() {
    const options = chosen();
    tag.textContent = written(options);
    copied.textContent = "";
    if (JSON.stringify(options) === before) return;
    before = JSON.stringify(options);
    mount(options);
  }

  form.addEventListener("input", ({ target }) => {
    if (target.id === "colour") form.elements["own-colour"].checked = true;
    show();
  });
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());

  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(tag.textContent);
      copied.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(tag);
      copied.textContent = "Select it and copy it yourself, please: the browser does not let this page.";
    }
  });

  before = "{}";
  tag.textContent = written(chosen());
  if (JSON.stringify(chosen()) !== before) show(); // a browser may bring back what was chosen
})();
