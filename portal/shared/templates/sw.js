{% load static %}// Runs only on phones whose owner keeps a draft (js/drafts.js registers it and takes it away with the draft).
// It holds one page that says "no signal" and what that page is drawn with. It never touches what is sent,
// the form, receipts, progress, sign-in or the back office: those go to the network or nowhere.
const STORE = "anshao-offline";
const PAGE = "{% url 'offline' %}";
const KEPT = [
  PAGE,
  "{% static 'css/tokens.css' %}",
  "{% static 'css/base.css' %}",
  "{% static 'css/components.css' %}",
  "{% static 'css/pages.css' %}",
  "{% static 'css/print.css' %}",
  "{% static 'js/elder.js' %}",
  "{% static 'img/logo.svg' %}",
];

addEventListener("install", (event) => event.waitUntil(caches.open(STORE).then((store) => store.addAll(KEPT))));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
