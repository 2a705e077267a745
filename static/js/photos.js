// The photos of a tip: chosen, looked at, taken away, replaced; rows with a message when one of them fails.
import { element, icon, megabytes } from "./dom.js";
import { shrinkFrom, smaller } from "./shrink.js";

const SMALL_ENOUGH = 1048576;

export class Photos {
  constructor(form, say, onChange) {
    Object.assign(this, { form, say, onChange, items: [] });
    this.most = Number(form.dataset.most);
    this.maxBytes = Number(form.dataset.photoBytes);
    this.maxTotal = Number(form.dataset.photosBytes);
    this.tiles = form.querySelector("[data-shots]");
    this.rows = element("ul", { class: "shots rows", hidden: "" });
    this.tiles.before(this.rows);
    for (const input of form.querySelectorAll("[data-photos]")) {
      const take = () => { if (input.files.length) this.add([...input.files]); input.value = ""; };
      input.addEventListener("change", take);
      // Chosen before this script had arrived, on a slow line: these photos count as well.
      take();
    }
  }

  /** Takes files in, as far as there is room. */
  async add(files) {
    const room = Math.max(0, this.most - this.items.length);
    const taken = files.slice(0, room).map((file) => ({ file, url: URL.createObjectURL(file), problem: this.problemOf(file) }));
    this.items.push(...taken);
    this.overflow = files.length - taken.length;
    this.draw();
    await this.makeSmaller();
    this.onChange();
  }

  /** Takes over the photos of the page before this one, with what the server said about each. */
  adopt(items) {
    this.items = items;
    for (const item of items) item.problem = item.isRefusedHere ? item.problem : "";
    for (const message of this.form.querySelectorAll("[data-photo-problem]")) {
      const item = items[Number(message.dataset.photoProblem) - 1];
      if (item) item.problem = message.querySelector("[data-text]").textContent;
      message.remove();
    }
    this.draw();
  }

  get faults() {
    const faults = this.items.flatMap(({ problem }, index) => (problem ? [{ anchor: `photo-${index + 1}`, text: `${this.say("photo", { n: index + 1 })} · ${problem}` }] : []));
    return this.total > this.maxTotal ? [...faults, { anchor: "photos", text: this.say("tooHeavy", { mb: megabytes(this.total) }) }] : faults;
  }

  get total() {
    return this.items.reduce((sum, { file }) => sum + file.size, 0);
  }

  /** Puts the photos into the data to be sent, in the order shown. */
  pack(data) {
    data.delete("photos");
    for (const { file } of this.items) data.append("photos", file, "photo");
  }

  problemOf(file) {
    if (!file.size) return this.say("empty");
    if (file.type && !file.type.startsWith("image/")) return this.say("notPhoto");
    return "";
  }

  async makeSmaller() {
    for (const item of this.items) await this.consider(item, shrinkFrom());
    for (const item of this.items) if (this.total > this.maxTotal) await this.consider(item, SMALL_ENOUGH);
    for (const item of this.items) {
      if (item.problem || item.file.size <= this.maxBytes) continue;
      item.problem = this.say("tooLarge", { mb: megabytes(item.file.size) });
      item.isRefusedHere = true;
    }
    this.draw();
  }

  async consider(item, from) {
    if (item.problem || item.isTried === from || item.file.size <= from) return;
    item.isTried = from;
    item.isBusy = true;
    this.draw();
    const file = await smaller(item.file);
    item.isShrunk ||= file !== item.file;
    item.file = file;
    item.isBusy = false;
  }

  remove(item) {
    const index = this.items.indexOf(item);
    URL.revokeObjectURL(item.url);
    this.items.splice(index, 1);
    this.overflow = 0;
    this.draw();
    this.onChange();
    const next = this.form.querySelectorAll("[data-remove]")[Math.min(index, this.items.length - 1)];
    (next ?? this.form.querySelector("[data-photos]")).focus();
  }

  async replace(item, file) {
    if (!file) return;
    URL.revokeObjectURL(item.url);
    Object.assign(item, { file, url: URL.createObjectURL(file), problem: this.problemOf(file), isShrunk: false, isTried: 0 });
    await this.makeSmaller();
    this.onChange();
  }

  draw() {
    const failed = this.items.some(({ problem }) => problem);
    for (const old of this.tiles.querySelectorAll("figure")) old.remove();
    this.rows.replaceChildren();
    this.rows.hidden = !failed;
    this.items.forEach((item, index) => (failed ? this.rows.append(this.row(item, index + 1)) : this.tiles.append(this.figure(item, index + 1))));
    this.tiles.closest("fieldset").classList.toggle("err", failed);
    const line = this.form.querySelector("[data-photos-say]");
    line.textContent = this.summary();
    line.classList.toggle("vh", !(this.overflow > 0));
  }

  summary() {
    if (this.overflow > 0) return this.say("tooMany", { n: this.overflow });
    return this.items.length ? this.say("photosNow", { n: this.items.length }) : "";
  }

  caption(item) {
    if (item.isBusy) return this.say("shrinking");
    return item.isShrunk ? this.say("shrunk", { mb: megabytes(item.file.size) }) : this.say("clean");
  }

  picture(item, number) {
    const image = element("img", { src: item.url, alt: this.say("photo", { n: number }), width: "320", height: "320" });
    image.addEventListener("error", () => this.unshown(item, image), { once: true });
    return image;
  }

  /** A picture this browser cannot show: most know no HEIC; any other kind is no photo. */
  unshown(item, image) {
    if (/hei[cf]/i.test(item.file.type + item.file.name)) {
      image.replaceWith(placeholder());
      return;
    }
    item.problem = this.say("notPhoto");
    item.isRefusedHere = true;
    this.draw();
  }

  figure(item, number) {
    const caption = element("figcaption", {}, icon("check"), this.caption(item));
    return element("figure", { class: "shot" }, this.picture(item, number), caption, this.cross(item, number));
  }

  cross(item, number) {
    const label = this.say("remove", { n: number });
    return element("button", { type: "button", "aria-label": label, "data-remove": "", click: () => this.remove(item) }, icon("x"));
  }

  row(item, number) {
    const title = element("b", {}, this.say("photo", { n: number }));
    if (!item.problem) {
      const good = element("span", { class: "good" }, icon("check"), this.say("ready"));
      return element("li", { class: "shot" }, this.picture(item, number), element("p", {}, title, good), this.cross(item, number));
    }
    const message = element("span", { class: "msg" }, icon("warning"), element("span", {}, item.problem));
    const head = element("p", {}, title, message);
    return element("li", { class: "shot fail", id: `photo-${number}`, tabindex: "-1" }, placeholder(), head, this.ways(item));
  }

  ways(item) {
    const input = element("input", { class: "vh", type: "file", accept: "image/*", change: () => this.replace(item, input.files[0]) });
    const again = element("label", { class: "btn file" }, input, this.say("replace"));
    const leave = element("button", { class: "btn plain", type: "button", "data-remove": "", click: () => this.remove(item) }, this.say("leaveOut"));
    return element("span", { class: "btns" }, again, leave);
  }
}

function placeholder() {
  return element("span", { class: "ph" }, icon("image"));
}
