// Turns the page into the chat as soon as that is there, but never while a question is being typed.
const box = document.getElementById("question");

async function look() {
  try {
    const page = await fetch("./", { cache: "no-store" });
    if (page.ok && !page.headers.has("Retry-After") && !box.value.trim()) {
      location.reload();
      return;
    }
  } catch {
    // The server is being restarted: look again.
  }
  setTimeout(look, 1000);
}

setTimeout(look, 500);
