/* Starts a chooser from attributes instead of an inline script: data-as-chooser-make, -id and -options. */
(() => {
  const { app } = window.wagtail;
  const { Controller } = window.StimulusModule;

  app.register("as-chooser", class extends Controller {
    static values = { make: String, id: String, options: Object };

    connect() {
      if (!this.started) this.started = new window[this.makeValue](this.idValue, this.optionsValue);
    }
  });
})();
