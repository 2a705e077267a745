// Sends a form so that nothing stays in the history: posts it, tells how far it is, puts the answer in place.

// No byte moved for this long: the line is dead. The server may take longer once it has everything.
const STALLED_MS = 45_000;
const ANSWER_MS = 150_000;
const OURS = '<main id="main">';

/** Nothing got through, or no answer came back. */
export class Offline extends Error {}

/** An answer came that is not the page hoped for, an error page for example: nothing typed may be given up for it. */
export class Broken extends Error {}

/** Posts `data`; returns the answer as a document if it holds what `wanted` selects. `onProgress(done, total)` counts bytes. */
export function post(url, data, wanted, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const wait = (ms) => { clearTimeout(timer); timer = setTimeout(() => request.abort(), ms); };
    const settle = (text) => {
      // A gateway's own error page is not even read: it would bring its styles and words along.
      const page = text.includes(OURS) && new DOMParser().parseFromString(text, "text/html");
      if (page && page.querySelector(wanted)) resolve(page);
      else reject(new Broken());
    };
    request.open("POST", url);
    request.upload.onprogress = (event) => { wait(STALLED_MS); onProgress(event.loaded, event.total); };
    request.upload.onload = () => wait(ANSWER_MS);
    request.onloadend = () => {
      clearTimeout(timer);
      if (!request.status) reject(new Offline());
      else settle(request.responseText);
    };
    wait(STALLED_MS);
    request.send(data);
  });
}

/** Shows another page in this one's place, without an entry in the history. */
export function swap(page) {
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  document.body.replaceWith(document.adoptNode(page.body));
  const elder = document.documentElement.hasAttribute("data-elder");
  for (const button of document.querySelectorAll("[data-elder-toggle]")) button.setAttribute("aria-pressed", String(elder));
  scrollTo(0, 0);
}
