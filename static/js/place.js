// The place: asked of the phone once the person has begun, shown as a chip that can be changed, or chosen by hand.

const ASK = { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 };

export class Place {
  constructor(form, say, name = "") {
    Object.assign(this, { form, say, name, box: form.querySelector("[data-place]") });
    this.towns = [...this.box.querySelectorAll("optgroup")];
    this.on("[data-locate]", () => this.locate());
    this.on("[data-choose]", () => this.choose());
    this.on("[data-change]", () => this.change());
    form.elements.district.addEventListener("change", () => this.filterTowns());
    this.filterTowns();
    this.show();
  }

  on(selector, action) {
    this.box.querySelector(selector).addEventListener("click", action);
  }

  get isKnown() {
    return Boolean(this.form.elements.lat.value);
  }

  /** Asks by itself, once, when nothing is known yet. */
  begin() {
    const { district, address } = this.form.elements;
    if (this.isAsked || this.isKnown || district.value || address.value) return;
    this.locate();
  }

  /** Waits for the phone's answer when nothing else says where: who sends at once must not be told that a place is missing. */
  async ready() {
    this.begin();
    const { district, address, entity_name: entity } = this.form.elements;
    if (!this.isKnown && ![district, address, entity].some((field) => field.value.trim())) await this.search;
  }

  locate() {
    this.isAsked = true;
    this.search = this.look();
  }

  async look() {
    this.tell(this.say("locating"));
    try {
      const { coords } = await new Promise((found, failed) => navigator.geolocation.getCurrentPosition(found, failed, ASK));
      await this.found(coords.latitude.toFixed(6), coords.longitude.toFixed(6));
    } catch {
      this.tell(this.say("locationDenied"));
      this.open();
    }
  }

  async found(lat, lng) {
    const answer = await this.nameOf({ lat: Number(lat), lng: Number(lng) });
    if (answer?.isOutside) {
      this.tell(this.say("outside"));
      this.open();
      return;
    }
    this.form.elements.lat.value = lat;
    this.form.elements.lng.value = lng;
    this.name = answer?.name || this.say("located");
    this.tell("");
    this.show();
  }

  /** Returns {name}, {isOutside}, or nothing where the server cannot be asked: the point itself is enough. */
  async nameOf(point) {
    const order = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(point) };
    try {
      const answer = await fetch(`${this.form.dataset.api}place`, order);
      if (answer.status === 422) return { isOutside: true };
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  change() {
    this.form.elements.lat.value = "";
    this.form.elements.lng.value = "";
    this.name = "";
    this.show();
    this.open();
    this.form.elements.district.focus();
  }

  choose() {
    this.open();
    this.form.elements.district.focus();
  }

  open() {
    this.box.querySelector("[data-divisions]").toggleAttribute("data-open", true);
    this.box.querySelector("[data-choose]").setAttribute("aria-expanded", "true");
  }

  show() {
    this.box.querySelector("[data-found]").hidden = !this.isKnown;
    this.box.querySelector("[data-ask]").hidden = this.isKnown;
    this.box.querySelector("[data-found-name]").textContent = this.name || this.say("located");
  }

  tell(text) {
    this.box.querySelector("[data-place-say]").textContent = text;
  }

  /** Leaves only the towns of the chosen district in the list. */
  filterTowns() {
    const { district, town } = this.form.elements;
    const chosen = town.value;
    town.append(...this.towns);
    for (const group of this.towns) if (district.value && group.dataset.district !== district.value) group.remove();
    town.value = chosen;
    if (town.value !== chosen) town.value = "";
  }
}
