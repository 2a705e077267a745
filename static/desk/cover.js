// The box tool: boxes drawn over a picture become numbers in the form; the server covers them.
(() => {
  const { app } = window.wagtail;
  const { Controller } = window.StimulusModule;
  const SIDES = ["left", "top", "right", "bottom"];
  const SMALLEST = 4;

  app.register("as-cover", class extends Controller {
    static targets = ["picture", "canvas", "hint", "row", "undo"];
    static values = { width: Number, height: Number };

    connect() {
      const start = () => this.start();
      if (this.pictureTarget.complete) start();
      else this.pictureTarget.addEventListener("load", start, { once: true });
      this.redraw = () => this.paint();
      this.element.addEventListener("input", this.redraw);
    }

    disconnect() { this.element.removeEventListener("input", this.redraw); }

    start() {
      this.canvasTarget.width = this.pictureTarget.naturalWidth;
      this.canvasTarget.height = this.pictureTarget.naturalHeight;
      this.pictureTarget.hidden = true;
      for (const shown of [this.canvasTarget, this.hintTarget, this.undoTarget]) shown.hidden = false;
      this.paint();
    }

    get scale() { return this.widthValue / this.canvasTarget.width; }

    inputs(row) { return SIDES.map((side) => row.querySelector(`[name$=-${side}]`)); }

    boxes() {
      return this.rowTargets.map((row) => this.inputs(row).map((input) => input.value))
        .filter((values) => values.every((value) => value !== "")).map((values) => values.map(Number));
    }

    place(event) {
      const shown = this.canvasTarget.getBoundingClientRect();
      const clamp = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
      return [
        clamp(((event.clientX - shown.left) / shown.width) * this.widthValue, this.widthValue),
        clamp(((event.clientY - shown.top) / shown.height) * this.heightValue, this.heightValue),
      ];
    }

    begin(event) {
      event.preventDefault();
      this.canvasTarget.setPointerCapture(event.pointerId);
      this.from = this.place(event);
    }

    draw(event) {
      if (!this.from) return;
      this.now = this.between(this.from, this.place(event));
      this.paint();
    }

    end(event) {
      if (!this.from) return;
      const box = this.between(this.from, this.place(event));
      this.from = this.now = null;
      const free = this.rowTargets.find((row) => this.inputs(row).every((input) => input.value === ""));
      if (free && box[2] - box[0] >= SMALLEST && box[3] - box[1] >= SMALLEST) this.inputs(free).forEach((input, at) => { input.value = box[at]; });
      this.paint();
    }

    undo() {
      const last = this.rowTargets.filter((row) => this.inputs(row).some((input) => input.value !== "")).at(-1);
      if (last) this.inputs(last).forEach((input) => { input.value = ""; });
      this.paint();
    }

    between([x, y], [u, v]) { return [Math.min(x, u), Math.min(y, v), Math.max(x, u), Math.max(y, v)]; }

    paint() {
      const pen = this.canvasTarget.getContext("2d");
      pen.drawImage(this.pictureTarget, 0, 0, this.canvasTarget.width, this.canvasTarget.height);
      pen.fillStyle = "rgb(128 128 128)";
      for (const [left, top, right, bottom] of [...this.boxes(), ...(this.now ? [this.now] : [])]) {
        pen.fillRect(left / this.scale, top / this.scale, (right - left) / this.scale, (bottom - top) / this.scale);
      }
    }
  });
})();
