// The officers' desk: a few small controllers on top of Wagtail's own. Pages work without them.
(() => {
  const { app } = window.wagtail;
  const { Controller } = window.StimulusModule;
  const TYPING = "input,textarea,select,[contenteditable]";

  // Single-key shortcuts must not reach the page behind an open dialog.
  const guard = (event) => {
    if (event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(TYPING)) return;
    if (document.querySelector("dialog:modal")) event.stopImmediatePropagation();
  };
  document.addEventListener("keydown", guard, true);
  document.addEventListener("keypress", guard, true);

  // Inbox: J and K move, Enter opens (the focused link), X selects, / goes to the search.
  app.register("as-rows", class extends Controller {
    static targets = ["row", "link"];
    at = -1;

    key(event) {
      if (event.target.closest(`${TYPING},dialog,.w-dialog`) || event.ctrlKey || event.metaKey || event.altKey) return;
      const last = this.rowTargets.length - 1;
      if (event.key === "/") document.querySelector("[data-search-form] [data-controller=as-find]")?.focus();
      else if (event.key === "j" && last >= 0) this.go(Math.min(this.at + 1, last));
      else if (event.key === "k" && last >= 0) this.go(Math.max(this.at - 1, 0));
      else if (event.key === "x" && this.rowTargets[this.at]) this.rowTargets[this.at].querySelector("[data-bulk-action-checkbox]")?.click();
      else return;
      event.preventDefault();
    }

    go(index) {
      this.rowTargets.forEach((row) => row.classList.remove("is-on"));
      this.at = index;
      this.rowTargets[index].classList.add("is-on");
      this.rowTargets[index].scrollIntoView({ block: "nearest" });
      this.linkTargets[index].focus({ preventScroll: true });
    }
  });

  // Search: what is typed is posted and comes back sealed; only the seal goes into the address with the filters.
  app.register("as-find", class extends Controller {
    static values = { offline: String };
    turn = 0;

    disconnect() { clearTimeout(this.timer); }

    type(event) {
      if (event.isComposing) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), 250);
    }

    // The form around searches by the seal: what is typed must not reach it.
    hold() {}

    enter(event) {
      if (event.isComposing) return;
      event.preventDefault();
      this.find();
    }

    async find() {
      clearTimeout(this.timer);
      this.turn += 1;
      const turn = this.turn;
      const answer = await this.ask();
      if (turn !== this.turn) return;
      this.element.setCustomValidity(answer.said);
      if (answer.said) this.element.reportValidity();
      else this.hand(answer.s);
    }

    async ask() {
      const { form } = this.element;
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, cache: "no-store" });
        return await answer.json();
      } catch {
        return { said: this.offlineValue };
      }
    }

    hand(seal) {
      const sealed = this.element.nextElementSibling;
      sealed.value = seal;
      sealed.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // Views of the inbox: on a phone the one that is shown is scrolled to.
  app.register("as-tabs", class extends Controller {
    connect() {
      const here = this.element.querySelector("[aria-current]");
      if (here) this.element.scrollLeft = here.offsetLeft - (this.element.clientWidth - here.offsetWidth) / 2;
    }
  });

  // From list to map and back with the filters and the search of this moment, which the page itself does not know.
  app.register("as-here", class extends Controller {
    follow() { this.element.search = location.search; }
  });

  // Steps in dialogs. The server marks one as open when something was typed into it and refused.
  app.register("as-dialog", class extends Controller {
    static targets = ["dialog", "talk"];

    dialogTargetConnected(dialog) {
      if (!dialog.open) return;
      dialog.close();
      dialog.showModal();
    }

    open(event) {
      const dialog = document.getElementById(event.params.id);
      if (!dialog) return;
      event.preventDefault();
      event.currentTarget.closest("details")?.removeAttribute("open");
      // Opened by a number key: closing leads back to the step, and not to the top of the page.
      if (document.activeElement === document.body) event.currentTarget.focus();
      dialog.showModal();
    }

    close(event) {
      event.preventDefault();
      event.target.closest("dialog").close();
    }

    say(event) {
      event.preventDefault();
      this.talkTarget.click();
      const field = document.getElementById("say");
      setTimeout(() => { field.scrollIntoView({ block: "center" }); field.focus({ preventScroll: true }); }, 60);
    }
  });

  // The other steps behind three dots: a details element that closes like a menu.
  app.register("as-more", class extends Controller {
    close() {
      if (!this.element.open) return;
      this.element.open = false;
      this.element.querySelector("summary").focus();
    }

    closeOutside({ target }) {
      if (!this.element.contains(target)) this.element.open = false;
    }
  });

  // Fields that matter only with one choice: data-as-when="measure=penalty".
  app.register("as-when", class extends Controller {
    connect() { this.show(); }

    show() {
      const chosen = new FormData(this.element);
      this.element.querySelectorAll("[data-as-when]").forEach((field) => {
        const [name, values] = field.dataset.asWhen.split("=");
        field.hidden = !values.split(",").includes(chosen.get(name));
      });
    }
  });

  // Photos an officer picked: a small look at each before they go, and a way to leave one out.
  app.register("as-photos", class extends Controller {
    static targets = ["input", "list"];
    static values = { remove: String };

    disconnect() { this.forget(); }

    forget() { (this.urls || []).forEach((url) => URL.revokeObjectURL(url)); }

    show() {
      this.forget();
      const files = [...this.inputTarget.files];
      this.urls = files.map((file) => URL.createObjectURL(file));
      this.listTarget.replaceChildren(...files.map((file, index) => this.item(file, index)));
    }

    item(file, index) {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      const button = document.createElement("button");
      picture.src = this.urls[index];
      picture.alt = file.name;
      picture.addEventListener("error", () => { picture.replaceWith(file.name); });
      button.type = "button";
      button.textContent = "×";
      button.setAttribute("aria-label", `${this.removeValue} ${file.name}`);
      button.addEventListener("click", () => this.leaveOut(index));
      item.append(picture, button);
      return item;
    }

    leaveOut(index) {
      const kept = new DataTransfer();
      [...this.inputTarget.files].forEach((file, at) => { if (at !== index) kept.items.add(file); });
      this.inputTarget.files = kept.files;
      this.show();
      this.inputTarget.focus();
    }
  });

  app.register("as-lightbox", class extends Controller {
    static targets = ["shot", "box", "img", "cap"];

    open({ currentTarget }) {
      this.show(this.shotTargets.indexOf(currentTarget));
      this.boxTarget.showModal();
    }

    show(index) {
      const count = this.shotTargets.length;
      this.at = (index + count) % count;
      const shot = this.shotTargets[this.at];
      this.imgTarget.src = shot.href;
      this.imgTarget.alt = shot.dataset.caption;
      this.capTarget.textContent = shot.dataset.caption;
    }

    prev() { this.show(this.at - 1); }

    next() { this.show(this.at + 1); }

    close() { this.boxTarget.close(); }
  });

  // Reply: a template fills what was not touched; the right side shows what the reporter will read.
  app.register("as-reply", class extends Controller {
    static targets = ["picker", "pick", "item", "out", "form", "draft", "said"];
    static values = { done: String, open: String, empty: String, offline: String, wait: { type: Number, default: 4000 } };
    touched = new Set();
    edits = 0;

    connect() {
      this.templates = JSON.parse(document.getElementById("reply-templates").textContent);
      if (this.hasPickerTarget) this.pickerTarget.hidden = false;
      this.fields.filter((field) => field.value).forEach((field) => this.touched.add(field.name));
      this.paint();
    }

    get fields() { return this.itemTargets.map((item) => item.querySelector("textarea")); }

    pick() {
      const chosen = this.templates.find((template) => template.id === this.pickTarget.value);
      if (!chosen) return;
      this.fields.filter((field) => !this.touched.has(field.name)).forEach((field) => {
        field.value = chosen[field.name];
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      this.saveSoon();
      this.paint();
    }

    // An emptied field may be filled anew.
    show({ target }) {
      if (target.value.trim()) this.touched.add(target.name);
      else this.touched.delete(target.name);
      this.saveSoon();
      this.paint();
    }

    disconnect() { this.stop(); }

    stop() { clearTimeout(this.timer); }

    saveSoon() {
      this.edits += 1;
      this.stop();
      this.timer = setTimeout(() => this.save(), this.waitValue);
    }

    // The draft, by button, by mod+s or a moment after the last word. Sending is never among them.
    async save(event) {
      event?.preventDefault();
      this.stop();
      const saved = this.edits;
      try {
        const answer = await fetch(this.draftTarget.formAction, { method: "POST", body: new FormData(this.formTarget), headers: { Accept: "application/json" }, cache: "no-store" });
        this.saidTarget.textContent = (await answer.json()).said;
        if (answer.ok && saved === this.edits) this.dispatch("saved", { target: this.formTarget });
      } catch {
        this.saidTarget.textContent = this.offlineValue;
      }
    }

    // A copy opens in another window: what is not saved is still guarded in this one.
    copied() {
      setTimeout(() => { this.formTarget.dataset.wUnsavedConfirmationValue = "true"; });
    }

    paint() {
      this.fields.forEach((field, index) => {
        const text = field.value.trim();
        const item = this.itemTargets[index];
        item.classList.toggle("is-done", Boolean(text));
        item.querySelector(".as-tick").textContent = text ? this.doneValue : this.openValue;
        this.outTargets[index].textContent = text || this.emptyValue;
      });
    }
  });

  // Date fields of Wagtail without an inline script.
  app.register("as-date", class extends Controller {
    static values = { init: String, id: String, options: Object };

    connect() { window[this.initValue](this.idValue, this.optionsValue); }
  });

  // Parts of Wagtail's forms without an inline script: makes an object of a class, once the scripts at the end are there.
  app.register("as-make", class extends Controller {
    static values = { of: String, args: Array };

    connect() {
      if (window[this.ofValue]) this.make();
      else addEventListener("load", () => this.make(), { once: true });
    }

    make() {
      if (!this.made) this.made = new window[this.ofValue](...this.argsValue);
    }
  });
})();
