// The checker beside the editor of a page: asks about what is typed, shows each find, replaces it. Nothing is kept.
(() => {
  const { app } = window.wagtail;
  const { Controller } = window.StimulusModule;
  const PAUSE = 600;
  const WORDS = "input[type=text], textarea, input[type=hidden]";
  const NOT_OURS = "[name^='comments'], [name='csrfmiddlewaretoken'], [disabled]";

  // Positions count characters; in a script a rare character takes two places.
  const unitsOf = (text, characters) => Array.from(text).slice(0, characters).join("").length;

  const paragraphsOf = (input) => input.draftailEditor.getEditorState().getCurrentContent().getBlocksAsArray()
    .map((block) => ({ input, key: block.getKey(), text: block.getText().trim(), lead: block.getText().length - block.getText().trimStart().length }));

  // A block that was taken out stays in the form, marked, until it is saved.
  const isGone = (input) => {
    for (let block = input.closest("[data-streamfield-child]"); block; block = block.parentElement.closest("[data-streamfield-child]")) {
      if (block.querySelector("[name$=-deleted]")?.value) return true;
    }
    return false;
  };

  const labelOf = (input) => {
    const block = input.closest("[data-streamfield-child]")?.querySelector(".c-sf-block__type, [data-panel-heading-text]");
    const label = input.labels?.[0] ?? block ?? input.closest("[data-contentpath]")?.querySelector("label, .w-field__label");
    return label?.textContent.replace("*", "").trim() ?? "";
  };

  app.register("as-check", class extends Controller {
    static targets = ["summary", "list", "row", "all"];
    static values = { url: String, token: String, fields: String, policy: String, files: Number };

    connect() {
      this.form = document.querySelector("[data-edit-form]");
      if (!this.form) return;
      this.counter = document.querySelector("[data-side-panel-toggle=redaction] [data-side-panel-toggle-counter]");
      this.later = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.ask(), PAUSE); };
      this.form.addEventListener("input", this.later);
      this.form.addEventListener("change", this.later);
      // Rich text and removed blocks tell nobody.
      this.watcher = new MutationObserver(this.later);
      this.watcher.observe(this.form, { subtree: true, childList: true, characterData: true });
      this.turn = 0;
      this.later();
    }

    disconnect() {
      clearTimeout(this.timer);
      this.watcher?.disconnect();
      this.form?.removeEventListener("input", this.later);
      this.form?.removeEventListener("change", this.later);
    }

    // What is written now: a field is one text, a rich text one for each paragraph.
    parts() {
      return [...this.form.querySelectorAll(WORDS)].filter((input) => !input.matches(NOT_OURS) && !isGone(input))
        .flatMap((input) => {
          if (input.draftailEditor) return paragraphsOf(input);
          return input.type === "hidden" ? [] : [{ input, text: input.value, lead: 0 }];
        })
        .filter(({ text }) => text.trim());
    }

    async ask() {
      const parts = this.parts();
      const sent = JSON.stringify({ policy: this.policyValue || (this.form.querySelector(this.fieldsValue)?.value ?? "deidentified"), texts: parts.map(({ text }) => text) });
      if (sent === this.sent) return;
      this.turn += 1;
      const turn = this.turn;
      try {
        const answer = await fetch(this.urlValue, { method: "POST", body: sent, headers: { "Content-Type": "application/json", "X-CSRFToken": this.tokenValue }, cache: "no-store" });
        if (!answer.ok) throw new Error(answer.status);
        const { finds } = await answer.json();
        if (turn !== this.turn) return;
        this.sent = sent;
        this.show(finds.map((find) => ({ ...find, part: parts[find.text] })));
      } catch {
        this.summaryTarget.textContent = this.summaryTarget.dataset.failed;
      }
    }

    show(finds) {
      this.finds = finds;
      const { none, some } = this.summaryTarget.dataset;
      // What stands in linked files is found on the server, when the draft is saved.
      const count = finds.length + this.filesValue;
      this.summaryTarget.textContent = count ? some.replace("{n}", count) : none;
      this.allTarget.hidden = finds.length < 2;
      if (this.counter) { this.counter.textContent = count; this.counter.hidden = !count; }
      this.listTarget.replaceChildren(...finds.map((find) => this.line(find)));
    }

    line(find) {
      const row = this.rowTarget.content.cloneNode(true);
      row.querySelector("b").textContent = find.kind;
      row.querySelector("del").textContent = find.words;
      row.querySelector("ins").textContent = find.suggestion;
      row.querySelector("small").textContent = [labelOf(find.part.input), find.reason].filter(Boolean).join(" · ");
      row.querySelector("[data-act=replace]").addEventListener("click", () => { this.replace(find); this.later(); });
      row.querySelector("[data-act=go]").addEventListener("click", () => this.go(find));
      return row;
    }

    // From the back, so that the places of the others stay right.
    replaceAll() {
      [...this.finds].sort((one, other) => other.text - one.text || other.start - one.start).forEach((find) => this.replace(find));
      this.later();
    }

    replace({ part, start, end, suggestion, words }) {
      const from = unitsOf(part.text, start) + part.lead;
      const until = unitsOf(part.text, end) + part.lead;
      if (part.key) this.replaceRich(part, from, until, suggestion, words);
      else if (part.input.value.slice(from, until) === words) {
        part.input.value = part.input.value.slice(0, from) + suggestion + part.input.value.slice(until);
        part.input.dispatchEvent(new Event("input", { bubbles: true }));
        part.input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }

    replaceRich({ input, key }, from, until, suggestion, words) {
      const editor = input.draftailEditor;
      const { EditorState, Modifier, SelectionState } = window.DraftJS;
      const state = editor.getEditorState();
      const content = state.getCurrentContent();
      if (content.getBlockForKey(key)?.getText().slice(from, until) !== words) return;
      const place = SelectionState.createEmpty(key).merge({ anchorOffset: from, focusOffset: until });
      const style = content.getBlockForKey(key).getInlineStyleAt(from);
      editor.onChange(EditorState.push(state, Modifier.replaceText(content, place, suggestion, style), "insert-characters"));
    }

    go({ part, start, end }) {
      const seen = part.key ? part.input.closest("[data-contentpath]")?.querySelector("[contenteditable]") : part.input;
      if (!seen) return;
      seen.closest("[data-contentpath]")?.scrollIntoView({ block: "center" });
      seen.focus({ preventScroll: true });
      if (!part.key) seen.setSelectionRange(unitsOf(part.text, start), unitsOf(part.text, end));
    }
  });
})();
