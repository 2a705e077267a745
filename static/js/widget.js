// Google's check against machines, where a city offers it: nothing of it is loaded before somebody asks for it.

const PATIENCE = 15000;

/** Loads the widget after a tap; where it cannot be reached, the question beside it is what remains. */
export function offerWidget(form) {
  const place = form.querySelector("[data-widget]");
  if (!place) return;
  const button = place.querySelector("button");
  const say = place.querySelector("[data-widget-say]");
  const away = () => {
    say.textContent = say.dataset.away;
    button.disabled = false;
    form.elements.captcha_answer.focus();
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    say.textContent = "";
    load(place).then(() => { button.hidden = true; }, away);
  });
}

function load(place) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(reject, PATIENCE);
    window.anshaoWidget = () => {
      clearTimeout(late);
      window.grecaptcha.render(place.querySelector("[data-widget-box]"), { sitekey: place.dataset.widgetKey });
      resolve();
    };
    // It came with an earlier answer of this page already.
    if (window.grecaptcha?.render) {
      window.anshaoWidget();
      return;
    }
    const script = document.createElement("script");
    script.src = place.dataset.widget;
    script.addEventListener("error", () => { clearTimeout(late); script.remove(); reject(); });
    document.head.append(script);
  });
}
