// A desk left alone: a calm word two minutes before it closes, then a cover until the same person has signed in again.
// What was typed stays in the page. The server ends the session by itself; this only says so in time.
(() => {
  const { url, login, idle, warn, words } = document.currentScript.dataset;
  const said = JSON.parse(words);
  const TICK = 15000, MINUTE = 60000;
  let deadline = Date.now() + idle * 1000;
  let asked = Date.now();
  let isTouched = false;
  let who = null;
  let bar = null, cover = null;

  const ask = async (method) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || window.wagtailConfig?.CSRF_TOKEN || "";
    const answer = await fetch(url, { method, headers: { "X-CSRFToken": token, Accept: "application/json" }, redirect: "manual" });
    if (!answer.ok) return { left: 0 };
    return answer.json();
  };

  const take = ({ left, who: now, csrf }) => {
    deadline = Date.now() + left * 1000;
    if (left <= 0) return false;
    if (who !== null && who !== now) { location.reload(); return false; }
    who = now;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = csrf; });
    if (window.wagtailConfig) window.wagtailConfig.CSRF_TOKEN = csrf;
    return true;
  };

  const element = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });

  const showBar = () => {
    if (bar) return;
    bar = element("div", "as-idle-bar", "");
    bar.setAttribute("role", "status");
    const stay = element("button", "button button-small", said.stay);
    stay.type = "button";
    stay.addEventListener("click", async () => { if (take(await ask("POST"))) hideBar(); });
    bar.append(element("span", "", said.soon), stay);
    document.body.append(bar);
  };

  const hideBar = () => { bar?.remove(); bar = null; };

  const showCover = () => {
    hideBar();
    if (cover) return;
    cover = element("dialog", "as-dialog as-idle", "");
    cover.addEventListener("cancel", (event) => event.preventDefault());
    const link = element("a", "button", said.login);
    Object.assign(link, { href: login, target: "_blank", rel: "noopener" });
    const back = element("button", "button button-secondary", said.back);
    back.type = "button";
    const note = element("p", "as-meta", "");
    note.setAttribute("role", "status");
    back.addEventListener("click", async () => {
      if (who === null) { location.reload(); return; }
      if (take(await ask("GET"))) { cover.close(); cover.remove(); cover = null; } else note.textContent = said.still;
    });
    const row = element("p", "as-row", "");
    row.append(link, back);
    cover.append(element("h2", "", said.title), element("p", "", said.closed), row, note);
    document.body.append(cover);
    cover.showModal();
  };

  const look = async () => {
    if (cover) return;
    const now = Date.now();
    const isLate = now > deadline - warn * 1000;
    if (isTouched && !bar && now - asked >= MINUTE) { isTouched = false; asked = now; take(await ask("POST")); return; }
    if (!isLate) return;
    const isOpen = now < deadline + MINUTE && take(await ask("GET"));
    if (!isOpen) showCover();
    else if (Date.now() > deadline - warn * 1000) showBar();
    else hideBar();
  };

  for (const kind of ["keydown", "input", "pointerdown"]) document.addEventListener(kind, () => { isTouched = true; }, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(() => { look().catch(() => {}); }, TICK);
})();
