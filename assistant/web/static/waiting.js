// Turns the page into the chat as soon as that is there, but never while a question is being typed.
const box = document.getElementById("question");

async function look() {
  try {
    const page = await fetch("./", { cache: "no-store" });
    if (page.ok && !page.headers.has("Retry-After") && !box.value.trim()) {
      location.reload();
      return;
    }
    tell(new DOMParser().parseFromString(await page.text(), "text/html"));
  } catch {
    // The server is being restarted: look again.
  }
  setTimeout(look, 1000);
}

// Say how far the start is, or nothing more once questions are answered.
function tell(fresh) {
  const shown = document.querySelector(".notice");
  const now = fresh.querySelector(".notice");
  if (!shown || shown.textContent === now?.textContent) return;
  if (now) shown.replaceWith(now);
  else shown.remove();
}

setTimeout(look, 500);
